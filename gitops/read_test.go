package gitops

import (
	"maps"
	"slices"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestRefs(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	one := w.Commit("one")
	w.Git("tag", "v1.0.0")
	w.Git("tag", "-a", "-m", "release", "v1.1.0")
	w.Git("tag", "-a", "-m", "tag of a tag", "again", "v1.1.0")
	w.Git("update-ref", "refs/pull/1/head", string(one))
	w.Branch("feature/a", "main")
	two := w.Commit("two")
	refs, err := w.job(t).Refs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]hotfix.OID{"main": one, "feature/a": two}; !maps.Equal(refs.Branches, want) {
		t.Errorf("branches %v", refs.Branches)
	}
	want := []hotfix.Tag{
		{Name: "again", Object: w.ID("refs/tags/again"), Commit: one},
		{Name: "v1.0.0", Object: one, Commit: one},
		{Name: "v1.1.0", Object: w.ID("refs/tags/v1.1.0"), Commit: one},
	}
	if !slices.Equal(refs.Tags, want) {
		t.Errorf("tags %+v", refs.Tags)
	}
}

func TestRefsOfEmptyRepository(t *testing.T) {
	refs, err := newWorld(t).job(t).Refs(t.Context())
	if err != nil || len(refs.Branches) != 0 || len(refs.Tags) != 0 {
		t.Errorf("%+v %v", refs, err)
	}
}

func TestFetchAsksOnce(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	one := w.Commit("one")
	two := w.Commit("two")
	j := w.job(t)
	if err := j.Fetch(t.Context(), one, two, two); err != nil {
		t.Fatal(err)
	}
	if got := w.server.Requests(); len(got) != 2 {
		t.Errorf("requests %q", got)
	}
	if err := j.Fetch(t.Context(), two, one); err != nil {
		t.Fatal(err)
	}
	c, err := j.Commit(t.Context(), two)
	if err != nil || c.Message != "two\n" || c.Parents[0] != one || c.AuthorEmail != "alice@example.com" || c.Tree != w.ID("HEAD^{tree}") {
		t.Errorf("%+v %v", c, err)
	}
	if got := w.server.Requests(); len(got) != 0 {
		t.Errorf("requests %q for what is here", got)
	}
	for _, id := range []hotfix.OID{"main", "--all", two[:39], "HEAD^"} {
		if err := j.Fetch(t.Context(), id); err == nil {
			t.Errorf("%q was fetched", id)
		}
	}
}

func TestMarkersAndSamePaths(t *testing.T) {
	w := newWorld(t)
	block := "a\n<<<<<<< qa\nb\n=======\nc\n>>>>>>> fix\n"
	w.Write("marked", block)
	w.Write("long", "<<<<<<<<<<<< qa\nb\n============\nc\n>>>>>>>>>>>> fix\n")
	w.Write("crlf", "<<<<<<< qa\r\nb\r\n=======\r\nc\r\n>>>>>>> fix\r\n")
	w.Write("solved", "a\nb\n")
	w.Write("half", "<<<<<<< qa\nb\n=======\nc\n")
	w.Write("heading", "Title\n=======\n>>>>>>> quoted\n")
	w.Write("dir/file", "x\n")
	one := w.Commit("one")
	w.Write("marked", "a\nb\n")
	w.Mode("solved", 0o755)
	w.Remove("half")
	two := w.Commit("two")
	j := w.job(t)
	paths := []string{"marked", "long", "crlf", "solved", "half", "heading", "absent", "dir", "dir/file"}
	marked, err := j.Markers(t.Context(), one, paths)
	want := map[string]bool{"marked": true, "long": true, "crlf": true, "solved": false, "half": false, "heading": false, "absent": false, "dir": false, "dir/file": false}
	if err != nil || !maps.Equal(marked, want) {
		t.Errorf("markers %v %v", marked, err)
	}
	same, err := j.SamePaths(t.Context(), one, two, paths)
	want = map[string]bool{"marked": false, "long": true, "crlf": true, "solved": false, "half": false, "heading": true, "absent": true, "dir": true, "dir/file": true}
	if err != nil || !maps.Equal(same, want) {
		t.Errorf("same %v %v", same, err)
	}
}

// git 2.39 ends its answer with a plain sentence where submodules conflict.
func TestParseMergeToleratesTrailingText(t *testing.T) {
	out := moduleA + "\x00160000 " + moduleB + " 2\tsub\x00\x001\x00sub\x00CONFLICT (submodule)\x00CONFLICT (submodule): no\n\x00Recursive merging with submodules\nis manual"
	m, err := parseMerge([]byte(out), false)
	if err != nil || len(m.stages) != 1 || len(m.notes) != 1 || m.notes[0].kind != "CONFLICT (submodule)" {
		t.Errorf("%+v %v", m, err)
	}
	for _, bad := range []string{"", "fatal: no", moduleA, moduleA + "\x00nonsense\x00"} {
		if m, err := parseMerge([]byte(bad), true); err == nil {
			t.Errorf("%q is %+v", bad, m)
		}
	}
}

// A conflict that git lays at no unmerged path is reported all the same.
func TestConflictsWithoutPath(t *testing.T) {
	m := merged{notes: []note{{kind: "CONFLICT(directory rename unclear split)", paths: []string{"a"}}, {kind: "CONFLICT (new in some git)"}, {kind: "Auto-merging", paths: []string{"f"}}}}
	want := []hotfix.PathConflict{{Kind: hotfix.ConflictOther, Commit: moduleA}, {Path: "a", Kind: hotfix.ConflictDirectory, Commit: moduleA}}
	if got := m.conflicts(moduleA, nil); !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestQuote(t *testing.T) {
	for _, text := range []string{"", "plain", `q"uo\te`, "tab\tnew\nline", "\x01\x7f\xff"} {
		if got, rest, ok := unquote(quote(text) + " rest"); !ok || got != text || rest != " rest" {
			t.Errorf("%q comes back as %q, %q", text, got, rest)
		}
	}
	for _, bad := range []string{"", "plain", `"open`, `"bad \x"`, `"\400"`} {
		if got, _, ok := unquote(bad); ok {
			t.Errorf("%s is %q", bad, got)
		}
	}
}
