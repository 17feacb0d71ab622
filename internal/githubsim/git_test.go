package githubsim

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// gitAs runs the real git against the server with any token, in dir.
func (s *server) gitAs(token, dir string, args ...string) (string, error) {
	s.t.Helper()
	cmd := exec.CommandContext(s.ctx, "git", args...)
	cmd.Dir = dir
	p := &Person{github: s.GitHub, user: &User{Login: "x", Email: "x@localhost", Token: token}}
	cmd.Env = p.gitEnv()
	out, err := output(cmd, args[0])
	return strings.TrimSpace(out), err
}

func TestGitPushRules(t *testing.T) {
	s := newServer(t)
	for name, tc := range map[string]struct {
		token string
		want  string // in what git says; "" = it works
	}{
		"writer":        {token: "bob-token"},
		"triager":       {token: "carol-token", want: "Permission to alice/shop.git denied to carol"},
		"stranger":      {token: "mallory-token", want: "denied to mallory"},
		"wrong token":   {token: "nonsense", want: "could not read Username"},
		"App":           {token: s.mint(nil)},
		"App reading":   {token: s.mint(object{"permissions": object{"contents": "read"}}), want: "Write access to repository not granted"},
		"App elsewhere": {token: s.mint(object{"permissions": object{"issues": "write"}}), want: "Resource not accessible by integration"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			clone, err := s.alice.Clone(s.ctx, shop, dir)
			s.must(err)
			s.must(clone.Write("new.txt", name))
			_, err = clone.Commit(s.ctx, "By "+name)
			s.must(err)
			mark := s.Mark()
			_, err = s.gitAs(tc.token, dir, "push", "-q", "origin", "HEAD:refs/heads/"+strings.ReplaceAll(name, " ", "-"))
			if (err == nil) != (tc.want == "") || err != nil && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("push gave %v, want %q", err, tc.want)
			}
			wrote := false
			for _, r := range s.Requests()[mark:] {
				wrote = wrote || r.Write
			}
			if wrote != (tc.want == "") {
				t.Errorf("the log says that the push wrote: %v", wrote)
			}
		})
	}
}

func TestGitPushEvents(t *testing.T) {
	s := newServer(t)
	clone, err := s.bob.Clone(s.ctx, shop, t.TempDir())
	s.must(err)
	push := func(args ...string) string {
		t.Helper()
		mark := len(s.events)
		_, err := clone.Git(s.ctx, append([]string{"push", "-q", "origin"}, args...)...)
		s.must(err)
		return strings.Join(s.eventNames(mark), " ")
	}
	s.must(clone.Write("a.txt", "1"))
	_, err = clone.Commit(s.ctx, "One")
	s.must(err)
	if got := push("HEAD:refs/heads/topic"); got != "create push check_suite.requested" {
		t.Errorf("a new branch: %s", got)
	}
	_, err = clone.Git(s.ctx, "commit", "-q", "--amend", "-m", "Uno")
	s.must(err)
	if got := push("--force", "HEAD:refs/heads/topic"); got != "push check_suite.requested" || !s.events[len(s.events)-2].Forced {
		t.Errorf("a force-push: %s, %+v", got, s.events[len(s.events)-2])
	}
	_, err = clone.Git(s.ctx, "tag", "-a", "-m", "One", "v1")
	s.must(err)
	if got := push("v1", ":refs/heads/topic"); got != "delete push create push" && got != "create push delete push" {
		t.Errorf("a tag and a deletion: %s", got)
	}
	for _, tag := range []string{"v2", "v3", "v4", "v5"} {
		_, err := clone.Git(s.ctx, "tag", tag)
		s.must(err)
	}
	if got := push("--tags"); got != "" {
		t.Errorf("four tags at once: %s", got)
	}
	if _, err := clone.Git(s.ctx, "push", "origin", ":main"); err == nil || !strings.Contains(err.Error(), "refusing to delete the current branch") {
		t.Errorf("deleting the default branch: %v", err)
	}
	if _, err := clone.Git(s.ctx, "push", "origin", "HEAD:refs/pull/9/head"); err == nil || !strings.Contains(err.Error(), "deny updating a hidden ref") {
		t.Errorf("pushing to refs/pull: %v", err)
	}
}

// TestShallowBackport is what a bot does: it fetches single commits without history and
// blobs, and pushes a commit on top of one that is no tip any more.
func TestShallowBackport(t *testing.T) {
	s := newServer(t)
	old := s.head("main")
	_, err := s.alice.Commit(s.ctx, shop, "main", "Move on", map[string]string{"a.txt": "1"})
	s.must(err)
	dir := t.TempDir()
	token := s.mint(nil)
	git := func(args ...string) string {
		t.Helper()
		out, err := s.gitAs(token, dir, args...)
		s.must(err)
		return out
	}
	git("init", "-q", "--bare", ".")
	git("remote", "add", "origin", s.URL()+"/"+shop) // without .git, as both work
	git("config", "extensions.partialClone", "origin")
	git("fetch", "-q", "--no-tags", "--depth=1", "--filter=blob:none", "origin", old)
	made := git("commit-tree", "-p", old, "-m", "Backport", old+"^{tree}")
	git("-c", "push.negotiate=true", "push", "-q", "--force-with-lease=refs/heads/backport/qa/1:", "origin", made+":refs/heads/backport/qa/1")
	if s.head("backport/qa/1") != made {
		t.Error("the branch is not what was pushed")
	}
	if _, err := s.gitAs(token, dir, "push", "-q", "--force-with-lease=refs/heads/backport/qa/1:", "origin", old+":refs/heads/backport/qa/1"); err == nil {
		t.Error("a lease on nothing moved a branch that exists")
	}
}

func TestPushNeedsWorkflowPermission(t *testing.T) {
	s := newServer(t)
	dir := t.TempDir()
	clone, err := s.bob.Clone(s.ctx, shop, dir)
	s.must(err)
	s.must(clone.Write(".github/workflows/ci.yml", "on: push\n"))
	_, err = clone.Commit(s.ctx, "Add CI")
	s.must(err)
	_, err = s.gitAs(s.mint(nil), dir, "push", "-q", "origin", "HEAD:refs/heads/ci")
	want := "refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("the App's push gave %v", err)
	}
	_, err = clone.Git(s.ctx, "push", "-q", "origin", "HEAD:refs/heads/ci")
	s.must(err)
	// What is there already may be pointed to by anybody.
	_, err = s.gitAs(s.mint(nil), dir, "push", "-q", "origin", "HEAD:refs/heads/ci-too")
	s.must(err)
}

func TestAnonymousGit(t *testing.T) {
	s := newServer(t)
	if _, err := s.gitAs("", t.TempDir(), "clone", "-q", s.URL()+"/alice/shop.git", "."); err != nil {
		t.Errorf("a public repository: %v", err)
	}
	s.must(s.alice.Edit(s.ctx, shop, map[string]any{"private": true}))
	if _, err := s.gitAs("", t.TempDir(), "clone", "-q", s.URL()+"/alice/shop.git", "."); err == nil {
		t.Error("anybody can clone a private repository")
	}
	if _, err := s.gitAs("mallory-token", t.TempDir(), "clone", "-q", s.URL()+"/alice/shop.git", "."); err == nil || !strings.Contains(err.Error(), "not found") {
		t.Errorf("a stranger: %v", err)
	}
	s.must(s.mallory.refusedAt(s, http.StatusNotFound, "/repos/alice/shop"))
}

// refusedAt asks for a path and gives an error unless the answer is the status.
func (p *Person) refusedAt(s *server, status int, path string) error {
	s.t.Helper()
	s.refusedWith(p.Do(s.ctx, http.MethodGet, path, nil, nil), status)
	return nil
}

func TestRename(t *testing.T) {
	s := newServer(t)
	clone, err := s.bob.Clone(s.ctx, shop, t.TempDir())
	s.must(err)
	s.must(s.alice.Edit(s.ctx, shop, map[string]any{"name": "store"}))
	if _, err := os.Stat(filepath.Join(s.dir, "git/alice/store.git/HEAD")); err != nil {
		t.Error(err)
	}
	var repo struct {
		FullName string `json:"full_name"`
	}
	s.must(s.bob.Do(s.ctx, "GET", "/repos/alice/shop", nil, &repo)) // net/http follows the 301
	if repo.FullName != "alice/store" {
		t.Errorf("the old name leads to %q", repo.FullName)
	}
	if _, err := clone.Git(s.ctx, "fetch", "-q"); err != nil {
		t.Errorf("the old remote: %v", err)
	}
}
