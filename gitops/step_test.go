package gitops

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// partial is a hotfix that changes files in every way, and a target of its own.
func (w *world) partial() (fix hotfix.Pick, target hotfix.OID) {
	for _, name := range []string{"f", "cart/a", "cart/b/c", "cart/b/d", "cart-2/a", "gone/a", "gone/b", "old name", "run.sh", "[x]*"} {
		w.Write(name, lines)
	}
	base := w.Commit("base")
	for _, name := range []string{"f", "cart/a", "cart/b/c", "cart-2/a", "[x]*"} {
		w.Write(name, changed("two", "2"))
	}
	w.Write("cart/new/deep/e", "e\n")
	w.Remove("gone")
	w.Remove("cart/b/d")
	w.Move("old name", "moved/new name")
	w.Mode("run.sh", 0o755)
	fix = hotfix.Pick{Commit: w.Commit("fix it all\n\nFixes: #1"), Base: base}
	w.Branch("qa", string(base))
	w.Write("f", changed("two", "zwei"))
	w.Write("cart/a", changed("nine", "9"))
	w.Write("qa", "qa\n")
	return fix, w.Commit("qa")
}

// byHand makes the commit that a pick stands for with git's own means.
func (w *world) byHand(p hotfix.Pick) hotfix.OID {
	pathspecs := []string{"."}
	for _, path := range p.Only {
		pathspecs = append(pathspecs, ":(literal)"+path)
	}
	if len(p.Only) > 0 {
		pathspecs = pathspecs[1:]
	}
	for _, path := range p.Except {
		pathspecs = append(pathspecs, ":(exclude,literal)"+path)
	}
	w.Branch("by-hand", string(p.Base))
	patch := w.Git(slices.Concat([]string{"diff", "--binary", "--no-renames", string(p.Base), string(p.Commit), "--"}, pathspecs)...)
	if patch != "" {
		w.Input([]byte(patch+"\n"), "apply", "--index")
	}
	w.Git("commit", "-q", "--allow-empty", "-C", string(p.Commit))
	return w.ID("HEAD")
}

var partialPicks = map[string]hotfix.Pick{
	"one file":                {Only: []string{"cart/b/c"}},
	"one that conflicts":      {Only: []string{"f", "cart/b/c"}},
	"a folder":                {Only: []string{"cart"}},
	"folders with a slash":    {Only: []string{"cart/", "gone/"}},
	"all but one":             {Except: []string{"f"}},
	"all but a folder":        {Except: []string{"f", "cart"}},
	"a folder without a part": {Only: []string{"cart"}, Except: []string{"cart/b"}},
	"a new name alone":        {Only: []string{"moved/new name"}},
	"an old name alone":       {Only: []string{"old name"}},
	"a whole rename":          {Only: []string{"moved", "old name"}},
	"a deep new file":         {Only: []string{"cart/new/deep/e"}},
	"one of a gone folder":    {Only: []string{"gone/a"}},
	"a mode":                  {Only: []string{"run.sh"}},
	"a pattern is a name":     {Only: []string{"[x]*"}},
	"the root":                {Only: []string{""}},
	"what was not changed":    {Only: []string{"absent", "cart/b/c/d"}},
	"nothing":                 {Except: []string{""}},
	"all by name":             {Only: []string{"f", "cart", "cart-2", "gone", "old name", "moved", "run.sh", "[x]*"}},
}

// Picking some paths of a commit is picking a commit of these paths.
func TestPartialPicks(t *testing.T) {
	w := newWorld(t)
	fix, target := w.partial()
	j := w.job(t)
	for name, p := range partialPicks {
		t.Run(name, func(t *testing.T) {
			p.Commit, p.Base = fix.Commit, fix.Base
			made := w.byHand(p)
			ref := w.cherryPick(t, target, hotfix.Pick{Commit: made, Base: p.Base})
			ref.raw = strings.ReplaceAll(ref.raw, string(made), string(fix.Commit))
			r, err := j.Replay(t.Context(), target, seriesOf(p))
			if err != nil {
				t.Fatal(err)
			}
			ref.same(t, j, r)
			want := strings.Split(strings.TrimSuffix(w.Git("diff", "-z", "--no-renames", "--name-only", string(p.Base), string(made)), "\x00"), "\x00")
			if !slices.Equal(r.Paths, slices.DeleteFunc(want, func(path string) bool { return path == "" })) {
				t.Errorf("paths %q, want %q", r.Paths, want)
			}
		})
	}
}

// A job upon a clone uses commits as they lie there; of a partial pick it must not.
func TestPartialPickInClone(t *testing.T) {
	w := newWorld(t)
	fix, target := w.partial()
	fix.Except = []string{"f", "gone"}
	_, want := w.replay(t, target, fix)
	clone, err := w.engine.Clone(t.Context(), w.Dir)
	if err != nil {
		t.Fatal(err)
	}
	j, err := clone.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	got, err := j.Replay(t.Context(), target, seriesOf(fix))
	if err != nil || got.Outcome != hotfix.Clean || got.Tip != want.Tip {
		t.Errorf("%+v, %v; over the network %s", got, err, want.Tip)
	}
	if err := clone.Keep(t.Context(), j, "backport", got.Tip); err != nil {
		t.Error(err)
	}
	if out := w.Git("fsck", "--strict", "--no-dangling"); out != "" {
		t.Error(out)
	}
}

// A file cannot stand beside the folder that takes its place.
func TestPartialPickOfReplacement(t *testing.T) {
	w := newWorld(t)
	w.Write("file", lines)
	w.Write("folder/a", lines)
	w.Write("folder/b", lines)
	base := w.Commit("base")
	w.Remove("file")
	w.Write("file/inside", "i\n")
	w.Remove("folder")
	w.Write("folder", "f\n")
	fix := hotfix.Pick{Commit: w.Commit("swap"), Base: base}
	j := w.job(t)
	for _, c := range []struct {
		only, except []string
		whole        bool
	}{
		{only: []string{"file/inside"}},
		{except: []string{"folder/a"}},
		{only: []string{"file"}, whole: true},
		{only: []string{"folder"}, whole: true},
		{only: []string{"folder/a"}, whole: true}, // its deletion alone
		{except: []string{"folder"}, whole: true},
	} {
		p := fix
		p.Only, p.Except = c.only, c.except
		r, err := j.Replay(t.Context(), base, seriesOf(p))
		if refused := errors.As(err, new(*hotfix.Refusal)); refused == c.whole || !refused && err != nil {
			t.Errorf("%+v: %v", c, err)
		}
		if !c.whole || err != nil {
			continue
		}
		if want := w.ID(string(w.byHand(p)) + "^{tree}"); r.Tree != want {
			t.Errorf("%+v: tree %s, want %s", c, r.Tree, want)
		}
	}
}

// What a series holds as a whole is asked of what it carries, not of its commits.
func TestPartialSeriesIsHeldAsAWhole(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	base := w.Commit("base")
	w.Write("f", changed("two", "2"))
	w.Write("VERSION", "1\n")
	picks := []hotfix.Pick{w.pickOf(w.Commit("fix two"))}
	squashed := strings.Replace(changed("two", "2"), "three\n", "3\n", 1)
	w.Write("f", squashed)
	w.Write("VERSION", "2\n")
	picks = append(picks, w.pickOf(w.Commit("fix three")))
	w.Branch("qa", string(base))
	w.Write("f", squashed)
	w.Write("VERSION", "0\n")
	target := w.Commit("both, with a version of its own")

	if _, r := w.replay(t, target, picks...); r.Outcome != hotfix.Conflict {
		t.Errorf("all of it: %s", r.Outcome)
	}
	for i := range picks {
		picks[i].Except = []string{"VERSION"}
	}
	if _, r := w.replay(t, target, picks...); r.Outcome != hotfix.Contained || !slices.Equal(r.Paths, []string{"f"}) {
		t.Errorf("without the version: %+v", r)
	}
	picks[0].Except = nil
	if _, r := w.replay(t, target, picks...); r.Outcome != hotfix.Conflict {
		t.Errorf("with one version: %s", r.Outcome)
	}
}

func TestChanged(t *testing.T) {
	w := newWorld(t)
	fix, target := w.partial()
	j := w.job(t)
	for _, pair := range [][2]hotfix.OID{{fix.Base, fix.Commit}, {fix.Commit, target}, {target, target}} {
		got, err := j.Changed(t.Context(), pair[0], pair[1])
		if err != nil {
			t.Fatal(err)
		}
		want := w.Git("diff", "-z", "--no-renames", "--name-only", string(pair[0]), string(pair[1]))
		slices.Sort(got)
		if joined := strings.Join(got, "\x00"); joined != strings.TrimSuffix(want, "\x00") {
			t.Errorf("%q, git has %q", got, want)
		}
	}
	if all, err := j.Changed(t.Context(), "", fix.Base); err != nil || len(all) != 10 {
		t.Errorf("from nothing: %q %v", all, err)
	}
	if got := len(w.server.Requests()); got != 4 {
		t.Errorf("%d requests for three commits", got)
	}
}
