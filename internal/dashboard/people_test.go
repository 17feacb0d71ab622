package dashboard_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/dashboard"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/store"
)

// hub is GitHub as the page sees it: who may read what, and the tokens that it gave.
type hub struct {
	mu      sync.Mutex
	now     func() time.Time
	roles   map[string]map[hotfix.RepositoryID]hotfix.Permission // by login
	codes   map[string][2]string                                 // code → login and challenge
	tokens  map[string]string                                    // access or refresh token → login
	asked   int                                                  // how often it was asked what somebody reads
	away    error                                                // if set, all it answers
	expires time.Duration                                        // 0: tokens never expire
}

var ids = map[string]int64{"alice": 1, "bob": 2, "mallory": 3}

func (h *hub) AuthorizeURL(state, challenge string) string {
	return "https://github.test/login/oauth/authorize?" + url.Values{"state": {state}, "challenge": {challenge}}.Encode()
}

// code lets somebody press their button on the page that the browser was sent to.
func (h *hub) code(login, page string) (code, state string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	u, _ := url.Parse(page)
	code = fmt.Sprintf("code-%d", len(h.codes))
	h.codes[code] = [2]string{login, u.Query().Get("challenge")}
	return code, u.Query().Get("state")
}

func (h *hub) Exchange(_ context.Context, code, verifier string) (hotfix.UserToken, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	given, known := h.codes[code]
	delete(h.codes, code)
	sum := sha256.Sum256([]byte(verifier))
	if !known || base64.RawURLEncoding.EncodeToString(sum[:]) != given[1] {
		return hotfix.UserToken{}, &hotfix.SignedOut{Why: "bad_verification_code"}
	}
	return h.token(given[0]), h.away
}

func (h *hub) token(login string) hotfix.UserToken {
	token := hotfix.UserToken{Access: fmt.Sprintf("ghu_topsecret%d", len(h.tokens))}
	h.tokens[token.Access] = login
	if h.expires > 0 {
		token.Expires, token.Refresh = h.now().Add(h.expires), fmt.Sprintf("ghr_topsecret%d", len(h.tokens))
		h.tokens[token.Refresh] = login
	}
	return token
}

func (h *hub) Refresh(_ context.Context, refresh string) (hotfix.UserToken, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	login, known := h.tokens[refresh]
	if !known {
		return hotfix.UserToken{}, &hotfix.SignedOut{Why: "bad_refresh_token"}
	}
	delete(h.tokens, refresh)
	return h.token(login), h.away
}

func (h *hub) Revoke(_ context.Context, token string) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.tokens, token)
	return h.away
}

// who answers for a token, or signs out.
func (h *hub) who(token string) (string, error) {
	login, known := h.tokens[token]
	if !known {
		return "", &hotfix.SignedOut{Why: "401"}
	}
	return login, h.away
}

func (h *hub) Who(_ context.Context, token string) (hotfix.Account, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	login, err := h.who(token)
	return hotfix.Account{ID: ids[login], Login: login}, err
}

func (h *hub) Readable(_ context.Context, token string) ([]hotfix.Readable, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked++
	login, err := h.who(token)
	var list []hotfix.Readable
	for id, role := range h.roles[login] {
		list = append(list, hotfix.Readable{ID: id, Role: role})
	}
	return list, err
}

func (h *hub) Role(_ context.Context, token string, id hotfix.RepositoryID, _ string) (hotfix.Permission, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	login, err := h.who(token)
	if err == nil && h.roles[login][id] == hotfix.NoPermission && id != open {
		return hotfix.NoPermission, &hotfix.Gone{What: "the repository"}
	}
	return max(h.roles[login][id], hotfix.Read), err
}

func (h *hub) Still(_ context.Context, id hotfix.RepositoryID, who hotfix.Account) (hotfix.Permission, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if ids[who.Login] != who.ID { // somebody else has that login now
		return hotfix.NoPermission, h.away
	}
	return h.roles[who.Login][id], h.away
}

func (h *hub) permit(login string, id hotfix.RepositoryID, role hotfix.Permission) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.roles[login][id] = role
}

// The repositories of a house: one private, one open to everybody.
const (
	private = hotfix.RepositoryID(7)
	open    = hotfix.RepositoryID(8)
)

// house is the page with people: alice maintains the private repository, bob reads
// it, mallory knows nobody.
type house struct {
	t     *testing.T
	hub   *hub
	store *store.Store
	pages *dashboard.Pages
	url   string
	tls   *http.Client
	dir   string
	log   bytes.Buffer
	saved *saved
	mu    sync.Mutex
	later time.Duration
}

// saved are boards that can be saved anew.
type saved struct {
	shelf
	mu     sync.Mutex
	boards []hotfix.Board
	times  int
}

func (s *saved) Mark(context.Context) (hotfix.Mark, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return hotfix.Mark{Boards: fmt.Sprint(s.times), Deliveries: "5"}, nil
}

func (s *saved) Boards(context.Context) ([]hotfix.Board, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.boards), nil
}

// change saves a board of the same repository anew.
func (h *house) change(board hotfix.Board) {
	h.saved.mu.Lock()
	defer h.saved.mu.Unlock()
	h.saved.times++
	for i := range h.saved.boards {
		if h.saved.boards[i].Repository == board.Repository {
			h.saved.boards[i] = board
		}
	}
}

func (h *house) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return now().Add(h.later)
}

// wait lets time pass.
func (h *house) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.later += d
}

func newHouse(t *testing.T, change ...func(*dashboard.Config)) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir()}
	h.hub = &hub{
		now: h.now, codes: map[string][2]string{}, tokens: map[string]string{},
		roles: map[string]map[hotfix.RepositoryID]hotfix.Permission{
			"alice": {private: hotfix.Maintain}, "bob": {private: hotfix.Read}, "mallory": {},
		},
	}
	var err error
	if h.store, err = store.Open(t.Context(), store.Config{DataDir: h.dir, Now: h.now, Log: zerolog.Nop()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.store.Close() })
	site := shop()
	site.Repository, site.Name, site.Public = open, "acme/site", true
	site.Hotfixes = []hotfix.Status{{
		Key: hotfix.Key{Repository: open, Pull: 50}, Title: "Say hello", Author: "bob", MergedAt: merged, Landing: "Production", State: hotfix.StateOpen,
	}}
	c := config(shelf{})
	h.saved = &saved{boards: []hotfix.Board{shop(), site}}
	c.Boards = h.saved
	c.Now, c.Log = h.now, zerolog.New(&h.log)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.pages.ServeHTTP(w, r) }))
	server.StartTLS()
	t.Cleanup(server.Close)
	h.url, h.tls = server.URL, server.Client()
	c.SignIn = &dashboard.SignIn{
		People: h.hub, Sessions: h.store, Actions: h.store, BaseURL: h.url, Secret: []byte("the App's secret"), Operators: []string{"Alice"},
	}
	for _, f := range change {
		f(&c)
	}
	h.pages = pages(t, c)
	return h
}

// browser is somebody's, with its cookies.
type browser struct {
	*house
	client *http.Client
}

func (h *house) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return &browser{h, &http.Client{
		Transport: h.tls.Transport, Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// as is the browser of somebody who has signed in.
func (h *house) as(login string) *browser {
	h.t.Helper()
	b := h.browser()
	if got := b.signIn(login, "/"); got.status != http.StatusSeeOther || got.header.Get("Location") != "/" {
		h.t.Fatalf("%s does not get in: %d %v", login, got.status, got.header)
	}
	return b
}

func (b *browser) signIn(login, to string) answer {
	b.t.Helper()
	begun := b.get("/sign-in/github?" + url.Values{"to": {to}}.Encode())
	code, state := b.hub.code(login, begun.header.Get("Location"))
	return b.get("/sign-in/callback?" + url.Values{"code": {code}, "state": {state}}.Encode())
}

func (b *browser) get(path string, header ...string) answer {
	return b.do(http.MethodGet, path, nil, header...)
}

// send sends a form as the page's own does.
func (b *browser) send(path string, form url.Values) answer {
	return b.do(http.MethodPost, path, form, "Sec-Fetch-Site", "same-origin")
}

func (b *browser) do(method, path string, form url.Values, header ...string) answer {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	response, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

var formField = regexp.MustCompile(`name="form" value="([^"]*)"`)

// form is what the session's forms repeat.
func (b *browser) form() string {
	b.t.Helper()
	found := formField.FindStringSubmatch(b.get("/").body)
	if found == nil {
		b.t.Fatal("no form")
	}
	return found[1]
}

// cookie is one that the browser has.
func (b *browser) cookie(name string) string {
	u, _ := url.Parse(b.url)
	i := slices.IndexFunc(b.client.Jar.Cookies(u), func(c *http.Cookie) bool { return c.Name == name })
	if i < 0 {
		return ""
	}
	return b.client.Jar.Cookies(u)[i].Value
}

var errAway = errors.New("github is away")
