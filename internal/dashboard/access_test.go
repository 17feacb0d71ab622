package dashboard_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/dashboard"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// What somebody may not read is answered as what does not exist.
func TestPeopleSeeWhatTheyCanRead(t *testing.T) {
	h := newHouse(t)
	alice, mallory := h.as("alice"), h.as("mallory")
	for _, path := range []string{"/", "/hotfixes", "/api/v1/boards"} {
		if got := alice.get(path); !strings.Contains(got.body, "acme/shop") || !strings.Contains(got.body, "acme/site") {
			t.Errorf("%s hides something from alice", path)
		}
		if got := mallory.get(path); strings.Contains(got.body, "acme/shop") || !strings.Contains(got.body, "acme/site") {
			t.Errorf("%s shows mallory: %s", path, got.body)
		}
	}
	if got := alice.get("/hotfixes/7/34"); got.status != http.StatusOK {
		t.Errorf("alice: %d", got.status)
	}
	hidden, missing := mallory.get("/hotfixes/7/34"), mallory.get("/hotfixes/99/34")
	if hidden.status != http.StatusNotFound || hidden.body != missing.body {
		t.Errorf("mallory sees a difference: %d %s", hidden.status, hidden.body)
	}
}

func TestReadingIsCheckedAgain(t *testing.T) {
	h := newHouse(t)
	bob := h.as("bob")
	for range 5 {
		bob.get("/")
	}
	if h.hub.asked != 1 {
		t.Errorf("GitHub was asked %d times", h.hub.asked)
	}
	h.hub.permit("bob", private, hotfix.NoPermission)
	h.wait(2 * time.Minute)
	if got := bob.get("/hotfixes/7/34"); got.status != http.StatusNotFound {
		t.Errorf("two minutes later: %d", got.status)
	}
	h.hub.away = errAway
	h.wait(2 * time.Minute)
	if got := bob.get("/"); got.status != http.StatusServiceUnavailable || strings.Contains(got.body, "acme") || strings.Contains(got.body, "away") {
		t.Errorf("GitHub is away: %d %s", got.status, got.body)
	}
	h.hub.away = nil
	if got := bob.get("/"); got.status != http.StatusOK {
		t.Errorf("GitHub is back: %d", got.status)
	}
}

func TestDeliveriesAreForOperators(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.as("alice"), h.as("bob")
	if got := alice.get("/deliveries"); got.status != http.StatusOK || !strings.Contains(alice.get("/").body, `href="/deliveries"`) {
		t.Errorf("alice: %d", got.status)
	}
	if got := alice.send("/deliveries/g1/replay", url.Values{"form": {alice.form()}}); got.status != http.StatusSeeOther {
		t.Errorf("alice replays: %d", got.status)
	}
	form := url.Values{"form": {bob.form()}}
	for what, got := range map[string]answer{"the page": bob.get("/deliveries"), "a replay": bob.send("/deliveries/g1/replay", form)} {
		if got.status != http.StatusNotFound || got.body != bob.get("/nothing").body {
			t.Errorf("%s: bob gets %d", what, got.status)
		}
	}
	if strings.Contains(bob.get("/").body, "/deliveries") {
		t.Error("bob's menu names them")
	}
}

// A form is believed only from a page of the same session.
func TestFormsOfOthersAreRefused(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.as("alice"), h.as("bob")
	own := url.Values{"form": {alice.form()}}
	path := "/deliveries/g1/replay"
	for name, got := range map[string]answer{
		"without a token":        alice.send(path, url.Values{}),
		"another's token":        alice.send(path, url.Values{"form": {bob.form()}}),
		"another site":           alice.do(http.MethodPost, path, own, "Sec-Fetch-Site", "cross-site"),
		"a sibling's site":       alice.do(http.MethodPost, path, own, "Sec-Fetch-Site", "same-site"),
		"another origin":         alice.do(http.MethodPost, path, own, "Origin", "https://mallory.example.com"),
		"a token in the address": alice.do(http.MethodPost, path+"?"+own.Encode(), url.Values{}, "Sec-Fetch-Site", "same-origin"),
	} {
		if got.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	// A proxy may tell the bot another host than the browser's.
	if got := alice.do(http.MethodPost, path, own, "Origin", h.url); got.status != http.StatusSeeOther {
		t.Errorf("its own: %d", got.status)
	}
}

// Where people sign in, this machine is nothing special: a proxy may run on it. Only a
// demonstration is open.
func TestThisMachineIsNothingSpecial(t *testing.T) {
	for _, isOpen := range []bool{false, true} {
		h := newHouse(t, func(c *dashboard.Config) {
			c.SignIn.Open, c.SignIn.BaseURL = isOpen, "http://127.0.0.1:8080"
		})
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr, r.Host = "127.0.0.1:5000", "127.0.0.1:8080"
		h.pages.ServeHTTP(w, r)
		if (w.Code == http.StatusOK) != isOpen {
			t.Errorf("open %v: %d", isOpen, w.Code)
		}
		r.Header.Set("X-Forwarded-For", "192.0.2.1")
		w = httptest.NewRecorder()
		h.pages.ServeHTTP(w, r)
		if w.Code != http.StatusSeeOther {
			t.Errorf("open %v, by a proxy: %d", isOpen, w.Code)
		}
		r = httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080/sign-in/github", nil)
		w = httptest.NewRecorder()
		h.pages.ServeHTTP(w, r)
		if cookie := w.Header().Get("Set-Cookie"); !strings.HasPrefix(cookie, "hotfixbot-sign-in=") || strings.Contains(cookie, "Secure") || !strings.Contains(cookie, "HttpOnly; SameSite=Lax") {
			t.Errorf("without TLS: %s", cookie)
		}
	}
}
