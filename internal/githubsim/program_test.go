package githubsim

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/contract"
)

// The program as `hotfixbot sim` runs it: ready line, REST, git by token, webhooks, and a clean
// end.
func TestProgram(t *testing.T) {
	t.Parallel()
	checker := contract.ForTest(t)
	hooks := make(chan string, 20)
	receiver := httptest.NewServer(checker.Receiver(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		hooks <- r.Header.Get("X-GitHub-Event")
	})))
	t.Cleanup(receiver.Close)
	dir := t.TempDir()
	seed := strings.Replace(wholeSeed, "http://127.0.0.1:9/webhooks/github", receiver.URL, 1)
	seed = strings.Replace(seed, "import: origin", "import: "+gitRepo(t), 1)
	if err := os.WriteFile(filepath.Join(dir, "seed.yml"), []byte(seed), 0o600); err != nil {
		t.Fatal(err)
	}
	out, in := io.Pipe()
	p := Program{
		Listen: "127.0.0.1:0", Data: filepath.Join(dir, "data"), Seed: filepath.Join(dir, "seed.yml"), Out: in,
		Grant: Grant{Permissions: map[string]string{"contents": "write", "metadata": "read"}, Events: []string{"push"}},
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.run(ctx, checker.Handler) }()
	var line ready
	if err := json.NewDecoder(out).Decode(&line); err != nil {
		t.Fatal(err)
	}
	if line.InstallationID == 0 || !strings.HasPrefix(line.URL, "http://127.0.0.1:") {
		t.Errorf("ready: %+v", line)
	}
	push(t, line.URL)
	for _, want := range []string{"ping", "installation", "installation", "push"} {
		if got := <-hooks; got != want {
			t.Errorf("got the webhook %s, want %s", got, want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	if err := p.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "an earlier run") {
		t.Errorf("a second run on the same folder: %v", err)
	}
}

// A run that cannot import everything leaves nothing in the way of the next.
func TestHalfASeedIsTakenBack(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := Program{Listen: "127.0.0.1:0", Data: filepath.Join(dir, "data"), Seed: filepath.Join(dir, "seed.yml"), Out: io.Discard}
	seed := "users: [{login: alice}]\nrepositories: [{name: alice/first}, {name: alice/shop, import: later}]\n"
	if err := os.WriteFile(p.Seed, []byte(seed), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := p.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "no such file or directory") {
			t.Errorf("got %v", err)
		}
	}
	if _, err := os.Stat(filepath.Join(p.Data, "git")); !os.IsNotExist(err) {
		t.Errorf("the folder of the repositories: %v", err)
	}
}

// push clones and pushes with a user's token as the password of any name.
func push(t *testing.T, root string) {
	t.Helper()
	url := strings.Replace(root, "http://", "http://anyname:alice-token@", 1) + "/acme/shop.git"
	work := filepath.Join(t.TempDir(), "shop")
	for _, args := range [][]string{
		{"clone", "-q", url, work},
		{"-C", work, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "-q", "--allow-empty", "-m", "Fix"},
		{"-C", work, "push", "-q", "origin", "trunk"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Env = gitEnv()
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v: %s", args, err, text)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, root+"/repos/acme/shop/branches/trunk", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "token alice-token")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if text, _ := io.ReadAll(answer.Body); answer.StatusCode != http.StatusOK || !strings.Contains(string(text), `"message":"Fix"`) {
		t.Errorf("GET branch: %s %s", answer.Status, text)
	}
}

func TestProgramRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	seed := filepath.Join(dir, "seed.yml")
	if err := os.WriteFile(seed, []byte("users: [{login: alice}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, p := range map[string]Program{
		"cannot read the seed": {Listen: "127.0.0.1:0", Data: dir, Seed: filepath.Join(dir, "none.yml")},
		"cannot listen":        {Listen: "127.0.0.1:x", Data: dir, Seed: seed},
	} {
		if err := p.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
