package gitops

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/gittest"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// stage of a test: one repository, a server for it, and a job on it.
type world struct {
	*gittest.Repo
	server *gittest.Server
	root   string
	engine *Engine
}

var (
	stampTime  = time.Date(2024, 2, 1, 8, 0, 0, 0, time.UTC)
	testStamp  = hotfix.Stamp{Name: "hotfixbot[bot]", Email: "1+hotfixbot[bot]@users.noreply.github.com", When: stampTime}
	testLabels = hotfix.Labels{Ours: "qa", Theirs: "hotfix-34"}
)

// seriesOf is a series of picks as the tests make them.
func seriesOf(picks ...hotfix.Pick) hotfix.Series {
	return hotfix.Series{Picks: picks, By: testStamp, Labels: testLabels}
}

func newWorld(t *testing.T) *world {
	t.Helper()
	root := t.TempDir()
	w := &world{Repo: gittest.New(t, root, "shop"), root: root}
	w.server = gittest.Serve(t, root, "ghs_secret")
	w.engine = newEngine(t, t.TempDir())
	return w
}

func newEngine(t *testing.T, dir string) *Engine {
	t.Helper()
	e, err := New(Settings{Dir: dir, Insecure: true, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, e) })
	return e
}

// closed closes what a test has opened, and may have closed.
func closed(tb testing.TB, c io.Closer) {
	tb.Helper()
	if err := c.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		tb.Error(err)
	}
}

// job opens a new job: nothing was fetched in it.
func (w *world) job(t *testing.T) *Job {
	t.Helper()
	token := func(context.Context) (string, error) { return "ghs_secret", nil }
	j, err := w.engine.Open(t.Context(), Remote{URL: w.server.URL + "/shop.git", Token: token})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, j) })
	return j
}

// pickOf is the pick of a commit against its first parent.
func (w *world) pickOf(id hotfix.OID) hotfix.Pick {
	p := hotfix.Pick{Commit: id}
	if base, err := w.Run(nil, w.Tree, "rev-parse", "-q", "--verify", string(id)+"^1"); err == nil {
		p.Base = hotfix.OID(base[:40])
	}
	return p
}

func (w *world) replay(t *testing.T, onto hotfix.OID, picks ...hotfix.Pick) (*Job, hotfix.Replay) {
	t.Helper()
	j := w.job(t)
	r, err := j.Replay(t.Context(), onto, seriesOf(picks...))
	if err != nil {
		t.Fatal(err)
	}
	return j, r
}

func TestReplayAndPush(t *testing.T) {
	w := newWorld(t)
	w.Write("a.txt", "one\ntwo\nthree\n")
	base := w.Commit("base")
	w.Write("a.txt", "one\n2\nthree\n")
	fix := w.Commit("fix")
	w.Branch("qa", string(base))
	w.Write("b.txt", "b\n")
	qa := w.Commit("qa")

	j, r := w.replay(t, qa, w.pickOf(fix))
	if r.Outcome != hotfix.Clean || len(r.Commits) != 1 {
		t.Fatalf("replay = %+v", r)
	}
	if got := w.server.Requests(); len(got) != 4 {
		t.Errorf("%d requests for a replay: %q", len(got), got)
	}
	if err := j.Push(t.Context(), "refs/heads/backport/qa/1", r.Tip, ""); err != nil {
		t.Fatal(err)
	}
	if got := w.ID("refs/heads/backport/qa/1"); got != r.Tip {
		t.Errorf("pushed %s, want %s", got, r.Tip)
	}
	if got := w.Git("show", "backport/qa/1:a.txt"); got != "one\n2\nthree" {
		t.Errorf("a.txt = %q", got)
	}
	if got := w.Git("fsck", "--strict"); got != "" {
		t.Errorf("fsck: %s", got)
	}
}
