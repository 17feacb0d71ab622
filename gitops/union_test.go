package gitops

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// unionNames are names of files, and how a person writes them in attributes.
var unionNames = map[string]string{
	"CHANGELOG.md":      "/CHANGELOG.md",
	"docs/CHANGES":      "/docs/CHANGES",
	"a b\tc":            `"/a b\tc"`,
	"[x]*?.md":          `/\[x]\*\?.md`,
	`quo"te\back`:       `"/quo\"te\\\\back"`,
	"#hash":             "/#hash",
	"!bang":             "/!bang",
	"line\nbreak":       `"/line\nbreak"`,
	" blanks ":          `"/ blanks "`,
	"grün":              "/grün",
	"[attr]union":       `/\[attr]union`,
	"text merge=binary": `"/text merge=binary"`,
}

// unionKinds are changes on both sides.
func (w *world) unionKinds(name string) (target hotfix.OID, p hotfix.Pick) {
	w.Write(".gitattributes", "* -merge\n")
	w.Write(name, "# changes\nold\n")
	w.Write("other/"+name, "# changes\nold\n")
	base := w.Commit("base")
	w.Write(name, "# changes\nfixed a thing\nold\n")
	p = hotfix.Pick{Commit: w.Commit("fix"), Base: base}
	w.Write("other/"+name, "# changes\nfixed a thing\nold\n")
	w.Commit("fix elsewhere")
	w.Branch("qa", string(base))
	w.Write(name, "# changes\nnew on qa\nold\n")
	w.Write("other/"+name, "# changes\nnew on qa\nold\n")
	return w.Commit("qa"), p
}

// Union is git's own merge=union, for exactly the file of that name, whatever
// the target's attributes say of it.
func TestUnion(t *testing.T) {
	for name, pattern := range unionNames {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			target, p := w.unionKinds(name)
			elsewhere := w.pickOf(w.ID("main"))
			j := w.job(t)
			wanted := seriesOf(p)
			wanted.Union = []string{name}
			r, err := j.Replay(t.Context(), target, wanted)
			if err != nil {
				t.Fatal(err)
			}
			writeAttributes(t, w, pattern+" merge=union\n")
			ref := w.cherryPick(t, target, p)
			if ref.same(t, j, r); r.Outcome != hotfix.Clean {
				t.Errorf("outcome %s", r.Outcome)
			}
			wanted.Picks = []hotfix.Pick{elsewhere}
			if r, err = j.Replay(t.Context(), target, wanted); err != nil || r.Outcome != hotfix.Conflict {
				t.Errorf("a file of that name in a folder: %s %v", r.Outcome, err)
			}
			if r, err = j.Replay(t.Context(), target, seriesOf(p)); err != nil || r.Outcome != hotfix.Conflict {
				t.Errorf("without union: %s %v", r.Outcome, err)
			}
		})
	}
}

// writeAttributes makes the repository itself have attributes.
func writeAttributes(t *testing.T, w *world, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(w.Dir, "info"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.Dir, "info", "attributes"), []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
