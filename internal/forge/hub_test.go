package forge_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/contract"
	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	shop  = "/repos/acme/shop"
	botID = 41
)

// hub is a server that gives prepared answers in GitHub's shapes, for what a
// well-behaved GitHub never does. A request without an answer fails the test.
type hub struct {
	*httptest.Server
	t        *testing.T
	contract *contract.Checker

	mu       sync.Mutex
	now      time.Time
	answers  map[string]http.HandlerFunc
	requests []request
	minted   int
}

type request struct {
	route, query, auth, body string
	header                   http.Header
}

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newHub(t *testing.T) *hub {
	t.Helper()
	checker, err := contract.New()
	if err != nil {
		t.Fatal(err)
	}
	h := &hub{t: t, contract: checker, now: time.Date(2030, 5, 4, 3, 2, 1, 0, time.UTC), answers: map[string]http.HandlerFunc{}}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	t.Cleanup(h.judgeRequests)
	h.on("GET /app", says(200, `{"id":5,"slug":"hotfixbot"}`))
	h.on("GET /users/hotfixbot[bot]", says(200, `{"id":41,"login":"hotfixbot[bot]","type":"Bot"}`))
	h.on("GET /app/installations", says(200, `[{"id":7,"created_at":"2030-01-01T00:00:00Z"}]`))
	h.on("GET /installation/repositories", says(200, `{"total_count":1,"repositories":[`+repository(100, "shop")+`]}`))
	h.on("GET "+shop, says(200, repository(100, "shop")))
	h.on("GET "+shop+"/pulls", says(200, `[]`))
	h.on("POST /app/installations/7/access_tokens", h.mint)
	return h
}

// judgeRequests holds what was sent to GitHub's descriptions. The prepared answers
// have only the properties that matter to a test, so they are not judged.
func (h *hub) judgeRequests() {
	for _, violation := range h.contract.Violations() {
		if !strings.Contains(violation, ": answer") {
			h.t.Errorf("contract: %s", violation)
		}
	}
}

func repository(id int, name string) string {
	return fmt.Sprintf(`{"id":%d,"name":%q,"owner":{"login":"acme"},"default_branch":"main","has_issues":true,"private":true}`, id, name)
}

// says is an answer; header holds "Name: value" pairs.
func says(status int, body string, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, h := range header {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// inTurn gives the answers one after the other, the last for ever.
func inTurn(answers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		answer := answers[0]
		if len(answers) > 1 {
			answers = answers[1:]
		}
		mu.Unlock()
		answer(w, r)
	}
}

func (h *hub) on(route string, answer http.HandlerFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answers[route] = answer
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	route := r.Method + " " + r.URL.Path
	h.mu.Lock()
	h.requests = append(h.requests, request{route, r.URL.RawQuery, r.Header.Get("Authorization"), string(body), r.Header.Clone()})
	answer := h.answers[route]
	h.mu.Unlock()
	if answer == nil {
		h.t.Errorf("no answer for %s", route)
		w.WriteHeader(http.StatusNotImplemented)
		return
	}
	answer(w, r)
}

func (h *hub) mint(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	h.minted++
	// ghinstallation's own idea of expiry goes by the machine's clock.
	expires := max(h.now.Unix(), time.Now().Unix()) + 3600
	token := fmt.Sprintf("ghs_secret%d", h.minted)
	h.mu.Unlock()
	says(201, fmt.Sprintf(`{"token":%q,"expires_at":%q}`, token, time.Unix(expires, 0).UTC().Format(time.RFC3339)))(w, r)
}

// sent lists the requests of a route.
func (h *hub) sent(route string) []request {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found []request
	for _, r := range h.requests {
		if r.route == route {
			found = append(found, r)
		}
	}
	return found
}

func (h *hub) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *hub) wait(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *hub) app() *forge.App {
	h.t.Helper()
	app, err := forge.New(forge.Config{
		AppID: 5, Key: testKey(), APIURL: h.URL, WebURL: "https://hub.example", Now: h.clock,
		Transport: h.contract.Transport(h.Client().Transport),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return app
}

func (h *hub) repo() *forge.Repo {
	h.t.Helper()
	repo, err := h.app().Repository(h.t.Context(), hotfix.RepositoryID(100))
	if err != nil {
		h.t.Fatal(err)
	}
	return repo
}

// bodyOf is the JSON body of the one request of a route.
func (h *hub) bodyOf(route string) map[string]any {
	h.t.Helper()
	sent := h.sent(route)
	if len(sent) != 1 {
		h.t.Fatalf("%s was sent %d times, want once", route, len(sent))
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(sent[0].body), &body); err != nil {
		h.t.Fatal(err)
	}
	return body
}
