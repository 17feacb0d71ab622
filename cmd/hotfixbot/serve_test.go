package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/internal/gittest"
)

// TestServeDrains stops serve in the middle of a reconcile: what is under way is
// brought to its end before the program ends.
func TestServeDrains(t *testing.T) {
	t.Parallel()
	key := filepath.Join(t.TempDir(), "app.pem")
	reached, goOn := make(chan struct{}), make(chan struct{})
	hub := landedHotfix(t, key, sync.OnceFunc(func() {
		close(reached)
		<-goOn
	}))
	running, terminate := context.WithCancel(t.Context()) // main does so on SIGTERM
	defer terminate()
	logs := newLog(t)
	ended := make(chan int, 1)
	go func() {
		ended <- run(running, []string{
			"serve", "--app-id=7", "--private-key-path=" + key, "--webhook-secret=secret",
			"--github-api-url=" + hub.URL(), "--github-url=" + hub.URL(),
			"--listen=127.0.0.1:0", "--data-dir=" + t.TempDir(),
		}, streams{out: logs, err: logs})
	}()
	select {
	case <-reached:
	case code := <-ended:
		t.Fatalf("serve ended with %d\n%s", code, logs.text())
	}
	terminate()
	close(goOn)
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d", code)
	}
	var opened []struct {
		Title string `json:"title"`
	}
	if err := hub.Person("alice").Do(t.Context(), http.MethodGet, "/repos/acme/shop/pulls", nil, &opened); err != nil {
		t.Fatal(err)
	}
	if len(opened) != 1 || !strings.HasPrefix(opened[0].Title, "Charge once (backport of #1") {
		t.Errorf("backports: %+v\n%s", opened, logs.text())
	}
	if !strings.Contains(logs.text(), `"message":"stopped"`) {
		t.Errorf("serve did not say that it stopped:\n%s", logs.text())
	}
}

// logFile is a log that several goroutines may write at once.
type logFile struct{ *os.File }

func newLog(t *testing.T) logFile {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	return logFile{file}
}

// text is what was written so far.
func (l logFile) text() string {
	data, err := os.ReadFile(l.Name())
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// landedHotfix is a GitHub with a hotfix that the bot has not seen yet. first is
// called before the first change that the bot makes.
func landedHotfix(t *testing.T, key string, first func()) *githubsim.GitHub {
	t.Helper()
	hub, err := githubsim.New(githubsim.Options{Dir: t.TempDir(), Fault: func(r *http.Request, _ []byte) githubsim.Fault {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/labels") {
			first()
		}
		return githubsim.Fault{}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hub.Close)
	server := httptest.NewServer(hub)
	t.Cleanup(server.Close)
	hub.SetURL(server.URL)
	seed := githubsim.Seed{
		App:   &githubsim.SeedApp{ID: 7, Slug: "hotfixbot", PrivateKey: key},
		Users: []githubsim.SeedUser{{Login: "alice", Email: "alice@example.com", Token: "alice-token"}},
		Repositories: []githubsim.SeedRepository{{
			Name: "acme/shop", Import: origin(t), DefaultBranch: "main", Installed: true, Collaborators: map[string]string{"alice": "write"},
		}},
	}
	if _, err := hub.Plant(t.Context(), seed, githubsim.Grant{Permissions: app.Permissions(), Events: app.Events()}); err != nil {
		t.Fatal(err)
	}
	alice := hub.Person("alice")
	number, err := alice.OpenPull(t.Context(), "acme/shop", githubsim.NewPull{Title: "Charge once", Head: "hotfix/once", Base: "main"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := alice.Merge(t.Context(), "acme/shop", number, "squash"); err != nil {
		t.Fatal(err)
	}
	return hub
}

// origin is a repository with production at 1.7.0, a branch for development and
// one with a hotfix.
func origin(t *testing.T) string {
	t.Helper()
	repo := gittest.New(t, t.TempDir(), "origin")
	for _, step := range []struct{ branch, from, file string }{
		{"main", "", "pay.js"}, {"dev", "main", "search.js"}, {"hotfix/once", "main", "once.js"},
	} {
		if step.from != "" {
			repo.Branch(step.branch, step.from)
		}
		repo.Write(step.file, step.branch+"\n")
		repo.Commit("Change " + step.file)
	}
	repo.Git("tag", "-a", "-m", "Release 1.7.0", "v1.7.0", "main")
	return repo.Dir
}

func TestWhereRequestsArePaced(t *testing.T) {
	for _, test := range []struct {
		limits, api string
		want        bool
	}{
		{"auto", "https://api.github.com", true},
		{"auto", "https://api.acme.ghe.com", true},
		{"auto", "https://github.example.com/api/v3", false},
		{"auto", "http://127.0.0.1:9000", false},
		{"on", "https://github.example.com/api/v3", true},
		{"off", "https://api.github.com", false},
	} {
		config := app.Config{APIURL: test.api}
		if err := (settings{RateLimits: test.limits}).readLimits(&config); err != nil || config.Paced != test.want {
			t.Errorf("%s, %s: %v, %v", test.limits, test.api, config.Paced, err)
		}
	}
	if err := (settings{RateLimits: "of"}).readLimits(&app.Config{}); err == nil {
		t.Error("a word that nobody knows is taken")
	}
}
