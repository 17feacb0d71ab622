package githubsim

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const (
	clientSecret = "an App's own"
	callback     = "https://bot.example.com/sign-in/callback"
	verifier     = "a-verifier-that-is-long-enough-to-be-allowed-1"
)

// withSignIn is a server whose App signs people in; late moves its clock.
func withSignIn(t *testing.T) (s *server, late *atomic.Int64) {
	t.Helper()
	late = &atomic.Int64{}
	s = newServer(t, func(o *Options) {
		o.Now = func() time.Time { return present.Add(time.Duration(late.Load())) }
	})
	s.app.ClientSecret, s.app.Callbacks, s.app.ExpireUserTokens = clientSecret, []string{callback}, true
	return s, late
}

// authorize lets somebody press their button, and gives what comes back.
func (s *server) authorize(who *Person, change map[string]string) url.Values {
	s.t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	query := url.Values{
		"client_id": {s.app.ClientID}, "redirect_uri": {callback}, "state": {"a&b"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for k, v := range change {
		query.Set(k, v)
	}
	to, err := who.Authorize(s.ctx, s.URL()+"/login/oauth/authorize?"+query.Encode())
	s.must(err)
	u, err := url.Parse(to)
	s.must(err)
	if !strings.HasPrefix(to, callback+"?") {
		s.t.Fatalf("sent to %s", to)
	}
	return u.Query()
}

// exchange asks for a token with a form.
func (s *server) exchange(change map[string]string) map[string]any {
	s.t.Helper()
	form := url.Values{"client_id": {s.app.ClientID}, "client_secret": {clientSecret}}
	for k, v := range change {
		form.Set(k, v)
	}
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, s.URL()+"/login/oauth/access_token", strings.NewReader(form.Encode()))
	s.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	resp, err := http.DefaultClient.Do(req)
	s.must(err)
	defer resp.Body.Close()
	var out map[string]any
	s.must(json.NewDecoder(resp.Body).Decode(&out))
	return out
}

func TestSignInTakesEachCodeOnce(t *testing.T) {
	s, late := withSignIn(t)
	back := s.authorize(s.bob, nil)
	if back.Get("state") != "a&b" {
		t.Errorf("state %q", back.Get("state"))
	}
	good := map[string]string{"code": back.Get("code"), "redirect_uri": callback, "code_verifier": verifier}
	with := func(key, value string) map[string]string {
		asked := map[string]string{"code": s.authorize(s.bob, nil).Get("code"), "code_verifier": verifier}
		asked[key] = value
		return asked
	}
	for _, tc := range []struct {
		asked map[string]string
		want  string
	}{
		{with("client_secret", "wrong"), "incorrect_client_credentials"},
		{with("code_verifier", ""), "bad_verification_code"},
		{with("redirect_uri", "https://mallory.example.com/"), "redirect_uri_mismatch"},
		{with("grant_type", "password"), "unsupported_grant_type"},
		{with("code", "guessed"), "bad_verification_code"},
	} {
		if got := s.exchange(tc.asked); got["error"] != tc.want {
			t.Errorf("%v: %v", tc.asked, got)
		}
	}
	got := s.exchange(good)
	if token, _ := got["access_token"].(string); !strings.HasPrefix(token, "ghu_") || got["expires_in"] != 28800.0 {
		t.Errorf("%v", got)
	}
	if again := s.exchange(good); again["error"] != "bad_verification_code" {
		t.Errorf("a code works twice: %v", again)
	}
	old := map[string]string{"code": s.authorize(s.bob, nil).Get("code"), "code_verifier": verifier}
	late.Store(int64(11 * time.Minute))
	if got := s.exchange(old); got["error"] != "bad_verification_code" {
		t.Errorf("a code works after ten minutes: %v", got)
	}
}

func TestAuthorizeKnowsItsApps(t *testing.T) {
	s, _ := withSignIn(t)
	if back := s.authorize(s.bob, map[string]string{"redirect_uri": "https://mallory.example.com/"}); back.Get("error") != "redirect_uri_mismatch" || back.Get("code") != "" {
		t.Errorf("another's address: %v", back)
	}
	if back := s.authorize(s.bob, map[string]string{"code_challenge_method": "plain"}); back.Get("error") != "invalid_request" {
		t.Errorf("plain PKCE: %v", back)
	}
	if _, err := s.bob.Authorize(s.ctx, s.URL()+"/login/oauth/authorize?client_id=nobody"); err == nil {
		t.Error("an unknown App was shown")
	}
	if _, err := s.Person("nobody").Authorize(s.ctx, s.URL()+"/login/oauth/authorize?client_id="+s.app.ClientID); err == nil {
		t.Error("an unknown person authorised")
	}
}

func TestUserTokensAreOfBoth(t *testing.T) {
	s, late := withSignIn(t)
	token := func(who *Person) (access, refresh string) {
		got := s.exchange(map[string]string{"code": s.authorize(who, nil).Get("code"), "code_verifier": verifier})
		return got["access_token"].(string), got["refresh_token"].(string)
	}
	s.must(s.alice.Do(s.ctx, http.MethodPatch, "/repos/alice/shop", object{"private": true}, nil))
	bob, refresh := token(s.bob)
	mallory, _ := token(s.mallory)
	list := "/user/installations/" + itoa(s.at.ID) + "/repositories"
	for _, tc := range []struct {
		token, path string
		want        int
	}{
		{bob, "/user", 200},
		{bob, "/repos/alice/shop", 200},
		{bob, "/user/installations", 200},
		{bob, list, 200},
		{mallory, "/user", 200},
		{mallory, "/repos/alice/shop", 404},
		{mallory, list, 404},
		{"bob-token", list, 403},
		{"ghu_guessed", "/user", 401},
	} {
		if got, body := s.as(tc.token, "GET", tc.path, nil); got != tc.want {
			t.Errorf("%s %s: %d %v", tc.token[:5], tc.path, got, body)
		}
	}
	late.Store(int64(userTokenLife))
	if got, _ := s.as(bob, "GET", "/user", nil); got != 401 {
		t.Errorf("the token works after eight hours: %d", got)
	}
	renewed := s.exchange(map[string]string{"grant_type": "refresh_token", "refresh_token": refresh})
	bob = renewed["access_token"].(string)
	if got, _ := s.as(bob, "GET", "/user", nil); got != 200 {
		t.Errorf("the new token: %d", got)
	}
	if again := s.exchange(map[string]string{"grant_type": "refresh_token", "refresh_token": refresh}); again["error"] != "bad_refresh_token" {
		t.Errorf("a refresh token works twice: %v", again)
	}
	s.bob.Revoke()
	if got, _ := s.as(bob, "GET", "/user", nil); got != 401 {
		t.Errorf("a revoked token works: %d", got)
	}
}
