package gitops

import (
	"maps"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const example = "Conflicts look so:\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> topic\n"

func conflictOf(ours, theirs string) string {
	return "<<<<<<< qa\n" + ours + "=======\n" + theirs + ">>>>>>> hotfix-34\n"
}

// A file that always held a conflict block, such as a manual or a test fixture,
// is not unresolved because of it.
func TestMarkersThatWereAlwaysThere(t *testing.T) {
	w := newWorld(t)
	w.Write("doc", example)
	environment := w.Commit("environment")
	w.Write("doc", example+strings.ReplaceAll(example, "topic", "other"))
	landed := w.Commit("hotfix")
	for name, c := range map[string]struct {
		content string
		want    bool
	}{
		"as it was":                  {example, false},
		"as the hotfix has it":       {example + strings.ReplaceAll(example, "topic", "other"), false},
		"no block":                   {"text\n", false},
		"beside it":                  {example + conflictOf("a\n", "b\n"), true},
		"before it":                  {conflictOf("a\n", "b\n") + example, true},
		"around it":                  {conflictOf("a\n"+example, "b\n"), true},
		"in it":                      {strings.Replace(example, "ours\n", conflictOf("a\n", "b\n"), 1), true},
		"more often than anywhere":   {example + example + example, true},
		"resolved but for its end":   {example + "a\n>>>>>>> hotfix-34\n", false},
		"resolved but for its start": {"<<<<<<< qa\n" + example, false},
		"in place of it":             {conflictOf("a\n", "b\n"), true},
	} {
		w.Write("doc", c.content)
		now := w.Commit(name)
		marked, err := w.job(t).Markers(t.Context(), now, []string{"doc", "absent"}, environment, landed)
		if err != nil || marked["doc"] != c.want || marked["absent"] {
			t.Errorf("%s: %v %v", name, marked, err)
		}
		if marked, err := w.job(t).Markers(t.Context(), now, []string{"doc"}); err != nil || marked["doc"] != hasConflictBlock([]byte(c.content)) {
			t.Errorf("%s, with nothing known: %v %v", name, marked, err)
		}
	}
}

// The draft of a conflict that leaves no markers is not taken for one that does
// because the file holds others.
func TestReplayKnowsOldMarkers(t *testing.T) {
	w := newWorld(t)
	w.Write("doc", example)
	w.Write("both", example+lines)
	w.Write("whole", example+lines)
	w.Write(".gitattributes", "whole -merge\n")
	base := w.Commit("base")
	w.Write("doc", example+"more\n")
	w.Write("both", example+changed("two", "2"))
	w.Write("whole", example+changed("two", "2"))
	w.Write("mode", strings.Repeat(lines, 5)+example) // nothing like what became of doc
	w.Mode("mode", 0o755)
	fix := w.Commit("fix")
	w.Branch("qa", string(base))
	w.Remove("doc")
	w.Write("both", example+changed("two", "zwei"))
	w.Write("whole", example+changed("two", "zwei"))
	w.Write("mode", strings.Repeat(lines, 5)+example) // nothing like what became of doc
	target := w.Commit("qa")
	_, r := w.replay(t, target, w.pickOf(fix))
	markers := map[string]bool{}
	for _, c := range r.Conflicts {
		markers[c.Path] = c.Markers
	}
	want := map[string]bool{"doc": false, "both": true, "whole": false, "mode": false}
	if r.Outcome != hotfix.Conflict || !maps.Equal(markers, want) {
		t.Errorf("conflicts %+v", r.Conflicts)
	}
}
