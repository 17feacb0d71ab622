package main

import (
	"bufio"
	"context"
	"html"
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

	"github.com/hotfixbot/hotfixbot/internal/contract"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// TestSetupThenServe goes through hotfixbot setup as a person does, and then has
// hotfixbot serve carry a hotfix with nothing but what setup left in its folder.
func TestSetupThenServe(t *testing.T) {
	t.Parallel()
	proposed := make(chan struct{})
	hub := bareHub(t, sync.OnceFunc(func() { close(proposed) }))
	alice, data, listen := hub.Person("alice"), filepath.Join(t.TempDir(), "data"), unused(t)
	said, out := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		code := run(t.Context(), []string{
			"setup", "--github-url=" + hub.URL(), "--github-api-url=" + hub.URL(), "--organization=acme", "--address=http://" + listen,
			"--listen=" + listen, "--page=127.0.0.1:0", "--data-dir=" + data,
		}, streams{out: out, err: out})
		_ = out.Close()
		ended <- code
	}()
	lines := bufio.NewScanner(said)
	lines.Scan()
	entry, ok := strings.CutPrefix(lines.Text(), "Open ")
	if !ok {
		t.Fatal(lines.Text())
	}
	rest := make(chan string, 1)
	go func() {
		all := ""
		for lines.Scan() {
			all += lines.Text() + "\n"
		}
		rest <- all
	}()
	register(t, hub, entry)
	if err := alice.InstallFrom(t.Context(), hub.URL()+"/apps/hotfixbot-acme/installations/new", "acme", "acme/shop"); err != nil {
		t.Fatal(err)
	}
	if code, text := <-ended, <-rest; code != 0 || !strings.Contains(text, "ready") {
		t.Fatalf("exit code %d\n%s", code, text)
	} else {
		unseen(t, data, text)
	}
	flows(t, hub, proposed, "serve", "--data-dir="+data, "--listen="+listen)
}

var hidden = regexp.MustCompile(`action="([^"]+)">\s*<input type="hidden" name="manifest" value="([^"]+)"`)

// register makes the App with a browser that knows no scripts, up to the end.
func register(t *testing.T, hub *githubsim.GitHub, entry string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := http.Client{Jar: jar}
	read := func(resp *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%d %v\n%s", resp.StatusCode, err, body)
		}
		return string(body)
	}
	root, _, _ := strings.Cut(entry, "/?")
	form := url.Values{"name": {"hotfixbot acme"}, "reach": {"public"}}
	page := read(browser.Get(entry))
	for _, field := range []string{"address", "organization"} { // as the flags said
		form.Set(field, regexp.MustCompile(`name="` + field + `" value="([^"]*)"`).FindStringSubmatch(page)[1])
	}
	found := hidden.FindStringSubmatch(read(browser.PostForm(root+"/choose", form)))
	to, err := hub.Person("alice").RegisterApp(t.Context(), html.UnescapeString(found[1]), html.UnescapeString(found[2]), "")
	if err != nil {
		t.Fatal(err)
	}
	for page = read(browser.Get(to)); !strings.Contains(page, "arrived, with the App"); page = read(browser.Get(root)) {
		if t.Context().Err() != nil {
			t.Fatal(page)
		}
	}
	read(browser.PostForm(root+"/end", nil))
}

// unseen fails where the terminal showed what the files hold, or others may read them.
func unseen(t *testing.T, data, text string) {
	t.Helper()
	files, err := os.ReadDir(data)
	if err != nil || len(files) != 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if info, err := file.Info(); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: %v %v", file.Name(), info.Mode(), err)
		}
		content, err := os.ReadFile(filepath.Join(data, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(content)) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			if strings.HasSuffix(name, "SECRET") && strings.Contains(text, value) || len(line) > 60 && name[0] != '#' && strings.Contains(text, line) {
				t.Errorf("%s is shown", name)
			}
		}
	}
}

// bareHub is a GitHub without an App; its webhooks are delivered. proposed is called
// when an App is about to open a pull request.
func bareHub(t *testing.T, proposed func()) *githubsim.GitHub {
	t.Helper()
	hub, err := githubsim.New(githubsim.Options{Dir: t.TempDir(), Fault: func(r *http.Request, _ []byte) githubsim.Fault {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/pulls") && !strings.HasSuffix(r.Header.Get("Authorization"), "alice-token") {
			proposed()
		}
		return githubsim.Fault{}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hub.Close)
	server := httptest.NewServer(contract.ForTest(t).Handler(hub))
	t.Cleanup(server.Close)
	hub.SetURL(server.URL)
	if _, err := hub.Plant(t.Context(), githubsim.Seed{
		Users: []githubsim.SeedUser{{Login: "alice", Email: "alice@example.com", Token: "alice-token"}},
		Repositories: []githubsim.SeedRepository{{
			Name: "acme/shop", Import: origin(t), DefaultBranch: "main", Collaborators: map[string]string{"alice": "admin"},
		}},
	}, githubsim.Grant{}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	pumped := make(chan struct{})
	go func() { defer close(pumped); hub.Pump(ctx) }()
	t.Cleanup(func() { stop(); <-pumped })
	return hub
}

// flows runs the bot, merges a hotfix and waits for its backport.
func flows(t *testing.T, hub *githubsim.GitHub, proposed <-chan struct{}, args ...string) {
	t.Helper()
	running, terminate := context.WithCancel(t.Context())
	logs, ended := newLog(t), make(chan int, 1)
	go func() { ended <- run(running, args, streams{out: logs, err: logs}) }()
	alice := hub.Person("alice")
	number, err := alice.OpenPull(t.Context(), "acme/shop", githubsim.NewPull{Title: "Charge once", Head: "hotfix/once", Base: "main"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := alice.Merge(t.Context(), "acme/shop", number, "squash"); err != nil {
		t.Fatal(err)
	}
	var opened []struct {
		Title string `json:"title"`
	}
	select {
	case <-proposed:
	case code := <-ended:
		t.Fatalf("serve ended with %d\n%s", code, logs.text())
	}
	for len(opened) == 0 {
		if err := alice.Do(t.Context(), http.MethodGet, "/repos/acme/shop/pulls", nil, &opened); err != nil {
			t.Fatal(err, logs.text())
		}
	}
	if !strings.HasPrefix(opened[0].Title, "Charge once (backport of #1") {
		t.Errorf("opened %+v", opened)
	}
	terminate()
	if code := <-ended; code != 0 {
		t.Errorf("exit code %d\n%s", code, logs.text())
	}
}
