package dashboard_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

var tokenText = regexp.MustCompile(`<code>(hotfixbot_[\w-]{43})</code>`)

// token makes one on the page.
func (b *browser) token(kind string, repositories ...string) string {
	b.t.Helper()
	got := b.send("/tokens", url.Values{"form": {b.form()}, "kind": {kind}, "name": {"a " + kind + " one for " + strings.Join(repositories, ", ")}, "repository": repositories})
	found := tokenText.FindStringSubmatch(got.body)
	if got.status != http.StatusOK || found == nil {
		b.t.Fatalf("no token: %d %s", got.status, got.body)
	}
	return found[1]
}

func (h *house) api(path, token string) answer {
	return h.browser().get(path, "Authorization", "Bearer "+token)
}

// A machine reads what its token is for, as long as who made it can.
func TestATokenReadsWhatItIsFor(t *testing.T) {
	h := newHouse(t)
	alice := h.as("alice")
	token := alice.token("read", "7")
	got := h.api("/api/v1/boards", token)
	if got.status != http.StatusOK || !strings.Contains(got.body, "acme/shop") || strings.Contains(got.body, "acme/site") {
		t.Errorf("%d %s", got.status, got.body)
	}
	for path, want := range map[string]int{
		"/api/v1/boards/acme/shop": 200, "/api/v1/boards/acme/site": 404, "/api/v1/deliveries": 404, "/": 303, "/tokens": 303, "/hotfixes/7/34": 303, "/live": 401,
	} {
		if got := h.api(path, token); got.status != want {
			t.Errorf("%s: %d, not %d", path, got.status, want)
		}
	}
	if got := h.browser().do(http.MethodPost, "/tokens", url.Values{"kind": {"read"}}, "Authorization", "Bearer "+token); got.status != http.StatusSeeOther {
		t.Errorf("a token makes a token: %d", got.status)
	}
	for _, wrong := range []string{"", token + "x", token[:len(token)-1], "hotfixbot_", hotfix.PassDigest(token)} {
		if got := h.api("/api/v1/boards", wrong); got.status != http.StatusUnauthorized {
			t.Errorf("%q: %d", wrong, got.status)
		}
	}
	h.hub.permit("alice", private, hotfix.NoPermission)
	h.wait(2 * time.Minute)
	if got := h.api("/api/v1/boards", token); got.status != http.StatusOK || strings.Contains(got.body, "acme/shop") {
		t.Errorf("who made it cannot read it: %d %s", got.status, got.body)
	}
}

func TestTokensAreRevoked(t *testing.T) {
	h := newHouse(t)
	alice, bob := h.as("alice"), h.as("bob")
	token := bob.token("read", "7")
	list, err := h.store.Passes(t.Context(), hotfix.Account{})
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	path := "/tokens/" + list[0].ID + "/revoke"
	mallory := h.as("mallory")
	if got := mallory.send(path, url.Values{"form": {mallory.form()}}); got.status != http.StatusNotFound {
		t.Errorf("mallory revokes: %d", got.status)
	}
	if got := bob.send(path, url.Values{"form": {mallory.form()}}); got.status != http.StatusForbidden {
		t.Errorf("a forged form: %d", got.status)
	}
	if strings.Contains(mallory.get("/tokens").body, "a read one") || !strings.Contains(bob.get("/tokens").body, "a read one") {
		t.Error("the lists are wrong")
	}
	if got := h.api("/api/v1/boards", token); got.status != http.StatusOK {
		t.Errorf("before: %d", got.status)
	}
	if got := alice.send(path, url.Values{"form": {alice.form()}}); got.status != http.StatusSeeOther { // an operator
		t.Errorf("alice revokes: %d", got.status)
	}
	if got := h.api("/api/v1/boards", token); got.status != http.StatusUnauthorized {
		t.Errorf("after: %d", got.status)
	}
	if page := bob.get("/tokens"); !strings.Contains(page.body, "revoked") || strings.Contains(page.body, token) {
		t.Error("the list does not say so, or repeats the token")
	}
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(h.dir, "*"))
	for _, file := range files {
		if data, err := os.ReadFile(file); err == nil && strings.Contains(string(data), token) {
			t.Errorf("%s has the token", file)
		}
	}
	if strings.Contains(h.log.String(), token) {
		t.Error("the log has the token")
	}
}

func TestTokensAreForWhatOneCanRead(t *testing.T) {
	h := newHouse(t)
	mallory := h.as("mallory")
	send := func(form url.Values) answer {
		form.Set("form", mallory.form())
		return mallory.send("/tokens", form)
	}
	for name, form := range map[string]url.Values{
		"another's repository": {"kind": {"read"}, "name": {"x"}, "repository": {"7"}},
		"no repository":        {"kind": {"read"}, "name": {"x"}},
		"no such repository":   {"kind": {"read"}, "name": {"x"}, "repository": {"99", "all", "-1"}},
		"no such kind":         {"kind": {"admin"}, "name": {"x"}, "repository": {"8"}},
		"no name":              {"kind": {"read"}, "name": {" "}, "repository": {"8"}},
		"a long name":          {"kind": {"read"}, "name": {strings.Repeat("x", 61)}, "repository": {"8"}},
	} {
		if got := send(form); got.status != http.StatusUnprocessableEntity || tokenText.MatchString(got.body) {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	if got := send(url.Values{"kind": {"read"}, "name": {"<script>"}, "repository": {"7", "8"}}); got.status != http.StatusOK || strings.Contains(got.body, "acme/shop") || strings.Contains(got.body, "<script>") {
		t.Errorf("what is public: %d", got.status)
	}
	twice := url.Values{"kind": {"badge"}, "name": {"twice"}, "repository": {"8"}}
	if first, again := send(twice), send(twice); first.status != http.StatusOK || again.status != http.StatusUnprocessableEntity || tokenText.MatchString(again.body) {
		t.Errorf("the same form twice: %d, then %d", first.status, again.status)
	}
	for i := range 60 {
		send(url.Values{"kind": {"badge"}, "name": {strconv.Itoa(i)}, "repository": {"8"}})
	}
	if list, err := h.store.Passes(t.Context(), hotfix.Account{ID: 3}); err != nil || len(list) != 50 {
		t.Errorf("%d tokens, %v", len(list), err)
	}
}
