package gitops

import (
	"slices"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestReplayOfRootCommit(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	root := w.Commit("root")
	w.Branch("qa", string(root))
	w.Git("update-ref", "-d", "HEAD")
	w.Remove("f")
	w.Write("g", "g\n")
	target := w.Commit("other root")
	j, r := w.replay(t, target, hotfix.Pick{Commit: root})
	w.cherryPick(t, target, hotfix.Pick{Commit: root}).same(t, j, r)
	if r.Outcome != hotfix.Clean {
		t.Errorf("outcome %s", r.Outcome)
	}
}

func TestReplayOfMergeNeedsMainline(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	base := w.Commit("base")
	w.Branch("hotfix/1", string(base))
	w.Write("f", changed("two", "2"))
	w.Commit("fix")
	w.Switch("main")
	w.Write("g", "g\n")
	w.Commit("other")
	merge := w.Merge("hotfix/1")
	w.Branch("qa", string(base))
	w.Write("f", changed("nine", "9"))
	target := w.Commit("qa")

	for number, arg := range []string{"1", "2"} {
		p := hotfix.Pick{Commit: merge, Base: w.ID(string(merge) + "^" + arg)}
		j, r := w.replay(t, target, p)
		w.cherryPick(t, target, p, "-m", arg).same(t, j, r)
		if r.Outcome != hotfix.Clean {
			t.Errorf("mainline %d: %s", number+1, r.Outcome)
		}
	}
	if _, err := w.job(t).Replay(t.Context(), target, seriesOf(hotfix.Pick{Commit: merge})); err == nil {
		t.Error("a merge without a mainline was picked")
	}
}

// series is a fix of several commits, of which the target has one already.
func (w *world) series() (target hotfix.OID, picks []hotfix.Pick) {
	w.Write("f", lines)
	base := w.Commit("base")
	for _, line := range []string{"two", "five", "nine"} {
		w.Write("f", strings.Replace(w.Git("show", "HEAD:f")+"\n", line+"\n", strings.ToUpper(line)+"\n", 1))
		picks = append(picks, w.pickOf(w.Commit("fix "+line)))
	}
	w.Branch("qa", string(base))
	w.Write("f", changed("five", "FIVE"))
	return w.Commit("qa has five"), picks
}

func TestReplayOfSeries(t *testing.T) {
	w := newWorld(t)
	target, picks := w.series()
	_, r := w.replay(t, target, picks...)
	var outcomes []hotfix.Outcome
	for i, c := range r.Commits {
		outcomes = append(outcomes, c.Outcome)
		if c.Source != picks[i].Commit || (c.Commit == "") != (c.Outcome == hotfix.Contained) {
			t.Errorf("commit %d: %+v", i, c)
		}
	}
	if want := []hotfix.Outcome{hotfix.Clean, hotfix.Contained, hotfix.Clean}; !slices.Equal(outcomes, want) {
		t.Errorf("outcomes %q, want %q", outcomes, want)
	}
	if r.Outcome != hotfix.Clean || r.Tip != r.Commits[2].Commit || !slices.Equal(r.Paths, []string{"f"}) {
		t.Errorf("replay %+v", r)
	}
}

// A target that holds a series as one squashed commit holds it, although its
// first commit, alone, conflicts there with what the second one changed nearby.
func TestSeriesIsHeldAsAWhole(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	base := w.Commit("base")
	w.Write("f", changed("two", "2"))
	picks := []hotfix.Pick{w.pickOf(w.Commit("fix two"))}
	squashed := strings.Replace(changed("two", "2"), "three\n", "3\n", 1)
	w.Write("f", squashed)
	picks = append(picks, w.pickOf(w.Commit("fix three")))
	w.Branch("qa", string(base))
	w.Write("f", squashed)
	target := w.Commit("both")

	_, r := w.replay(t, target, picks...)
	if r.Outcome != hotfix.Contained || r.Tip != "" || len(r.Conflicts) > 0 || len(r.Commits) != 2 || !slices.Equal(r.Paths, []string{"f"}) {
		t.Errorf("replayed as %+v", r)
	}
	if _, r = w.replay(t, target, picks[1], picks[0]); r.Outcome != hotfix.Conflict {
		t.Errorf("picks that do not follow each other: %s", r.Outcome)
	}
	if _, r = w.replay(t, target, picks[0]); r.Outcome != hotfix.Conflict {
		t.Errorf("half of it: %s", r.Outcome)
	}
}

func TestReplayIsDeterministic(t *testing.T) {
	w := newWorld(t)
	target, picks := w.series()
	_, first := w.replay(t, target, picks...)
	_, second := w.replay(t, target, picks...)
	if first.Tip != second.Tip || first.Tip == "" {
		t.Errorf("%s, then %s", first.Tip, second.Tip)
	}
}

// A commit is never dated before its parent, and otherwise at the stamp.
func TestReplayDates(t *testing.T) {
	w := newWorld(t)
	target, picks := w.series()
	early := testStamp
	early.When = stampTime.AddDate(-10, 0, 0)
	for stamp, want := range map[hotfix.Stamp]string{
		testStamp: stampTime.Format("2006-01-02T15:04:05Z"),
		early:     w.Git("log", "-1", "--format=%cI", string(target)),
	} {
		j := w.job(t)
		r, err := j.Replay(t.Context(), target, hotfix.Series{Picks: picks, By: stamp, Labels: testLabels})
		if err != nil {
			t.Fatal(err)
		}
		c, err := j.Commit(t.Context(), r.Tip)
		if err != nil {
			t.Fatal(err)
		}
		got := c.CommittedAt.Format("2006-01-02T15:04:05Z")
		if !strings.HasPrefix(want, got[:19]) || c.CommitterName != stamp.Name || c.AuthorName != "Alice" {
			t.Errorf("%s at %s, want %s", c.CommitterName, got, want)
		}
	}
}

// After a conflict the series goes on, so that a draft holds every commit.
func TestReplayGoesOnAfterConflict(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	base := w.Commit("base")
	w.Write("f", changed("two", "2"))
	first := w.Commit("first")
	w.Write("g", "g\n")
	second := w.Commit("second")
	w.Branch("qa", string(base))
	w.Write("f", changed("two", "zwei"))
	target := w.Commit("qa")

	j, r := w.replay(t, target, w.pickOf(first), w.pickOf(second))
	want := []hotfix.PathConflict{{Path: "f", Kind: hotfix.ConflictContent, Commit: first, Markers: true}}
	if r.Outcome != hotfix.Conflict || !slices.Equal(r.Conflicts, want) || len(r.Commits) != 2 || r.Tip != r.Commits[1].Commit {
		t.Fatalf("replay %+v", r)
	}
	if err := j.Push(t.Context(), "refs/heads/draft", r.Tip, ""); err != nil {
		t.Fatal(err)
	}
	text := w.Git("show", "draft:f")
	if !strings.Contains(text, "<<<<<<< qa\nzwei\n=======\n2\n>>>>>>> hotfix-34\n") || w.Git("show", "draft:g") != "g" {
		t.Errorf("f is\n%s", text)
	}
}

// Our side is drafted unchanged where git cannot merge: there must be a commit
// for a draft all the same.
func TestConflictWithoutChangeMakesCommit(t *testing.T) {
	w := newWorld(t)
	w.Write("b", "\x00a\n")
	base := w.Commit("base")
	w.Write("b", "\x00b\n")
	fix := w.Commit("fix")
	w.Branch("qa", string(base))
	w.Write("b", "\x00c\n")
	target := w.Commit("qa")
	_, r := w.replay(t, target, w.pickOf(fix))
	if r.Outcome != hotfix.Conflict || r.Tip == "" || r.Conflicts[0].Markers {
		t.Errorf("replay %+v", r)
	}
}

// The attributes of an earlier pick count for the next one, as in a work tree.
func TestSeriesChangesAttributes(t *testing.T) {
	w := newWorld(t)
	w.Write("a.lock", lines)
	base := w.Commit("base")
	w.Write(".gitattributes", "*.lock -merge\n")
	first := w.Commit("guard locks")
	w.Write("a.lock", changed("two", "2"))
	second := w.Commit("change lock")
	w.Branch("qa", string(base))
	w.Write("a.lock", changed("nine", "9"))
	target := w.Commit("qa")
	_, r := w.replay(t, target, w.pickOf(first), w.pickOf(second))
	if r.Outcome != hotfix.Conflict || r.Commits[0].Outcome != hotfix.Clean || r.Conflicts[0].Kind != hotfix.ConflictBinary {
		t.Errorf("replay %+v", r)
	}
}

// Labels that git would take for something else than our side.
func TestTrapsInLabels(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	base := w.Commit("base")
	w.Write("f", changed("two", "2"))
	fix := w.Commit("fix")
	w.Branch("qa", string(base))
	w.Write("f", changed("two", "zwei"))
	target := w.Commit("qa")
	want := ""
	j := w.job(t)
	for _, l := range []hotfix.Labels{
		{Ours: "qa", Theirs: "fix"}, {Ours: "qa", Theirs: "qa"}, {Ours: "shallow", Theirs: "config"},
		{Ours: "HEAD", Theirs: "objects/x"}, {Ours: string(fix), Theirs: string(base)}, {Ours: "a", Theirs: "a/b"},
		{Ours: "heads/qa", Theirs: "tags/qa"}, {Ours: "--help", Theirs: "../x"}, {}, {Ours: "release/1.7", Theirs: "hotfix-#34-(cart)"},
	} {
		r, err := j.Replay(t.Context(), target, hotfix.Series{Picks: []hotfix.Pick{w.pickOf(fix)}, By: testStamp, Labels: l})
		if err != nil {
			t.Fatalf("%+v: %v", l, err)
		}
		contents, err := j.read(t.Context(), []hotfix.OID{must(j.listAll(t.Context(), r.Tree))["f"].oid})
		if err != nil {
			t.Fatal(err)
		}
		for _, content := range contents {
			text := unlabelled(content)
			if want == "" {
				want = text
			}
			if text != want || r.Outcome != hotfix.Conflict {
				t.Errorf("%+v: %s\n%s", l, r.Outcome, content)
			}
		}
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
