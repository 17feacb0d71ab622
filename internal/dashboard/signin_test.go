package dashboard_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/dashboard"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Everything is asked for in the same way, whether or not it exists.
func TestStrangersAreAskedToSignIn(t *testing.T) {
	b := newHouse(t).browser()
	for path, to := range map[string]string{
		"/": "/", "/hotfixes/7/34": "/hotfixes/7/34", "/hotfixes/7/99": "/hotfixes/7/99", "/deliveries?state=failed": "/deliveries?state=failed",
		"/nothing": "/nothing",
	} {
		got := b.get(path)
		if want := "/sign-in?" + (url.Values{"to": {to}}).Encode(); got.status != http.StatusSeeOther || got.header.Get("Location") != want {
			t.Errorf("%s: %d %s", path, got.status, got.header.Get("Location"))
		}
	}
	for _, path := range []string{"/api/v1/boards", "/api/nothing", "/live"} {
		if got := b.get(path); got.status != http.StatusUnauthorized || !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	if got := b.send("/deliveries/g1/replay", url.Values{}); got.status != http.StatusSeeOther {
		t.Errorf("a replay: %d", got.status)
	}
	page := b.get("/sign-in?to=/hotfixes")
	if page.status != http.StatusOK || !strings.Contains(page.body, `href="/sign-in/github?to=%2Fhotfixes"`) || strings.Contains(page.body, "acme") {
		t.Errorf("%d %s", page.status, page.body)
	}
	if got := b.get("/assets/style.css"); got.status != http.StatusOK {
		t.Errorf("the style sheet: %d", got.status)
	}
}

func TestSigningIn(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	got := b.signIn("bob", "/hotfixes?state=open")
	if got.status != http.StatusSeeOther || got.header.Get("Location") != "/hotfixes?state=open" {
		t.Fatalf("%d %v", got.status, got.header)
	}
	cookies := strings.Join(got.header.Values("Set-Cookie"), "\n")
	for _, want := range []string{"__Host-hotfixbot=", "; Path=/; Max-Age=604800; HttpOnly; Secure; SameSite=Lax", "__Host-hotfixbot-sign-in=; Path=/; Max-Age=0"} {
		if !strings.Contains(cookies, want) {
			t.Errorf("no %q in %s", want, cookies)
		}
	}
	page := b.get("/hotfixes")
	if page.status != http.StatusOK || !strings.Contains(page.body, "acme/shop") || !strings.Contains(page.body, ">bob<") {
		t.Errorf("%d %s", page.status, page.body)
	}
	if got := b.get("/sign-in?to=/hotfixes"); got.header.Get("Location") != "/hotfixes" {
		t.Errorf("asked to sign in again: %d %v", got.status, got.header)
	}
}

// A sign-in is one browser's: neither a wrong state nor another's answer counts, and
// no session that was there before becomes that of the person.
func TestASignInIsOneBrowsers(t *testing.T) {
	h := newHouse(t)
	victim, attacker := h.browser(), h.browser()
	begun := victim.get("/sign-in/github")
	code, state := h.hub.code("bob", begun.header.Get("Location"))
	callback := func(code, state string) string {
		return "/sign-in/callback?" + url.Values{"code": {code}, "state": {state}}.Encode()
	}
	for name, got := range map[string]answer{
		"wrong state":       victim.get(callback(code, "guessed")),
		"no state":          victim.get("/sign-in/callback?code=" + code),
		"another's browser": attacker.get(callback(code, state)),
	} {
		if got.status != http.StatusBadRequest || strings.Contains(strings.Join(got.header.Values("Set-Cookie"), ""), "__Host-hotfixbot=") {
			t.Errorf("%s: %d %v", name, got.status, got.header)
		}
	}
	// The attacker's own code in the victim's browser: PKCE tells.
	theirs := attacker.get("/sign-in/github")
	code, _ = h.hub.code("mallory", theirs.header.Get("Location"))
	if got := victim.get(callback(code, state)); got.status != http.StatusBadRequest {
		t.Errorf("another's code: %d", got.status)
	}
	late := victim.get("/sign-in/github")
	code, state = h.hub.code("bob", late.header.Get("Location"))
	h.wait(11 * time.Minute)
	if got := victim.get(callback(code, state)); got.status != http.StatusBadRequest {
		t.Errorf("after eleven minutes: %d", got.status)
	}
	refused := victim.get("/sign-in/github")
	_, state = h.hub.code("bob", refused.header.Get("Location"))
	if got := victim.get("/sign-in/callback?" + url.Values{"error": {"access_denied"}, "state": {state}}.Encode()); got.status != http.StatusForbidden {
		t.Errorf("cancelled: %d", got.status)
	}
	u, _ := url.Parse(h.url)
	victim.client.Jar.SetCookies(u, []*http.Cookie{{Name: "__Host-hotfixbot", Value: "planted", Path: "/", Secure: true}})
	victim.signIn("bob", "/")
	if held := victim.cookie("__Host-hotfixbot"); held == "planted" || held == "" {
		t.Errorf("the session is %q", held)
	}
}

func TestRedirectsStayInside(t *testing.T) {
	h := newHouse(t)
	for _, to := range []string{
		"https://mallory.example.com/", "//mallory.example.com", `/\mallory.example.com`, "/\t/mallory.example.com", "\\\\mallory.example.com",
		"javascript:alert(1)", "mallory", "", "/sign-in", "/sign-in/github", "https:/mallory.example.com", "/%zz",
	} {
		if got := h.browser().signIn("bob", to); got.header.Get("Location") != "/" {
			t.Errorf("%q leads to %q", to, got.header.Get("Location"))
		}
	}
	if got := h.browser().signIn("bob", "/hotfixes/7/34?a=b%20c"); got.header.Get("Location") != "/hotfixes/7/34?a=b%20c" {
		t.Errorf("an address of its own leads to %q", got.header.Get("Location"))
	}
}

// Who uses another name of the host signs in at the one to which GitHub sends people
// back. A proxy that hides the name leads nobody in circles.
func TestSigningInBeginsAtTheBaseURL(t *testing.T) {
	h := newHouse(t)
	ask := func(path string) (int, string) {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Host = "mallory.example.com"
		h.pages.ServeHTTP(w, r)
		return w.Code, w.Header().Get("Location")
	}
	code, to := ask("/sign-in/github?to=/hotfixes")
	if code != http.StatusSeeOther || to != h.url+"/sign-in/github?moved=1&to=%2Fhotfixes" {
		t.Errorf("%d %s", code, to)
	}
	if _, to = ask(strings.TrimPrefix(to, h.url)); !strings.HasPrefix(to, "https://github.test/") {
		t.Errorf("then %s", to)
	}
}

func TestSessionsEnd(t *testing.T) {
	h := newHouse(t)
	for name, end := range map[string]func(*browser){
		"after a week": func(*browser) { h.wait(7 * 24 * time.Hour) },
		"taken back on GitHub": func(*browser) {
			h.hub.mu.Lock()
			clear(h.hub.tokens)
			h.hub.mu.Unlock()
			h.wait(3 * time.Minute)
		},
		"signed out": func(b *browser) {
			held := b.cookie("__Host-hotfixbot")
			if got := b.send("/sign-out", url.Values{"form": {b.form()}}); got.header.Get("Location") != "/sign-in" {
				t.Errorf("%d %v", got.status, got.header)
			}
			if len(h.hub.tokens) != 0 {
				t.Error("the token was not revoked")
			}
			u, _ := url.Parse(h.url) // who copied the cookie
			b.client.Jar.SetCookies(u, []*http.Cookie{{Name: "__Host-hotfixbot", Value: held, Path: "/", Secure: true}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := h.as("bob")
			if got := b.get("/"); got.status != http.StatusOK {
				t.Fatalf("%d", got.status)
			}
			end(b)
			if got := b.get("/"); got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/sign-in?") {
				t.Errorf("%d %v", got.status, got.header)
			}
		})
	}
	if got := h.browser().get("/", "Cookie", "__Host-hotfixbot=guessed"); got.status != http.StatusSeeOther {
		t.Errorf("a guess: %d", got.status)
	}
}

// Sessions outlive the process, expiring tokens are renewed, and another secret opens
// nothing.
func TestSessionsOutliveTheProcess(t *testing.T) {
	h := newHouse(t)
	h.hub.expires = 8 * time.Hour
	b := h.as("bob")
	again := func(secret string) {
		c := config(shelf{boards: []hotfix.Board{shop()}})
		c.Now = h.now
		c.SignIn = &dashboard.SignIn{People: h.hub, Sessions: h.store, Actions: h.store, BaseURL: h.url, Secret: []byte(secret)}
		h.pages = pages(t, c)
	}
	again("the App's secret")
	for range 2 {
		h.wait(9 * time.Hour)
		if got := b.get("/"); got.status != http.StatusOK || !strings.Contains(got.body, "acme/shop") {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	again("another secret")
	if got := b.get("/"); got.status != http.StatusSeeOther {
		t.Errorf("%d", got.status)
	}
}

// What a stranger sends to the callback is a question to GitHub only after it was made sure
// that the sign-in was begun here, and not without end.
func TestGitHubIsNotAskedWithoutEnd(t *testing.T) {
	h := newHouse(t)
	stranger := h.browser()
	for range 100 {
		stranger.get("/sign-in/callback?code=x&state=y")
	}
	answers := map[int]int{}
	for range 61 {
		begun, err := url.Parse(stranger.get("/sign-in/github").header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		answers[stranger.get("/sign-in/callback?"+url.Values{"code": {"x"}, "state": {begun.Query().Get("state")}}.Encode()).status]++
	}
	if answers[http.StatusBadRequest] != 60 || answers[http.StatusTooManyRequests] != 1 {
		t.Errorf("answered %v", answers)
	}
	if got := h.browser().signIn("bob", "/"); got.status != http.StatusTooManyRequests || got.header.Get("Retry-After") != "60" {
		t.Errorf("in the same minute: %d", got.status)
	}
	h.wait(time.Minute)
	h.as("bob")
}

func TestSecretsStayOutOfLogAndDatabase(t *testing.T) {
	h := newHouse(t)
	h.hub.expires = 8 * time.Hour
	b := h.as("bob")
	held := b.cookie("__Host-hotfixbot")
	b.get("/")
	h.hub.away = errAway
	h.wait(3 * time.Minute)
	b.get("/")
	b.send("/sign-out", url.Values{"form": {"wrong"}})
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	b.get("/")
	written := h.log.String()
	files, err := filepath.Glob(filepath.Join(h.dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		written += string(data)
	}
	for _, secret := range []string{held, "topsecret", "the App's secret"} {
		if strings.Contains(written, secret) {
			t.Errorf("%q is written somewhere", secret)
		}
	}
	if !strings.Contains(h.log.String(), "signed in") {
		t.Errorf("the log: %s", h.log.String())
	}
}
