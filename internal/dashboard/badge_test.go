package dashboard_test

import (
	"encoding/xml"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/dashboard"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// said is what a badge says to who cannot see it.
func said(t *testing.T, got answer) string {
	t.Helper()
	if got.status != http.StatusOK || got.header.Get("Content-Type") != "image/svg+xml; charset=utf-8" {
		t.Fatalf("%d %v", got.status, got.header)
	}
	for reader := xml.NewDecoder(strings.NewReader(got.body)); ; {
		if _, err := reader.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("no XML: %v\n%s", err, got.body)
		}
	}
	_, after, _ := strings.Cut(got.body, `aria-label="`)
	label, _, _ := strings.Cut(after, `"`)
	return html.UnescapeString(label)
}

func TestBadgesSayHowItStands(t *testing.T) {
	h := newHouse(t, func(c *dashboard.Config) {
		site := shop()
		site.Repository, site.Name, site.Public = open, "acme/site", true
		site.Hotfixes[0].State = hotfix.StateSolved
		calm := site
		calm.Repository, calm.Name, calm.Hotfixes = 9, "acme/calm", nil
		calm.Environments = []hotfix.EnvironmentState{
			{Environment: hotfix.Environment{Name: "<b>&\"", Branch: "a/b"}},
			{Environment: hotfix.Environment{Name: strings.Repeat("long ", 20), Branch: "gone"}, Absent: true},
		}
		many := site
		many.Repository, many.Name, many.Applications, many.Hotfixes = 10, "acme/many", []string{"shop", "api"}, nil
		many.Environments = []hotfix.EnvironmentState{{Environment: hotfix.Environment{Name: "QA", Branch: "qa"}, Runs: []hotfix.Running{{Application: "api", Version: "2.0.1", Tag: "api-2.0.1"}}}}
		c.Boards = shelf{boards: []hotfix.Board{site, calm, many, shop()}}
	})
	b := h.browser()
	for path, want := range map[string]string{
		"acme/site/Production":      "Production: 1.7.1+, not solved",
		"ACME/Site/main":            "Production: 1.7.1+, not solved",
		"acme/site/qa":              "QA: 1.8.0+",
		"acme/site/Development":     "Development: misses v1.7.1",
		"acme/site/nothing":         "hotfixbot: unknown",
		"acme/calm/a/b":             "<b>&\": no release",
		"acme/calm/gone":            "hotfixbot: unknown",
		"acme/many/QA":              "QA: contained",
		"acme/shop/QA":              "hotfixbot: unknown",
		"acme/nothing/QA":           "hotfixbot: unknown",
		"acme/site%2F..%2Fshop/QA":  "hotfixbot: unknown",
		"..%2Facme/shop/QA":         "hotfixbot: unknown",
		"acme/%3Cscript%3E/%22%3E":  "hotfixbot: unknown",
		"acme/site/..%2F..%2Fother": "hotfixbot: unknown",
	} {
		if got := said(t, b.get("/badge/"+path+".svg")); got != want {
			t.Errorf("%s says %q, not %q", path, got, want)
		}
	}
	if got := said(t, b.get("/badge/acme/many/QA.svg?application=api")); got != "QA: 2.0.1" {
		t.Errorf("of an application: %q", got)
	}
	if got := said(t, b.get("/badge/acme/many/QA.svg?application=other")); got != "hotfixbot: unknown" {
		t.Errorf("of no application: %q", got)
	}
	for _, path := range []string{"/badge/acme/site/QA.png", "/badge/acme/site/QA", "/badge/acme/site/"} {
		if got := b.get(path); got.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	colour := map[string]string{"Production": "#b3261e", "QA": "#17663a", "Development": "#7a4b00", "nothing": "#4d525a"}
	for environment, want := range colour {
		if got := b.get("/badge/acme/site/" + environment + ".svg"); !strings.Contains(got.body, `fill="`+want+`"`) {
			t.Errorf("%s is not %s", environment, want)
		}
	}
}

// What is private is answered as what does not exist, to the last byte of all that is
// answered, whoever is signed in.
func TestBadgesLeakNothing(t *testing.T) {
	h := newHouse(t)
	alice := h.as("alice")
	badge, other, readOnly := alice.token("badge", "7"), alice.token("badge", "8"), alice.token("read", "7")
	unknown := "hotfixbot: unknown"
	same := func(name string, b *browser, query string) {
		hidden, missing := b.get("/badge/acme/shop/QA.svg"+query), b.get("/badge/acme/nothing/QA.svg"+query)
		for _, header := range []http.Header{hidden.header, missing.header} {
			header.Del("Date")
		}
		if said(t, hidden) != unknown || hidden.body != missing.body || len(hidden.header) != len(missing.header) || hidden.header.Get("ETag") != missing.header.Get("ETag") ||
			hidden.header.Get("Cache-Control") != missing.header.Get("Cache-Control") {
			t.Errorf("%s: %v, %v", name, hidden, missing)
		}
	}
	same("a stranger", h.browser(), "")
	same("who may read it", alice, "")
	same("another's token", h.browser(), "?token="+other)
	same("a guess", h.browser(), "?token=hotfixbot_guess")
	unknown = "hotfixbot: token is not for badges"
	same("a token of the API", h.browser(), "?token="+readOnly)
	if got := h.browser().get("/badge/acme/shop/QA.svg", "Authorization", "Bearer "+readOnly); said(t, got) != "hotfixbot: unknown" {
		t.Error("a badge took a bearer token")
	}
	if got := h.api("/api/v1/boards", badge); got.status != http.StatusUnauthorized || !strings.Contains(got.body, "This token is for badges") {
		t.Errorf("the API took a badge's token: %d", got.status)
	}
	path := "/badge/acme/shop/QA.svg?token=" + badge
	got := h.browser().get(path)
	if said(t, got) != "QA: 1.8.0+" || got.header.Get("Cache-Control") != "private, max-age=60" {
		t.Errorf("%s %v", said(t, got), got.header)
	}
	h.hub.permit("alice", private, hotfix.NoPermission)
	h.wait(2 * time.Minute)
	if got := h.browser().get(path); said(t, got) != "hotfixbot: unknown" {
		t.Error("who made the token cannot read it any more")
	}
	if strings.Contains(h.log.String(), badge) {
		t.Error("the log has the token")
	}
}

func TestBadgesAreCached(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	got := b.get("/badge/acme/site/QA.svg")
	if got.header.Get("Cache-Control") != "public, max-age=60" || got.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || got.header.Get("Set-Cookie") != "" {
		t.Errorf("%v", got.header)
	}
	again := b.get("/badge/acme/site/QA.svg", "If-None-Match", "W/"+got.header.Get("ETag"))
	if again.status != http.StatusNotModified || again.body != "" {
		t.Errorf("%d %q", again.status, again.body)
	}
}

// Where nobody can sign in, what is public has its badges for everybody, and this
// machine's browser, which any site can make show one, gets no more.
func TestBadgesWithoutSigningIn(t *testing.T) {
	site := shop()
	site.Name, site.Public = "acme/site", true
	p := pages(t, config(shelf{boards: []hotfix.Board{site, shop()}}))
	for _, remote := range []string{"192.0.2.1:5000", "127.0.0.1:5000"} {
		for path, want := range map[string]string{"/badge/acme/site/QA.svg": "QA: 1.8.0+", "/badge/acme/shop/QA.svg?token=x": "hotfixbot: unknown"} {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil)
			r.RemoteAddr = remote
			p.ServeHTTP(w, r)
			if got := said(t, answer{w.Code, w.Header(), w.Body.String()}); got != want {
				t.Errorf("%s from %s says %q", path, remote, got)
			}
		}
	}
}
