package bot

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// facts is a Ledger of facts alone.
type facts struct {
	Ledger
	known map[string]string
}

func (f facts) Recall(_ context.Context, _ hotfix.RepositoryID, fact string, into any) (bool, error) {
	text, ok := f.known[fact]
	if !ok {
		return false, nil
	}
	return true, json.Unmarshal([]byte(text), into)
}

// commits is a Git that knows commits by their parents.
type commits struct {
	Git
	parents map[hotfix.OID][]hotfix.OID
}

func (c commits) Commit(_ context.Context, oid hotfix.OID) (hotfix.Commit, error) {
	return hotfix.Commit{OID: oid, Tree: "tree-" + oid, Parents: c.parents[oid]}, nil
}

type nowhere struct{ Forge }

func (nowhere) About() hotfix.Repository { return hotfix.Repository{ID: 1} }

// TestInherited holds what is concluded of commits from their parents, and that
// nothing is where more than one answer is possible.
func TestInherited(t *testing.T) {
	for name, c := range map[string]struct {
		a, b  hotfix.OID
		tips  []hotfix.OID
		known map[string]string
		want  hotfix.Comparison // zero: GitHub is asked
	}{
		"the same": {"x", "x", []hotfix.OID{"x"}, nil,
			hotfix.Comparison{Relation: hotfix.Identical, Base: "x", Tree: "tree-x"}},
		"further on": {"a", "b", []hotfix.OID{"b"}, map[string]string{"compare/a/pb": `{"relation":"ancestor","base":"a","tree":"tree-a","ahead":2}`},
			hotfix.Comparison{Relation: hotfix.Ancestor, Base: "a", Tree: "tree-a", Ahead: 3}},
		"the first further": {"pb", "b", []hotfix.OID{"b"}, map[string]string{"compare/pb/pb": `{"relation":"identical","base":"pb","tree":"tree-pb"}`},
			hotfix.Comparison{Relation: hotfix.Ancestor, Base: "pb", Tree: "tree-pb", Ahead: 1}},
		"apart, b grew": {"a", "b", []hotfix.OID{"b"}, map[string]string{"compare/a/pb": `{"relation":"diverged","base":"m","tree":"tree-a","ahead":2}`},
			hotfix.Comparison{Relation: hotfix.Diverged, Base: "m", Tree: "tree-a", Ahead: 3}},
		"apart, a grew": {"a", "b", []hotfix.OID{"a"}, map[string]string{"compare/pa/b": `{"relation":"diverged","base":"m","tree":"tree-pa","ahead":2}`},
			hotfix.Comparison{Relation: hotfix.Diverged, Base: "m", Tree: "tree-a", Ahead: 2}},
		"b may have come to a": {"a", "b", []hotfix.OID{"b"}, map[string]string{"compare/a/pb": `{"relation":"descendant","base":"pb"}`}, hotfix.Comparison{}},
		"a may be in b":        {"a", "b", []hotfix.OID{"a"}, map[string]string{"compare/pa/b": `{"relation":"ancestor","base":"pa"}`}, hotfix.Comparison{}},
		"nothing in common":    {"a", "b", []hotfix.OID{"a", "b"}, map[string]string{"compare/a/pb": `{"relation":"diverged"}`, "compare/pa/b": `{"relation":"diverged"}`}, hotfix.Comparison{}},
		"a merge":              {"a", "merge", []hotfix.OID{"merge"}, map[string]string{"compare/a/pb": `{"relation":"ancestor"}`}, hotfix.Comparison{}},
		"not here":             {"a", "b", nil, map[string]string{"compare/a/pb": `{"relation":"ancestor","base":"a"}`}, hotfix.Comparison{}},
	} {
		r := &run{
			Forge: nowhere{}, ledger: facts{known: c.known}, snap: &hotfix.Snapshot{},
			git: commits{parents: map[hotfix.OID][]hotfix.OID{"a": {"pa"}, "b": {"pb"}, "merge": {"pb", "other"}}},
		}
		for _, tip := range c.tips {
			env := hotfix.EnvironmentState{}
			env.Tip = tip
			r.snap.Environments = append(r.snap.Environments, env)
		}
		got, ok, err := r.inherited(t.Context(), c.a, c.b)
		if err != nil || ok != (c.want != hotfix.Comparison{}) || ok && got != c.want {
			t.Errorf("%s: got %+v, %v, %v; want %+v", name, got, ok, err, c.want)
		}
	}
}
