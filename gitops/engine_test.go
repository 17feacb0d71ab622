package gitops

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestVersions(t *testing.T) {
	for answer, fine := range map[string]bool{
		"git version 2.39.0\n": true, "git version 2.39.5 (Apple Git-154)\n": true, "git version 2.51.0.windows.1\n": true,
		"git version 3.0.0\n": true, "git version 2.38.1\n": false, "git version 1.9\n": false, "bash 5\n": false, "": false,
	} {
		if err := newEnough(answer, "git"); (err == nil) != fine {
			t.Errorf("%q: %v", answer, err)
		}
	}
}

func TestNewWithoutGit(t *testing.T) {
	if _, err := New(Settings{Git: "/nonexistent/git", Dir: t.TempDir()}); err == nil || !strings.Contains(err.Error(), "install git") {
		t.Errorf("error %v", err)
	}
	if _, err := New(Settings{}); err == nil {
		t.Error("no folder was needed")
	}
}

// Only what a dead engine left is removed: not what a live one uses, nor what
// other programs put there.
func TestLeftovers(t *testing.T) {
	dir := t.TempDir()
	dead := filepath.Join(dir, folderPattern+"dead", "job-1")
	other := filepath.Join(dir, "other")
	for _, path := range []string{dead, other} {
		if err := os.MkdirAll(path, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	first := newEngine(t, dir)
	second := newEngine(t, dir)
	for path, want := range map[string]bool{dead: false, other: true, first.folder.path: true, second.folder.path: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
	if info, _ := os.Stat(first.folder.path); info.Mode().Perm() != 0o700 {
		t.Errorf("mode %s", info.Mode())
	}
	if err := first.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(first.folder.path); err == nil {
		t.Error("the folder outlives its engine")
	}
}

func TestCloseRemovesJob(t *testing.T) {
	w := newWorld(t)
	j := w.job(t)
	if err := j.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(j.dir); err == nil {
		t.Error("the folder outlives its job")
	}
}

func TestAddresses(t *testing.T) {
	for _, c := range []struct {
		url      string
		insecure bool
		fine     bool
	}{
		{"https://github.com/alice/shop.git", false, true},
		{"http://127.0.0.1:8080/alice/shop.git", true, true},
		{"http://[::1]:8080/alice/shop.git", true, true},
		{"http://localhost/alice/shop.git", true, true},
		{"http://127.0.0.1/alice/shop.git", false, false},
		{"http://example.com/alice/shop.git", true, false},
		{"http://127.0.0.1.example.com/alice/shop.git", true, false},
		{"https://x:ghs_secret@github.com/alice/shop.git", false, false},
		{"ext::sh -c true", true, false},
		{"file:///etc", true, false},
		{"/etc", true, false},
		{"ssh://git@github.com/alice/shop.git", true, false},
		{"--upload-pack=true", true, false},
		{"https://github.com/a\"b\n[core]", false, false},
		{"", false, false},
	} {
		_, err := parseAddress(c.url, c.insecure)
		if (err == nil) != c.fine {
			t.Errorf("%q: %v", c.url, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells the password: %v", err)
		}
	}
}

func TestWhatIsGone(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	w.Commit("base")
	var gone *hotfix.Gone
	if err := w.job(t).Fetch(t.Context(), moduleA); !errors.As(err, &gone) || !strings.Contains(gone.What, moduleA) || gone.Repository {
		t.Errorf("commit: %v", err)
	}
	j, err := w.engine.Open(t.Context(), Remote{URL: w.server.URL + "/absent.git", Token: tokenOf("ghs_secret")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := j.Refs(t.Context()); !errors.As(err, &gone) || !gone.Repository {
		t.Errorf("repository: %v", err)
	}
	gone = nil
	if err := j.Fetch(t.Context(), moduleA); !errors.As(err, &gone) || !gone.Repository {
		t.Errorf("fetch from the repository: %v", err)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

func tokenOf(token string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return token, nil }
}

// A token is asked for each time, and neither errors, files nor logs hold it.
func TestTokens(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	w.Commit("base")
	var log strings.Builder
	e, err := New(Settings{Dir: t.TempDir(), Insecure: true, Log: zerolog.New(&log)})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	tokens := []string{"ghs_wrong", "ghs_secret"}
	j, err := e.Open(t.Context(), Remote{URL: w.server.URL + "/shop.git", Token: func(context.Context) (string, error) {
		next := tokens[0]
		tokens = tokens[1:]
		return next, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	_, refused := j.Refs(t.Context())
	if refused == nil || !strings.Contains(refused.Error(), "token") {
		t.Errorf("a wrong token: %v", refused)
	}
	if refs, err := j.Refs(t.Context()); err != nil || len(refs.Branches) != 1 {
		t.Errorf("a right token: %+v %v", refs, err)
	}
	config, err := os.ReadFile(filepath.Join(j.dir, "config"))
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{refused.Error(), log.String(), string(config)} {
		for _, secret := range []string{"ghs_wrong", "ghs_secret", basic("ghs_wrong"), basic("ghs_secret")} {
			if strings.Contains(text, secret) {
				t.Errorf("a secret in %q", text)
			}
		}
	}
}

// Offline processes get neither the token nor a protocol to use it with.
func TestEnvironment(t *testing.T) {
	t.Setenv("GIT_TRACE", "1")
	t.Setenv("GIT_CONFIG_PARAMETERS", "'core.fsmonitor=evil'")
	w := newWorld(t)
	j := w.job(t)
	offline := strings.Join(j.environment(call{}, ""), "\n")
	for _, absent := range []string{"GIT_TRACE", "PARAMETERS", "always", "extraHeader"} {
		if strings.Contains(offline, absent) {
			t.Errorf("%s in\n%s", absent, offline)
		}
	}
	online := strings.Join(j.environment(call{online: true}, "Basic x"), "\n")
	if !strings.Contains(online, "=http."+w.server.URL+"/.extraHeader\n") || !strings.Contains(online, "=protocol.http.allow\n") {
		t.Errorf("online:\n%s", online)
	}
}

func TestScrub(t *testing.T) {
	text := scrub("fatal: https://x:pass@host/ Authorization: Basic abc= ghs_1 "+basic("ghs_1")+"\x1b[31m\n", "ghs_1")
	for _, secret := range []string{"pass", "abc", "ghs_1", basic("ghs_1"), "\x1b"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q in %q", secret, text)
		}
	}
}

// hanging is a server that never answers; asked tells when somebody waits.
func hanging(t *testing.T) (url string, asked chan struct{}) {
	t.Helper()
	asked = make(chan struct{}, 10)
	done := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(func() { close(done); s.Close() })
	return s.URL + "/shop.git", asked
}

func TestTimeout(t *testing.T) {
	url, _ := hanging(t)
	e, err := New(Settings{Dir: t.TempDir(), Insecure: true, Timeout: 300 * time.Millisecond, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	j, err := e.Open(t.Context(), Remote{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	_, err = j.Refs(t.Context())
	if over := new(Exceeded); !errors.As(err, &over) || over.Resource != Time || errors.As(err, new(*hotfix.Refusal)) {
		t.Errorf("error %v", err)
	}
}

// When the context ends, git and the helpers that it started end.
func TestCancelKillsTheGroup(t *testing.T) {
	url, asked := hanging(t)
	e := newEngine(t, t.TempDir())
	j, err := e.Open(t.Context(), Remote{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-asked
		cancel()
	}()
	if _, err := j.Refs(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if left := groupsIn(t, j.dir); len(left) > 0 {
		t.Errorf("processes %v are left", left)
	}
}

// groupsIn lists the live processes that work for a job.
func groupsIn(t *testing.T, dir string) (left []string) {
	t.Helper()
	paths, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range paths {
		env, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(env), "GIT_DIR="+dir) {
			left = append(left, path)
		}
	}
	return left
}
