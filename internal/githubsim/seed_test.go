package githubsim

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// gitRepo makes a local repository with two branches and two tags, as a person has it.
func gitRepo(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, args := range [][]string{
		{"init", "-q", "-b", "trunk"}, {"commit", "-q", "--allow-empty", "-m", "Begin"}, {"tag", "v1.0.0"},
		{"branch", "release/1.x"}, {"commit", "-q", "--allow-empty", "-m", "Go on"}, {"tag", "-a", "v1.1.0", "-m", "Two"},
		{"update-ref", "refs/notes/private", "HEAD"}, {"update-ref", "refs/remotes/origin/other", "HEAD"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(gitEnv(), "GIT_AUTHOR_NAME=A", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=A", "GIT_COMMITTER_EMAIL=a@example.com")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v: %s", args, err, out)
		}
	}
	return dir
}

const wholeSeed = `
app:
  id: 7
  slug: hotfixbot
  private_key: keys/app.pem
  webhook_url: http://127.0.0.1:9/webhooks/github
  webhook_secret: s3cret
users:
  - {login: alice, name: Alice, email: alice@example.com, token: alice-token}
  - {login: bob, token: bob-token}
  - {login: "renovate[bot]", token: r-token, bot: true}
repositories:
  - name: acme/shop
    import: origin
    collaborators: {alice: maintain, bob: triage}
    installed: true
    labels: [hotfix, {name: backport, color: FBCA04, description: from a hotfix}]
    settings: {allow_merge_commit: false, allow_auto_merge: true, squash_merge_commit_title: PR_TITLE}
  - {name: alice/empty, default_branch: develop, private: true, installed: true}
limits: {points_per_minute: 900, content_per_minute: 80}
`

func plant(t *testing.T, text string) (*GitHub, Planted) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Symlink(gitRepo(t), filepath.Join(dir, "origin")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "seed.yml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := ReadSeed(file)
	if err != nil {
		t.Fatal(err)
	}
	g, err := New(Options{Dir: filepath.Join(dir, "data")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.Close)
	planted, err := g.Plant(t.Context(), s, Grant{Permissions: map[string]string{"contents": "write", "metadata": "read"}, Events: []string{"push"}})
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "keys", "app.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key was written as %v, %v", info, err)
	}
	return g, planted
}

func TestPlant(t *testing.T) {
	t.Parallel()
	g, planted := plant(t, wholeSeed)
	r, _ := g.findRepo("acme", "shop")
	if r.Owner.Type != TypeOrganization || r.DefaultBranch != "trunk" || r.Private {
		t.Errorf("the imported repository is %+v of %+v", r, r.Owner)
	}
	refs, err := r.git.refs(context.Background(), "refs/")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, x := range refs {
		names = append(names, x.Name+" "+x.Type)
	}
	const want = "refs/heads/release/1.x commit,refs/heads/trunk commit,refs/tags/v1.0.0 commit,refs/tags/v1.1.0 tag"
	if got := strings.Join(names, ","); got != want {
		t.Errorf("refs %s", got)
	}
	if r.role(g.user("alice")) != RoleMaintain || r.role(g.user("Bob")) != RoleTriage || g.user("renovate[bot]").Type != TypeBot {
		t.Error("roles or accounts are wrong")
	}
	if len(r.Labels) != 2 || r.Labels[0].Color != "ededed" || r.Labels[1].Color != "fbca04" {
		t.Errorf("labels %+v", r.Labels)
	}
	if s := r.Settings; s.AllowMergeCommit || !s.AllowSquashMerge || !s.AllowAutoMerge || s.SquashTitle != "PR_TITLE" {
		t.Errorf("settings %+v", s)
	}
	if g.limits != (Limits{PointsPerMinute: 900, ContentPerMinute: 80}) {
		t.Errorf("limits %+v", g.limits)
	}
	empty, _ := g.findRepo("alice", "empty")
	if empty.DefaultBranch != "develop" || !empty.Private || empty.Owner.Type != TypeUser {
		t.Errorf("the empty repository is %+v", empty)
	}
	if planted.InstallationID == 0 || planted.InstallationID != planted.Installations["acme"] || len(planted.Installations) != 2 {
		t.Errorf("planted %+v", planted)
	}
	var events []string
	for _, d := range g.Pending() {
		events = append(events, d.Event+"."+d.Action)
	}
	if got := strings.Join(events, " "); got != "ping. installation.created installation.created" {
		t.Errorf("webhooks %s", got)
	}
}

func TestSeedErrors(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ seed, want string }{
		"not YAML":            {"app: [", "seed.yml:2:1: did not find expected node content"},
		"unknown keys":        {"users:\n  - login: alice\n    tokne: x\nrepos: []\n", "seed.yml:3:5: unknown key `tokne`\nseed.yml:4:1: unknown key `repos`"},
		"a word for a number": {"app: {id: seven, slug: x}\n", "seed.yml:1:11: text `seven` where a number is wanted"},
		"nothing":             {" \n", "seed.yml: the seed is empty"},
		"a list for a map":    {"app: []\n", "where a mapping is wanted"},
		"unknown label key":   {"repositories:\n  - name: a/b\n    labels: [{name: x, colour: red}]\n", "seed.yml:3:24: unknown key `colour`"},
		"no id":               {"app: {slug: x, private_key: k}\nusers: [{login: a}]\n", "seed.yml:1:1: the App needs an `id` above 0"},
		"an unknown person":   {"repositories:\n  - name: a/b\n    collaborators:\n      bob: write\n", "seed.yml:4:7: there is no user `bob`"},
		"an unknown role":     {"users: [{login: bob}]\nrepositories:\n  - name: a/b\n    collaborators: {bob: push}\n", "seed.yml:4:21: `push` is no permission"},
		"no owner":            {"repositories: [{name: shop}]\n", "seed.yml:1:17: `shop` is no repository: write owner/repo"},
		"twice":               {"repositories: [{name: a/b}, {name: A/B}]\n", "there are two repositories `A/B`"},
		"one token":           {"users: [{login: a, token: x}, {login: b, token: x}]\n", "seed.yml:1:42: a has the same token"},
		"no way to merge":     {"repositories: [{name: a/b, settings: {allow_merge_commit: false, allow_squash_merge: false, allow_rebase_merge: false}}]\n", "one way to merge must be allowed"},
		"installed nowhere":   {"repositories: [{name: a/b, installed: true}]\n", "there is no `app` to be installed"},
		"a limit":             {"limits: {per_hour: -1}\n", "seed.yml:1:10: a limit is a number of requests"},
		"a color":             {"repositories: [{name: a/b, labels: [{name: x, color: red}]}]\n", "`red` is no color"},
		"a title":             {"repositories: [{name: a/b, settings: {merge_commit_title: X}}]\n", "`X` is none of PR_TITLE, MERGE_MESSAGE"},
		"no webhook":          {"app: {id: 1, slug: x, private_key: k, webhook_url: 'localhost:1'}\nusers: [{login: a}]\n", "`localhost:1` is no http URL"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := ParseSeed("seed.yml", []byte(tt.seed)); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	for from, want := range map[string]string{
		filepath.Join(t.TempDir(), "none"): "no such file or directory",
		t.TempDir():                        "it is no git repository",
	} {
		if _, err := importGit(t.Context(), from, filepath.Join(t.TempDir(), "x.git")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// A seed folder may be on another file system, where git can link nothing.
func TestImportFromAnotherFileSystem(t *testing.T) {
	t.Parallel()
	from := gitRepo(t)
	other := otherFileSystem(t, filepath.Join(from, "HEAD"))
	if head, err := importGit(t.Context(), from, filepath.Join(other, "x.git")); err != nil || head != "trunk" {
		t.Errorf("got %q, %v", head, err)
	}
}

// otherFileSystem makes a folder to which a file cannot be linked.
func otherFileSystem(t *testing.T, file string) string {
	t.Helper()
	for _, parent := range []string{"/dev/shm", "."} {
		dir, err := os.MkdirTemp(parent, ".githubsim-")
		if err != nil {
			continue
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		if os.Link(file, filepath.Join(dir, "probe")) != nil {
			return dir
		}
	}
	t.Skip("this machine has one file system: nothing can be imported from another")
	return ""
}

// The key of an earlier run is read, whoever wrote it.
func TestKeyIsKept(t *testing.T) {
	t.Parallel()
	a := SeedApp{PrivateKey: filepath.Join(t.TempDir(), "app.pem")}
	first, err := a.key()
	if err != nil {
		t.Fatal(err)
	}
	second, err := a.key()
	if err != nil || !second.Equal(first) {
		t.Errorf("another key: %v", err)
	}
	if err := os.WriteFile(a.PrivateKey, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := a.key(); err == nil || !strings.Contains(err.Error(), "no PEM file") {
		t.Errorf("got %v", err)
	}
}

// The seed that the documentation shows can be read, shows every key, and states the defaults.
func TestDocumentedSeed(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/simulator.md")
	if err != nil {
		t.Fatal(err)
	}
	_, block, _ := strings.Cut(string(text), "```yaml\n")
	block, _, _ = strings.Cut(block, "```")
	s, err := ParseSeed("simulator.md", []byte(block))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []any{s, *s.App, s.Users[0], s.Repositories[0], s.Repositories[0].Settings, s.Repositories[0].Labels[1], s.Limits} {
		kind := reflect.TypeOf(v)
		for n := range kind.NumField() {
			if key := kind.Field(n).Tag.Get("yaml"); key != "-" && !strings.Contains(block, key+":") {
				t.Errorf("%s: the documentation does not show `%s`", kind.Name(), key)
			}
		}
	}
	shown := Settings{}
	s.Repositories[0].Settings.apply(&shown)
	if shown != defaultSettings() {
		t.Errorf("shown as defaults: %+v", shown)
	}
}
