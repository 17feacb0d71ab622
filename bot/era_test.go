package bot

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// comparingForge counts what it is asked to compare. Every head left main at its root;
// what was pushed over is not in the history of what came after.
type comparingForge struct {
	emptyForge
	asked *int
	lost  map[hotfix.OID]bool
}

func (f comparingForge) Compare(_ context.Context, a, b hotfix.OID) (hotfix.Comparison, error) {
	*f.asked++
	if a[0] == 't' && b[0] == 't' && !f.lost[a] {
		return hotfix.Comparison{Relation: hotfix.Ancestor, Base: a}, nil
	}
	return hotfix.Comparison{Relation: hotfix.Diverged, Base: "root"}, nil
}

// Four hundred pull requests are open against a branch that several commits are pushed to
// at once: each was asked about again, and a dozen such pushes were an hour's requests.
func TestManyProposalsCostOneRequestWhenTheirBranchGrows(t *testing.T) {
	asked, lost, now := 0, map[hotfix.OID]bool{}, noon
	look := func(tip hotfix.OID, ledger Ledger) (asking, later int) {
		r := &run{
			Forge: comparingForge{asked: &asked, lost: lost}, ledger: ledger, now: func() time.Time { return now }, git: commits{},
			snap: &hotfix.Snapshot{},
		}
		before := asked
		now = now.Add(time.Minute)
		for pull := range 400 {
			g := &hotfix.Gated{Pull: pull + 1, Head: hotfix.OID(fmt.Sprintf("head-%d", pull))}
			env := hotfix.EnvironmentState{Environment: hotfix.Environment{Branch: "main"}, Tip: tip}
			base, err := r.mergeBase(t.Context(), g, env)
			if err != nil || base != "root" && !g.Later {
				t.Fatalf("%s: %q, %v", tip, base, err)
			}
			if g.Later {
				later++
			}
		}
		return asked - before, later
	}
	ledger := newBook()
	for _, step := range []struct {
		tip           hotfix.OID
		asking, later int
	}{{"t1", 100, 300}, {"t1", 100, 200}, {"t1", 100, 100}, {"t1", 100, 0}, {"t1", 0, 0}, {"t2", 1, 0}, {"t2", 0, 0}} {
		if asking, later := look(step.tip, ledger); asking != step.asking || later != step.later {
			t.Errorf("%s: asked %d times and left %d for later; want %d and %d", step.tip, asking, later, step.asking, step.later)
		}
	}
	// Heads may have left it where it is pushed back from: they are looked at again, though
	// it is pushed to where it was before, and how it stood to them then is known.
	lost["t2"] = true
	if asking, later := look("t1", ledger); asking != 1 || later != 300 {
		t.Errorf("pushed back: asked %d times and left %d for later", asking, later)
	}
}

// busyForge is asked too much.
type busyForge struct{ emptyForge }

func (busyForge) Compare(context.Context, hotfix.OID, hotfix.OID) (hotfix.Comparison, error) {
	return hotfix.Comparison{}, &hotfix.Later{At: noon.Add(time.Hour), Why: "GitHub's rate limit is used up"}
}

// The budget ended at one of many proposals: the look at the others ended with it. It is
// left for later, and the look goes on.
func TestAProposalThatCannotBeComparedNowIsLeftForLater(t *testing.T) {
	r := &run{
		Forge: busyForge{}, ledger: newBook(), now: func() time.Time { return noon }, git: commits{},
		snap: &hotfix.Snapshot{}, again: noon.Add(2 * time.Hour),
	}
	g := &hotfix.Gated{Pull: 35, Head: "head"}
	env := hotfix.EnvironmentState{Environment: hotfix.Environment{Branch: "main"}, Tip: "t1"}
	base, err := r.mergeBase(t.Context(), g, env)
	if base != "" || err != nil || !g.Later || !r.again.Equal(noon.Add(time.Hour)) {
		t.Errorf("%q, %v; later %t, again at %s", base, err, g.Later, r.again)
	}
}
