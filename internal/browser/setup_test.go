package browser_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/contract"
	"github.com/hotfixbot/hotfixbot/internal/credentials"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/internal/gittest"
	"github.com/hotfixbot/hotfixbot/internal/setup"
)

// beginning is a GitHub without an App, and a set-up that is to make one.
type beginning struct {
	t     *testing.T
	hub   *githubsim.GitHub
	data  string
	hooks string // where webhooks arrive
	page  string // where the page begins
	end   chan error

	mu      sync.Mutex
	unheard bool // webhooks get lost on the way, and credentials are not given out
}

// begin starts a set-up. GitHub is another site than the page, as in life: it has
// another name.
func begin(t *testing.T) *beginning {
	t.Helper()
	b := &beginning{t: t, data: filepath.Join(t.TempDir(), "data"), end: make(chan error, 1)}
	hub, err := githubsim.New(githubsim.Options{Dir: t.TempDir(), Fault: func(r *http.Request, _ []byte) githubsim.Fault {
		if strings.HasSuffix(r.URL.Path, "/conversions") && b.blocked() {
			return githubsim.BadGateway()
		}
		return githubsim.Fault{}
	}})
	if err != nil {
		t.Fatal(err)
	}
	b.hub = hub
	t.Cleanup(hub.Close)
	server := httptest.NewServer(contract.ForTest(t).Handler(hub))
	t.Cleanup(server.Close)
	hub.SetURL(strings.Replace(server.URL, "127.0.0.1", "localhost", 1))
	if _, err := hub.Plant(t.Context(), githubsim.Seed{
		Users: []githubsim.SeedUser{{Login: "alice", Email: "alice@example.com", Token: "alice-token"}},
		Repositories: []githubsim.SeedRepository{{
			Name: "acme/shop", Import: origin(t), DefaultBranch: "main", Collaborators: map[string]string{"alice": "admin"},
		}},
	}, githubsim.Grant{}); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	pumped := make(chan struct{})
	go func() { defer close(pumped); hub.Pump(ctx) }()
	page, hooks := listen(t), listen(t)
	b.hooks = b.road(hooks.Addr().String())
	told := make(chan string, 20)
	go func() {
		b.end <- app.Setup(ctx, app.SetupConfig{
			DataDir: b.data, APIURL: hub.URL(), WebURL: hub.URL(), Serve: "hotfixbot serve", Tell: func(line string) { told <- line },
			Look: 20 * time.Millisecond, Patience: 2 * time.Second, Smee: "http://127.0.0.1:1",
			Choice: setup.Choice{Reach: setup.Public},
		}, page, hooks)
	}()
	b.page, _ = strings.CutPrefix(<-told, "Open ")
	t.Cleanup(func() { stop(); <-pumped })
	if err := os.MkdirAll(b.data, 0o700); err != nil {
		t.Fatal(err)
	}
	return b
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// road is the way that webhooks take to an address; it can be blocked, and gives the
// address where it begins.
func (b *beginning) road(to string) string {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if b.blocked() {
			w.WriteHeader(http.StatusGatewayTimeout)
			return
		}
		r.URL.Scheme, r.URL.Host, r.RequestURI = "http", to, ""
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		_ = answer.Body.Close()
		w.WriteHeader(answer.StatusCode)
	}))
	b.t.Cleanup(proxy.Close)
	return proxy.URL
}

func (b *beginning) blocked() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.unheard
}

func (b *beginning) block(on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.unheard = on
}

// origin is a repository with Production at 1.7.0, Development and a hotfix.
func origin(t *testing.T) string {
	t.Helper()
	repo := gittest.New(t, t.TempDir(), "origin")
	for _, step := range []struct{ branch, from string }{{"main", ""}, {"dev", "main"}, {"hotfix/once", "main"}} {
		if step.from != "" {
			repo.Branch(step.branch, step.from)
		}
		repo.Write(strings.ReplaceAll(step.branch, "/", "-")+".js", step.branch+"\n")
		repo.Commit("Change " + step.branch)
	}
	repo.Git("tag", "-a", "-m", "Release 1.7.0", "v1.7.0", "main")
	return repo.Dir
}

// TestSetup goes from nothing to a hotfix that is carried, by way of everything that
// can be repaired on the way.
func TestSetup(t *testing.T) {
	t.Parallel()
	s, b := begin(t), open(t)
	b.visit(strings.Replace(s.page, "/?key=", "/?key=x", 1))
	b.contains("This browser has not shown the key")
	b.complaints() // the browser notes the answer 403
	inspect(b, "setup-refused")
	b.visit(s.page)
	b.contains("How does GitHub reach this machine?")
	inspect(b, "setup-choose")
	keyboardReaches(b, "Go on")

	b.submit(map[string]string{"address": "http://bot.example.com/bot", "organization": "acme inc"}, ".choice")
	b.contains("Something in the form is not right yet", "Give the address without a path", "This is no organisation's name")
	b.complaints() // 422
	inspect(b, "setup-wrong")
	b.complaints()
	b.do(chromedp.Click(chromedp.CSS("#channel")))
	b.submit(map[string]string{"organization": "acme", "operators": "alice"}, ".choice")
	b.contains("No channel could be made")
	b.complaints()
	b.do(chromedp.Click(chromedp.CSS("#public")))
	b.submit(map[string]string{"address": s.hooks, "organization": "acme", "name": "hotfixbot acme"}, ".choice")
	b.contains("Register the App on GitHub", s.hooks+"/webhooks/github", "Deployments", "The heads of a merge queue")
	inspect(b, "setup-confirm")

	b.submit(nil, ".sends") // to the simulated GitHub
	b.contains("Create GitHub App for acme")
	b.submit(map[string]string{"name": "alice"}, "form")
	b.contains("Name is reserved for the account @alice")
	b.complaints()
	s.block(true)
	b.submit(map[string]string{"name": "hotfixbot acme"}, "form")
	b.contains("Fetch the credentials", "This failed: asking for the credentials of the App: GitHub answered 502.", "the code is good for an hour")
	inspect(b, "setup-unfetched")
	file := filepath.Join(s.data, credentials.File)
	if err := os.Mkdir(file, 0o700); err != nil { // in the way of the file
		t.Fatal(err)
	}
	s.block(false)
	b.submit(nil, ".trouble")
	b.contains("The credentials cannot be written", "is no plain file", "do not end the set-up")
	inspect(b, "setup-unwritten")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	s.block(true)
	b.submit(nil, ".trouble")
	b.until(`document.body.innerText.includes("Have GitHub ping again")`)
	b.contains("GitHub’s ping did not arrive", "GitHub did not get through", "Response: 504.", "Firewall", "TLS", "which only you can read")
	inspect(b, "setup-unheard")

	s.block(false)
	b.submit(nil, ".trouble")
	b.until(`document.querySelector("h1").innerText === "Ready"`)
	if evaluate[bool](b, `document.body.innerText.includes("Have GitHub ping again")`) {
		t.Error("what is over is still said")
	}
	b.contains("with the App’s own signature", "hotfixbot serve")
	inspect(b, "setup-ready")
	b.follow(".left a")
	b.contains("Only these repositories")
	b.do(chromedp.Click(chromedp.CSS(`[value="acme/shop"]`)))
	b.submit(nil, "form")
	b.contains("is installed on acme")
	b.visit(strings.TrimSuffix(strings.SplitN(s.page, "?", 2)[0], "/") + "/")
	b.submit(nil, ".done")
	b.contains("The set-up has ended")
	inspect(b, "setup-end")
	if err := <-s.end; err != nil {
		t.Errorf("the set-up ended with %v", err)
	}
	s.flows()
}

// keyboardReaches goes by the tab key until a button has the focus.
func keyboardReaches(b *tab, button string) {
	b.t.Helper()
	for range 15 {
		b.press("\t")
		if evaluate[string](b, `document.activeElement.textContent.trim()`) == button {
			return
		}
	}
	b.t.Errorf("the tab key does not reach %q", button)
}

// flows runs the bot with nothing but what the set-up left, and merges a hotfix.
func (b *beginning) flows() {
	b.t.Helper()
	kept, err := credentials.Read(b.data)
	if err != nil {
		b.t.Fatal(err)
	}
	key, err := os.ReadFile(kept["PRIVATE_KEY_PATH"])
	if err != nil {
		b.t.Fatal(err)
	}
	id, err := strconv.ParseInt(kept["APP_ID"], 10, 64)
	if err != nil {
		b.t.Fatal(err)
	}
	bot, err := app.New(b.t.Context(), app.Config{
		AppID: id, PrivateKey: key, WebhookSecrets: []string{kept["WEBHOOK_SECRET"]},
		APIURL: kept["GITHUB_API_URL"], WebURL: kept["GITHUB_URL"], DataDir: b.data, Poll: 20 * time.Millisecond, Log: zerolog.Nop(),
	})
	if err != nil {
		b.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- bot.Run(ctx, listen(b.t)) }()
	b.t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, bot.Close()); err != nil {
			b.t.Error(err)
		}
	})
	alice := b.hub.Person("alice")
	number, err := alice.OpenPull(ctx, "acme/shop", githubsim.NewPull{Title: "Charge once", Head: "hotfix/once", Base: "main"})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := alice.Merge(ctx, "acme/shop", number, "squash"); err != nil {
		b.t.Fatal(err)
	}
	for {
		if err := bot.Idle(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
		var opened []struct {
			Title string `json:"title"`
		}
		if err := alice.Do(b.t.Context(), http.MethodGet, "/repos/acme/shop/pulls", nil, &opened); err != nil {
			b.t.Fatal(err)
		}
		if len(opened) == 1 && strings.HasPrefix(opened[0].Title, "Charge once (backport of #") {
			return
		}
	}
}
