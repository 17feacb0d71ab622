package bench_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/internal/gittest"
)

// secret signs webhooks.
const secret = "It's a Secret to Everybody"

// site is a simulated GitHub in this process. Every second repository has the App.
type site struct {
	github *githubsim.GitHub
	url    string
	key    string // file with the App's private key
	opened chan openedPull
}

// openedPull is a pull request that somebody opened by REST.
type openedPull struct {
	repository string // owner/name
	at         time.Time
}

// watch tells of each pull request that was opened.
func (s *site) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, is := strings.CutSuffix(r.URL.Path, "/pulls")
		answer := &status{ResponseWriter: w}
		next.ServeHTTP(answer, r)
		if is && r.Method == http.MethodPost && answer.code == http.StatusCreated {
			s.opened <- openedPull{strings.TrimPrefix(path, "/repos/"), time.Now()}
		}
	})
}

// status remembers the code of an answer.
type status struct {
	http.ResponseWriter
	code int
}

// WriteHeader writes it.
func (s *status) WriteHeader(code int) {
	s.code = code
	s.ResponseWriter.WriteHeader(code)
}

// Unwrap lets a handler flush.
func (s *status) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func siteRepo(i int) string { return fmt.Sprintf("acme/shop-%d", i) }

// newSite makes one with n repositories: main (tagged v1.7.0), qa and dev.
func newSite(tb testing.TB, n int, webhooks string) *site {
	tb.Helper()
	key, file := privateKey(tb)
	github, err := githubsim.New(githubsim.Options{Dir: tb.TempDir()})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(github.Close)
	s := &site{github: github, key: file, opened: make(chan openedPull, 1000)}
	served := httptest.NewServer(s.watch(queries(github)))
	tb.Cleanup(served.Close)
	github.SetURL(served.URL)
	seed := githubsim.Seed{
		App:   &githubsim.SeedApp{ID: 1, Slug: "hotfixbot", Key: key, WebhookURL: webhooks, WebhookSecret: secret},
		Users: []githubsim.SeedUser{{Login: "alice", Name: "Alice", Email: "alice@example.com", Token: "alice-token"}},
	}
	origin := shop(tb)
	for i := range n {
		seed.Repositories = append(seed.Repositories, githubsim.SeedRepository{
			Name: siteRepo(i), Import: origin, Installed: i%2 == 0, Collaborators: map[string]string{"alice": "admin"},
		})
	}
	if _, err := github.Plant(tb.Context(), seed, githubsim.Grant{Permissions: app.Permissions(), Events: app.Events()}); err != nil {
		tb.Fatal(err)
	}
	github.Take() // of the installation
	s.url = served.URL
	return s
}

func (s *site) alice() *githubsim.Person { return s.github.Person("alice") }

// shop makes the repository that all of a site's begin as.
func shop(tb testing.TB) string {
	tb.Helper()
	r := gittest.New(tb, tb.TempDir(), "shop")
	for i := range 50 {
		r.Write(fmt.Sprintf("cart/item-%d.go", i), fmt.Sprintf("package cart\n\n// item %d\n", i))
	}
	r.Git("add", "-A")
	r.Git("commit", "-qm", "Begin")
	r.Git("tag", "v1.7.0")
	r.Git("branch", "qa")
	r.Git("branch", "dev")
	return r.Dir
}

// privateKey makes the App's key, also as a file.
func privateKey(tb testing.TB) (*rsa.PrivateKey, string) {
	tb.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	file := filepath.Join(tb.TempDir(), "app.pem")
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if err := os.WriteFile(file, text, 0o600); err != nil {
		tb.Fatal(err)
	}
	return key, file
}
