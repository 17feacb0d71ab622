package setup_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/credentials"
	"github.com/hotfixbot/hotfixbot/internal/dashboard"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/setup"
)

// secrets are those of the App that is made; none may be seen anywhere.
var secrets = []string{"s3cret-pem", "s3cret-hook", "s3cret-client"}

var made = hotfix.Registered{
	AppID: 5, Slug: "hotfixbot-acme", Name: "hotfixbot acme", Owner: "acme", URL: "https://github.com/apps/hotfixbot-acme",
	PrivateKey: secrets[0], WebhookSecret: secrets[1], ClientID: "Iv1", ClientSecret: secrets[2],
}

// stage is a set-up whose GitHub, disk and receiver are played.
type stage struct {
	t      *testing.T
	setup  *setup.Setup
	server *httptest.Server
	client *http.Client
	end    chan error
	stop   func()

	mu        sync.Mutex
	codes     []string // that were changed
	converts  []error  // what comes of it, in turn; then nil
	keeps     []error
	kept      credentials.Credentials
	sendings  []hotfix.Sending
	answers   []hotfix.Sending // of a redelivery each; none: nothing is heard of it
	arrives   bool             // a redelivered ping arrives
	lines     []string
	seen      strings.Builder // all pages
	channels  int
	relayed   chan string
	listError error
}

func begin(t *testing.T, change ...func(*setup.Config)) *stage {
	t.Helper()
	manifest, err := os.ReadFile(filepath.Join("..", "..", "app.yml"))
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, end: make(chan error, 1), relayed: make(chan string, 1), sendings: []hotfix.Sending{{ID: 1, Event: "ping", Code: 503}}}
	config := setup.Config{
		Manifest: manifest, GitHub: s, WebURL: "https://github.com", Hook: "/webhooks/github", Local: "http://127.0.0.1:8080",
		Serve: "hotfixbot serve", Assets: dashboard.Assets(), Keep: s.keep, Receiver: s.receiver, Look: time.Millisecond, Patience: 200 * time.Millisecond,
		Channel: func(context.Context) (string, error) {
			s.channels++
			return "https://smee.test/k3v9", nil
		},
		Relay: func(_ context.Context, channel string) { s.relayed <- channel },
		Tell: func(line string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.lines = append(s.lines, line)
		},
	}
	for _, f := range change {
		f(&config)
	}
	if s.setup, err = setup.New(config); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	s.stop = stop
	go func() { s.end <- s.setup.Run(ctx) }()
	s.server = httptest.NewServer(s.setup)
	s.client = s.browser()
	t.Cleanup(func() { stop(); s.server.Close(); s.noSecrets() })
	return s
}

// browser keeps cookies and follows redirects.
func (s *stage) browser() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

func (s *stage) noSecrets() {
	s.mu.Lock()
	defer s.mu.Unlock()
	said := s.seen.String() + strings.Join(s.lines, "\n")
	for _, secret := range secrets {
		if strings.Contains(said, secret) {
			s.t.Errorf("%s is shown", secret)
		}
	}
}

func (s *stage) Convert(_ context.Context, code string) (hotfix.Registered, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes = append(s.codes, code)
	if err := next(&s.converts); err != nil {
		return hotfix.Registered{}, err
	}
	return made, nil
}

// next takes the first of a list; none is the zero value.
func next[T any](list *[]T) (first T) {
	if len(*list) > 0 {
		first, *list = (*list)[0], (*list)[1:]
	}
	return first
}

func (s *stage) Sendings(context.Context, hotfix.Registered, time.Time) ([]hotfix.Sending, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]hotfix.Sending{{ID: 99, Event: "push"}}, s.sendings...), s.listError
}

func (s *stage) Redeliver(ctx context.Context, _ hotfix.Registered, _ int64) error {
	s.mu.Lock()
	answer, arrives := next(&s.answers), s.arrives
	if answer.Code != 0 || answer.Status != "" {
		answer.ID, answer.Event = int64(len(s.sendings)+1), "ping"
		s.sendings = append([]hotfix.Sending{answer}, s.sendings...)
	}
	s.mu.Unlock()
	if arrives {
		_, err := s.setup.Accept(ctx, hotfix.Delivery{Event: "ping"})
		return err
	}
	return nil
}

func (s *stage) keep(c credentials.Credentials) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := next(&s.keeps); err != nil {
		return "", err
	}
	s.kept = c
	return "data/credentials.env", nil
}

// receiver believes everybody who names the secret.
func (s *stage) receiver(secret string, to setup.Acceptor) (http.Handler, error) {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Secret") != secret {
			w.WriteHeader(http.StatusUnauthorized)
		} else if _, err := to.Accept(r.Context(), hotfix.Delivery{Event: r.Header.Get("X-GitHub-Event")}); err != nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}), nil
}

// page is what a browser got in the end.
type page struct {
	status int
	path   string
	body   string
}

func (s *stage) get(path string) page { return s.do(s.client, http.MethodGet, path, nil, nil) }

func (s *stage) post(path string, form url.Values) page {
	return s.do(s.client, http.MethodPost, path, form, nil)
}

func (s *stage) do(client *http.Client, method, path string, form url.Values, header http.Header) page {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), method, s.server.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name := range header {
		req.Header.Set(name, header.Get(name))
	}
	if host := header.Get("Host"); host != "" {
		req.Host = host
	}
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	s.mu.Lock()
	s.seen.Write(body)
	s.mu.Unlock()
	return page{resp.StatusCode, resp.Request.URL.Path, string(body)}
}

// says fails where a page lacks a text.
func (s *stage) says(p page, status int, texts ...string) {
	s.t.Helper()
	if p.status != status {
		s.t.Errorf("%s: status %d, want %d", p.path, p.status, status)
	}
	for _, text := range texts {
		if !strings.Contains(p.body, text) {
			s.t.Errorf("%s lacks %q:\n%s", p.path, text, p.body)
		}
	}
}

// until loads the page until it has a text.
func (s *stage) until(text string) page {
	s.t.Helper()
	for s.t.Context().Err() == nil {
		if p := s.get("/"); strings.Contains(p.body, text) {
			return p
		}
	}
	s.t.Fatalf("the page never said %q", text)
	return page{}
}

var stateIn = regexp.MustCompile(`settings/apps/new\?state=([A-Z2-7]+)`)

// sendOff fills in the form and gives the state that goes to GitHub.
func (s *stage) sendOff(form url.Values) string {
	s.t.Helper()
	p := s.post("/choose", form)
	found := stateIn.FindStringSubmatch(p.body)
	if p.path != "/confirm" || found == nil {
		s.t.Fatalf("%s: %s", p.path, p.body)
	}
	return found[1]
}

var public = url.Values{"reach": {"public"}, "address": {"https://bot.acme.example"}, "organization": {"acme"}, "name": {"hotfixbot acme"}, "operators": {"@alice, bob"}}
