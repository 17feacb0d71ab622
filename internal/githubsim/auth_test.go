package githubsim

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestJWT(t *testing.T) {
	s := newServer(t)
	now := s.now().Unix()
	good := object{"iss": "42", "iat": now - 60, "exp": now + 600}
	with := func(key string, v any) object {
		o := object{}
		for k, x := range good {
			o[k] = x
		}
		o[key] = v
		return o
	}
	for name, tc := range map[string]struct {
		token string
		want  int
	}{
		"good":            {s.jwt(good), 200},
		"number as iss":   {s.jwt(with("iss", 42)), 200},
		"client id":       {s.jwt(with("iss", s.app.ClientID)), 200},
		"ends too late":   {s.jwt(with("exp", now+700)), 401},
		"ended":           {s.jwt(with("exp", now)), 401},
		"from the future": {s.jwt(with("iat", now+120)), 401},
		"no iat":          {s.jwt(object{"iss": 42, "exp": now + 60}), 401},
		"another App":     {s.jwt(with("iss", 43)), 404},
		"wrong signature": {s.jwt(good)[:len(s.jwt(good))-8] + "AAAAAAAA", 401},
		"a user":          {"alice-token", 401},
		"nobody":          {"", 401},
	} {
		t.Run(name, func(t *testing.T) {
			if got, body := s.as(tc.token, "GET", "/app", nil); got != tc.want {
				t.Errorf("got %d %v, want %d", got, body, tc.want)
			}
		})
	}
	if got, _ := s.as(s.goodJWT(), "GET", "/repos/alice/shop", nil); got != 401 {
		t.Errorf("a JWT reads a repository: %d", got)
	}
}

func TestTokensEnd(t *testing.T) {
	var later atomic.Int64
	s := newServer(t, func(o *Options) {
		o.Now = func() time.Time { return present.Add(time.Duration(later.Load())) }
	})
	first, second := s.mint(nil), s.mint(nil)
	if len(first) != 40 || !strings.HasPrefix(second, "ghs_42_") {
		t.Errorf("tokens are %q and %q: want both shapes", first, second)
	}
	for _, token := range []string{first, second} {
		if got, _ := s.as(token, "GET", "/repos/alice/shop", nil); got != 200 {
			t.Errorf("a fresh token: %d", got)
		}
	}
	later.Store(int64(time.Hour))
	if got, body := s.as(first, "GET", "/repos/alice/shop", nil); got != 401 || body["message"] != "Bad credentials" {
		t.Errorf("after an hour: %d %v", got, body)
	}
	third := s.mint(nil)
	if got, _ := s.as(third, "DELETE", "/installation/token", nil); got != 204 {
		t.Errorf("revoking: %d", got)
	}
	if got, _ := s.as(third, "GET", "/repos/alice/shop", nil); got != 401 {
		t.Errorf("a revoked token: %d", got)
	}
}

func TestTokensAreNarrowed(t *testing.T) {
	s := newServer(t)
	issue, err := s.bob.OpenIssue(s.ctx, shop, "One", "")
	s.must(err)
	comment := fmt.Sprintf("/repos/alice/shop/issues/%d/comments", issue)
	reading := s.mint(object{"permissions": object{"issues": "read"}})
	for _, tc := range []struct {
		method, path string
		body         any
		want         int
	}{
		{"GET", "/repos/alice/shop", nil, 200},
		{"GET", comment, nil, 200},
		{"POST", comment, object{"body": "x"}, 403},
		{"GET", "/repos/alice/shop/branches", nil, 403},
		{"GET", "/repos/alice/shop/pulls", nil, 403},
		{"GET", "/user", nil, 403},
		{"GET", "/repos/alice/nothing", nil, 404},
	} {
		if got, body := s.as(reading, tc.method, tc.path, tc.body); got != tc.want {
			t.Errorf("%s %s: got %d %v, want %d", tc.method, tc.path, got, body, tc.want)
		}
	}
	path := fmt.Sprintf("/app/installations/%d/access_tokens", s.at.ID)
	for name, in := range map[string]object{
		"a permission it has not": {"permissions": object{"workflows": "write"}},
		"another repository":      {"repositories": []string{"elsewhere"}},
	} {
		if got, body := s.as(s.goodJWT(), "POST", path, in); got != 422 {
			t.Errorf("%s: %d %v", name, got, body)
		}
	}
	one := s.mint(object{"repositories": []string{"shop"}})
	if got, _ := s.as(one, "POST", comment, object{"body": "x"}); got != 201 {
		t.Errorf("a token for this repository: %d", got)
	}
}

// TestUninstalled: the App sees a public repository as anybody does, and a private one not.
func TestUninstalled(t *testing.T) {
	s := newServer(t)
	_, err := s.mallory.Fork(s.ctx, shop)
	s.must(err)
	token := s.mint(nil)
	if got, _ := s.as(token, "GET", "/repos/mallory/shop/branches", nil); got != 200 {
		t.Errorf("reading a public fork: %d", got)
	}
	if got, _ := s.as(token, "POST", "/repos/mallory/shop/issues", object{"title": "x"}); got != 403 {
		t.Errorf("writing to a public fork: %d", got)
	}
	s.must(s.mallory.Edit(s.ctx, "mallory/shop", map[string]any{"private": true}))
	if got, _ := s.as(token, "GET", "/repos/mallory/shop", nil); got != 404 {
		t.Errorf("a private fork: %d", got)
	}
	if got, _ := s.as(s.goodJWT(), "GET", "/repos/mallory/shop/installation", nil); got != 404 {
		t.Errorf("the installation on it: %d", got)
	}
	if got, _ := s.as(s.goodJWT(), "DELETE", fmt.Sprintf("/app/installations/%d", s.at.ID), nil); got != 204 {
		t.Errorf("uninstalling: %d", got)
	}
	if got, _ := s.as(token, "GET", "/repos/alice/shop", nil); got != 401 {
		t.Errorf("the token of an App that is gone: %d", got)
	}
}

func TestSelection(t *testing.T) {
	s := newServer(t)
	mark := len(s.events)
	path := fmt.Sprintf("/user/installations/%d/repositories/%d", s.at.ID, s.model().ID)
	token := s.mint(nil)
	for _, tc := range []struct {
		who, method, path string
		want              int
	}{
		{alice, "GET", "/user/installations", 200},
		{mallory, "DELETE", path, 404},
		{alice, "DELETE", path, 204},
		{token, "GET", "/installation/repositories", 200},
		{alice, "PUT", path, 204},
	} {
		got, body := s.as(tc.who, tc.method, tc.path, nil)
		if got != tc.want {
			t.Errorf("%s %s: got %d %v, want %d", tc.method, tc.path, got, body, tc.want)
		}
		if tc.who == token && body["total_count"] != 0.0 {
			t.Errorf("the token still reaches %v", body["repositories"])
		}
	}
	if got := strings.Join(s.eventNames(mark), " "); got != "installation_repositories.removed installation_repositories.added" {
		t.Errorf("events are %q", got)
	}
}

func TestRoles(t *testing.T) {
	s := newServer(t)
	n, err := s.mallory.OpenIssue(s.ctx, shop, "One", "")
	s.must(err)
	s.refusedWith(s.mallory.Label(s.ctx, shop, n, "bug"), http.StatusForbidden)
	s.refusedWith(s.mallory.Branch(s.ctx, shop, "x", "main"), http.StatusForbidden)
	s.must(s.carol.Label(s.ctx, shop, n, "bug"))
	s.must(s.carol.CloseIssue(s.ctx, shop, n))
	s.must(s.mallory.EditIssue(s.ctx, shop, n, map[string]any{"title": "One and a half"}))
	s.refusedWith(s.carol.EditIssue(s.ctx, shop, n, map[string]any{"title": "Two"}), http.StatusForbidden)
	s.refusedWith(s.bob.SetPermission(s.ctx, shop, "mallory", "triage"), http.StatusForbidden)
	s.must(s.alice.SetPermission(s.ctx, shop, "mallory", "maintain"))
	var got struct {
		Permission string `json:"permission"`
		RoleName   string `json:"role_name"`
		User       struct {
			Permissions map[string]bool `json:"permissions"`
		} `json:"user"`
	}
	s.must(s.bob.Do(s.ctx, "GET", "/repos/alice/shop/collaborators/mallory/permission", nil, &got))
	if got.Permission != "write" || got.RoleName != "maintain" || !got.User.Permissions["maintain"] || got.User.Permissions["admin"] {
		t.Errorf("the permission is %+v", got)
	}
}
