package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/contract"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/store"
)

// patient is an App on a simulated GitHub, and what the doctor is called with.
type patient struct {
	hub  *githubsim.GitHub
	args []string
}

// newPatient plants the shop and delivers the App's webhooks to a receiver that
// answers with a status.
func newPatient(t *testing.T, grant githubsim.Grant, status int) patient {
	t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	t.Cleanup(receiver.Close)
	hub, err := githubsim.New(githubsim.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(hub.Close)
	server := httptest.NewServer(contract.ForTest(t).Handler(hub))
	t.Cleanup(server.Close)
	hub.SetURL(server.URL)
	key := filepath.Join(t.TempDir(), "app.pem")
	_, err = hub.Plant(t.Context(), githubsim.Seed{
		App: &githubsim.SeedApp{
			ID: 7, Slug: "hotfixbot", PrivateKey: key, WebhookURL: receiver.URL + "/webhooks/github", WebhookSecret: "tide",
			ClientID: "Iv1.7", ClientSecret: "ebb", CallbackURL: "https://bot.example.com/sign-in/callback",
		},
		Users: []githubsim.SeedUser{{Login: "alice", Email: "alice@example.com", Token: "alice-token"}},
		Repositories: []githubsim.SeedRepository{{
			Name: "acme/shop", Import: origin(t), DefaultBranch: "main", Installed: true, Collaborators: map[string]string{"alice": "admin"},
		}},
	}, grant)
	if err != nil {
		t.Fatal(err)
	}
	pumping, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { hub.Pump(pumping); close(ended) }()
	t.Cleanup(func() { stop(); <-ended })
	return patient{hub, []string{
		"doctor", "--app-id=7", "--private-key-path=" + key, "--webhook-secret=tide",
		"--github-api-url=" + server.URL, "--github-url=" + server.URL, "--data-dir=" + t.TempDir(),
		"--listen=127.0.0.1:0",
	}}
}

// ask runs the doctor; the text is all that it says.
func (p patient) ask(t *testing.T, code int, more ...string) string {
	t.Helper()
	var out, complaints bytes.Buffer
	got := run(t.Context(), append(p.args, more...), streams{out: &out, err: &complaints})
	if got != code {
		t.Errorf("exit code %d, want %d:\n%s%s", got, code, out.String(), complaints.String())
	}
	for _, secret := range []string{"tide", "ebb", "PRIVATE KEY", "ghs_"} {
		if strings.Contains(out.String()+complaints.String(), secret) {
			t.Errorf("it tells the secret %q:\n%s", secret, out.String())
		}
	}
	return out.String()
}

func wants(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, line) {
			t.Errorf("it does not say %q:\n%s", line, text)
		}
	}
}

var fullGrant = githubsim.Grant{Permissions: app.Permissions(), Events: app.Events()}

func TestDoctorOfTheHealthy(t *testing.T) {
	t.Parallel()
	p := newPatient(t, fullGrant, http.StatusAccepted)
	text := p.ask(t, 0)
	wants(t, text,
		"ok       credentials: GitHub knows the App as `hotfixbot`",
		"ok       delivery: the newest webhook (`installation`) was sent once more, and arrived",
		"skipped  database: there is none yet", "\nacme/shop\n", "ok       tag `v1.7.1`: nothing forbids",
		"there is no `.github/hotfix.yml`, so it goes by the branches: `Production` is `main`, `Development` is `dev`",
	)
	if strings.Contains(text, "failed") || strings.Contains(text, "\x1b") {
		t.Errorf("it is healthy, and no terminal:\n%s", text)
	}
	var answer struct {
		State    hotfix.FindingState
		Findings []hotfix.Finding
	}
	if err := json.Unmarshal([]byte(p.ask(t, 0, "--json", "--repo=Acme/shop")), &answer); err != nil {
		t.Fatal(err)
	}
	last := answer.Findings[len(answer.Findings)-1]
	if answer.State == hotfix.FindingFailed || last.Repository != "acme/shop" || last.Kind != "sign-off-none" {
		t.Errorf("%+v", answer)
	}
	wants(t, p.ask(t, 1, "--repo=acme/other"), "failed   repository: it cannot be looked at: the App is not installed on it")
	p.ask(t, 2, "--repo=acme")
}

func TestDoctorOfTheSick(t *testing.T) {
	t.Parallel()
	permissions := app.Permissions()
	delete(permissions, "checks")
	p := newPatient(t, githubsim.Grant{Permissions: permissions, Events: []string{"push"}}, http.StatusUnauthorized)
	alice := p.hub.Person("alice")
	for _, rules := range []map[string]any{
		{"name": "releases", "target": "tag", "rules": []map[string]any{{"type": "creation"}}},
		{"name": "pulls", "target": "branch", "rules": []map[string]any{{"type": "update"}}},
	} {
		rules["enforcement"] = "active"
		rules["conditions"] = map[string]any{"ref_name": map[string]any{"include": []string{"~ALL"}, "exclude": []string{}}}
		if err := alice.Do(t.Context(), http.MethodPost, "/repos/acme/shop/rulesets", rules, nil); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, p.ask(t, 1, "--signing-key-path=/nonexistent/key"),
		"failed   signing key: it cannot be used: SIGNING_KEY_PATH",
		"failed   permissions of the App: the App does not ask for `checks: write` → add them at `http",
		"failed   events of the App: the App does not subscribe to `check_run`, `check_suite`",
		"failed   installation on `acme`: it does not have `checks: write` → a person must accept the new permissions at `http",
		"webhooks do not arrive: ", "401",
		"failed   delivery: the newest webhook (`installation`) was sent once more, and did not arrive: `401 ",
		"failed   tag `v1.7.1`: `creation` of the ruleset `releases` does not let the bot make",
		"warning  branches of the bot: `update` of the ruleset `pulls` does not let the bot make a backport anew",
	)
}

// TestDoctorWithout: what is missing keeps nothing else from being looked at.
func TestDoctorWithout(t *testing.T) {
	t.Parallel()
	p := newPatient(t, fullGrant, http.StatusAccepted)
	wants(t, p.ask(t, 1, "--private-key-path=", "--webhook-secret="),
		"failed   settings: PRIVATE_KEY_PATH is not set", "failed   settings: WEBHOOK_SECRET is not set",
		"ok       git: ", "ok       clock: ", "skipped  repositories: ",
	)
	wants(t, p.ask(t, 1, "--app-id=8"),
		"failed   credentials: GitHub knows no App with this id", "skipped  webhook: it cannot be asked before",
	)
	wants(t, p.ask(t, 1, "--github-api-url=nonsense"),
		"failed   settings: GITHUB_API_URL is", "failed   clock: it cannot be told: it is not known where GitHub is",
	)
}

// TestDoctorOfSettings: what serve does not start with fails here, each thing by itself.
func TestDoctorOfSettings(t *testing.T) {
	t.Parallel()
	p := newPatient(t, fullGrant, http.StatusAccepted)
	wants(t, p.ask(t, 1, "--log-level=loud", "--sweep-interval=0", "--rate-limits=of", "--base-url=https://bot.example.com", "--listen=here"),
		"failed   settings: LOG_LEVEL is", "failed   settings: SWEEP_INTERVAL is", "failed   settings: RATE_LIMITS is",
		"failed   settings: BASE_URL is set, but CLIENT_ID is not", "failed   address: `hotfixbot serve` cannot listen at `here`",
		"skipped  signing in: CLIENT_ID is not set",
	)
	signIn := []string{"--client-id=Iv1.7", "--client-secret=ebb", "--base-url=https://bot.example.com"}
	wants(t, p.ask(t, 0, signIn...),
		"ok       settings: ", "ok       signing in: GitHub knows CLIENT_ID and CLIENT_SECRET; it must send people back to `https://bot.example.com/sign-in/callback`",
		"warning  operators: people can sign in, but nobody sees",
	)
	wants(t, p.ask(t, 1, append(signIn, "--client-secret=flow", "--operators=alice,acme,alcie")...),
		"failed   signing in: nobody can sign in: GitHub signs nobody in: incorrect_client_credentials", "ok       operators: `alice` may see", "warning  operators: GitHub knows no person called `acme`, `alcie`",
	)
	wants(t, p.ask(t, 1, append(signIn, "--client-id=Iv1.8")...), "failed   signing in: CLIENT_ID is not that of this App, which is `Iv1.7`")
	other := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	wants(t, p.ask(t, 1, "--listen="+other.Listener.Addr().String()), "failed   address: ", "is taken, and no `hotfixbot serve` that is ready answers there: 404")
}

// TestDoctorBeside runs while the database is open elsewhere.
func TestDoctorBeside(t *testing.T) {
	t.Parallel()
	p := newPatient(t, fullGrant, http.StatusAccepted)
	data := t.TempDir()
	serving, err := store.Open(t.Context(), store.Config{DataDir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer serving.Close()
	wants(t, p.ask(t, 0, "--data-dir="+data), "ok       database: it opens, has this version's tables, and can be written")
}
