package gitops

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/gittest"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// benchVariable names local clones to measure on, "etcd=/path/etcd.git,…". They
// are only read. Without it a made-up repository of 3,000 files is measured.
const benchVariable = "HOTFIXBOT_BENCH"

// benchPicks is how many commits are picked in each repository: evenly from the
// newest, onto the commit benchDepth first parents before the newest.
const (
	benchPicks = 20
	benchDepth = 200
)

// ground is a repository to measure on.
type ground struct {
	name, dir string // dir is a bare clone
	target    hotfix.OID
	picks     []hotfix.Pick
}

func grounds(b *testing.B) (all []ground) {
	b.Helper()
	named := os.Getenv(benchVariable)
	if named == "" {
		named = "made-up=" + madeUp(b, 2*benchDepth)
	}
	for one := range strings.SplitSeq(named, ",") {
		name, dir, _ := strings.Cut(one, "=")
		all = append(all, newGround(b, name, dir))
	}
	return all
}

func newGround(b *testing.B, name, dir string) ground {
	b.Helper()
	g := ground{name: name, dir: dir}
	g.target = hotfix.OID(g.git(b, nil, "rev-parse", fmt.Sprintf("HEAD~%d", benchDepth)))
	commits := g.newest(b)
	for i := range benchPicks {
		g.picks = append(g.picks, commits[i*len(commits)/benchPicks])
	}
	return g
}

// newest are the commits since the target that are no merges, newest first.
func (g ground) newest(b *testing.B) (picks []hotfix.Pick) {
	b.Helper()
	ids := strings.Fields(g.git(b, nil, "rev-list", "--no-merges", "--parents", string(g.target)+"..HEAD"))
	for pair := range slices.Chunk(ids, 2) {
		picks = append(picks, hotfix.Pick{Commit: hotfix.OID(pair[0]), Base: hotfix.OID(pair[1])})
	}
	return picks
}

// madeUp is a history of so many changes of one line each, in 3,000 files.
func madeUp(b *testing.B, commits int) string {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "made-up.git")
	var in strings.Builder
	commit := func(n int) {
		fmt.Fprintf(&in, "commit refs/heads/main\ncommitter Alice <alice@example.com> %d +0000\ndata 2\nn\n", 1700000000+n)
	}
	file := func(n int, text string) {
		fmt.Fprintf(&in, "M 644 inline dir%d/sub%d/file%d\ndata %d\n%s\n", n%30, n%7, n, len(text), text)
	}
	commit(0)
	for n := range 3000 {
		file(n, lines+fmt.Sprint(n))
	}
	for n := range commits {
		commit(n)
		file(n*37%3000, changed("two", fmt.Sprint(n))+fmt.Sprint(n*37%3000))
	}
	g := ground{dir: b.TempDir()}
	g.git(b, nil, "init", "-q", "--bare", "--initial-branch=main", dir)
	g.dir = dir
	g.git(b, []byte(in.String()), "fast-import", "--quiet")
	return dir
}

// git runs git in the clone, with no configuration but its own.
func (g ground) git(b *testing.B, stdin []byte, args ...string) string {
	b.Helper()
	out, err := gitIn(g.dir, stdin, args...)
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(out)
}

func gitIn(dir string, stdin []byte, args ...string) (string, error) {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(gittest.Environment(), "GIT_AUTHOR_NAME=Alice", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=Alice", "GIT_COMMITTER_EMAIL=a@example.com")
	cmd.Stdin = bytes.NewReader(stdin)
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		return out.String(), fmt.Errorf("git %v: %w %s", args, err, complaint.String())
	}
	return out.String(), nil
}

// scratch is a repository upon the clone's objects, so that peers write nothing
// there. settle makes the commits that the floor merges.
func (g ground) scratch(b *testing.B) ground {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "scratch")
	if out, err := gitIn(b.TempDir(), nil, "init", "-q", dir); err != nil {
		b.Fatal(out, err)
	}
	alternates := filepath.Join(dir, ".git", "objects", "info", "alternates")
	if err := os.WriteFile(alternates, []byte(filepath.Join(g.dir, "objects")+"\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	g.dir = dir
	return g
}

func benchEngine(b *testing.B) *Engine {
	b.Helper()
	e, err := New(Settings{Dir: b.TempDir(), Insecure: true, Log: zerolog.Nop()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { closed(b, e) })
	return e
}

// onClone opens a job upon the clone.
func (g ground) onClone(b *testing.B, e *Engine) *Job {
	b.Helper()
	c, err := e.Clone(b.Context(), g.dir)
	if err != nil {
		b.Fatal(err)
	}
	j, err := c.Open(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { closed(b, j) })
	return j
}

// applies reports whether picks make a clean series upon each of the targets.
func (j *Job) applies(b *testing.B, picks []hotfix.Pick, targets ...hotfix.OID) bool {
	b.Helper()
	for _, target := range targets {
		r, err := j.Replay(b.Context(), target, seriesOf(picks...))
		if err != nil || r.Outcome != hotfix.Clean {
			return false
		}
	}
	return true
}

func milliseconds(all []time.Duration) float64 {
	all = slices.Clone(all)
	slices.Sort(all)
	return float64(all[len(all)/2].Microseconds()) / 1000
}
