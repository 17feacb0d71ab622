package main

import (
	"bufio"
	"context"
	"encoding/json"
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
	entry, ended := settingUp(t, hub, "--address=http://"+listen, "--listen="+listen, "--data-dir="+data)
	register(t, hub, entry, "public")
	if err := alice.InstallFrom(t.Context(), hub.URL()+"/apps/hotfixbot-acme/installations/new", "acme", "acme/shop"); err != nil {
		t.Fatal(err)
	}
	unseen(t, data, ended())
	flows(t, hub, proposed, "serve", "--data-dir="+data, "--listen="+listen)
}

// TestSetupByChannel has GitHub send to a channel, as for a machine that it cannot
// reach.
func TestSetupByChannel(t *testing.T) {
	t.Parallel()
	hub, data := bareHub(t, func() {}), t.TempDir()
	entry, ended := settingUp(t, hub, "--channel", "--smee="+smee(t), "--listen=127.0.0.1:0", "--data-dir="+data)
	register(t, hub, entry, "channel")
	unseen(t, data, ended())
	kept, err := os.ReadFile(filepath.Join(data, "credentials.env"))
	if err != nil || !strings.Contains(string(kept), "BASE_URL=http://127.0.0.1:") || !strings.Contains(string(kept), "\nOPERATORS=alice\n") {
		t.Errorf("%s %v", kept, err)
	}
}

// smee is a server of channels: what is posted to one goes to who listens to it.
func smee(t *testing.T) string {
	t.Helper()
	posted := make(chan string, 10)
	mux := http.NewServeMux()
	mux.Handle("GET /new", http.RedirectHandler("/k3v9Qx7b", http.StatusTemporaryRedirect))
	mux.HandleFunc("POST /k3v9Qx7b", func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		parts := map[string]any{"body": json.RawMessage(body)}
		for name := range r.Header {
			parts[strings.ToLower(name)] = r.Header.Get(name)
		}
		event, _ := json.Marshal(parts)
		posted <- string(event)
	})
	mux.HandleFunc("GET /k3v9Qx7b", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for {
			_ = http.NewResponseController(w).Flush()
			select {
			case event := <-posted:
				_, _ = io.WriteString(w, "data: "+event+"\n\n")
			case <-r.Context().Done():
				return
			}
		}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	t.Cleanup(server.CloseClientConnections)
	return server.URL
}

// settingUp runs hotfixbot setup for acme and gives the address to open; ended waits
// for its good end and gives what the terminal showed after that address.
func settingUp(t *testing.T, hub *githubsim.GitHub, more ...string) (entry string, ended func() string) {
	t.Helper()
	said, out := io.Pipe()
	codes, rest := make(chan int, 1), make(chan string, 1)
	go func() {
		args := []string{"setup", "--github-url=" + hub.URL(), "--github-api-url=" + hub.URL(), "--organization=acme", "--operators=alice", "--page=127.0.0.1:0"}
		codes <- run(t.Context(), append(args, more...), streams{out: out, err: out})
		_ = out.Close()
	}()
	lines := bufio.NewScanner(said)
	lines.Scan()
	entry, ok := strings.CutPrefix(lines.Text(), "Open ")
	if !ok {
		t.Fatal(lines.Text())
	}
	go func() {
		all := ""
		for lines.Scan() {
			all += lines.Text() + "\n"
		}
		rest <- all
	}()
	return entry, func() string {
		t.Helper()
		code, text := <-codes, <-rest
		if code != 0 || !strings.Contains(text, "ready") {
			t.Fatalf("exit code %d\n%s", code, text)
		}
		return text
	}
}

var hidden = regexp.MustCompile(`action="([^"]+)">\s*<input type="hidden" name="manifest" value="([^"]+)"`)

// register makes the App with a browser that knows no scripts, up to the end.
func register(t *testing.T, hub *githubsim.GitHub, entry, reach string) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := scriptless{t, http.Client{Jar: jar}}
	root, _, _ := strings.Cut(entry, "/?")
	form := url.Values{"name": {"hotfixbot acme"}, "reach": {reach}}
	page := browser.get(entry)
	for _, field := range []string{"address", "organization", "operators"} { // as the flags said
		form.Set(field, regexp.MustCompile(`name="` + field + `" value="([^"]*)"`).FindStringSubmatch(page)[1])
	}
	found := hidden.FindStringSubmatch(browser.post(root+"/choose", form))
	to, err := hub.Person("alice").RegisterApp(t.Context(), html.UnescapeString(found[1]), html.UnescapeString(found[2]), "")
	if err != nil {
		t.Fatal(err)
	}
	for page = browser.get(to); !strings.Contains(page, "arrived, with the App"); page = browser.get(root) {
		if t.Context().Err() != nil {
			t.Fatal(page)
		}
	}
	browser.post(root+"/end", nil)
}

// scriptless is a browser that knows no scripts.
type scriptless struct {
	t      *testing.T
	client http.Client
}

func (b scriptless) get(address string) string {
	b.t.Helper()
	return b.do(http.MethodGet, address, nil)
}

func (b scriptless) post(address string, form url.Values) string {
	b.t.Helper()
	return b.do(http.MethodPost, address, form)
}

// do gives the page where a request ends.
func (b scriptless) do(method, address string, form url.Values) string {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.t.Fatalf("%d %v\n%s", resp.StatusCode, err, body)
	}
	return string(body)
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

func TestCommandToServe(t *testing.T) {
	for want, c := range map[string]setupCommand{
		"hotfixbot serve": {DataDir: "data", Listen: ":8080"},
		"hotfixbot serve --data-dir /srv/bot --listen 127.0.0.1:9000": {DataDir: "/srv/bot", Listen: "127.0.0.1:9000"},
		"hotfixbot serve --data-dir 'the bot'\\''s'":                  {DataDir: "the bot's", Listen: ":8080"},
	} {
		if got := c.serve(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
