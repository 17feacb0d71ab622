package bot

import (
	"context"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// goneGit finds nothing of what it is asked for.
type goneGit struct {
	Git
	gone *hotfix.Gone
}

func (g goneGit) Fetch(context.Context, ...hotfix.OID) error { return g.gone }

func (g goneGit) Replay(context.Context, hotfix.OID, hotfix.Series) (hotfix.Replay, error) {
	return hotfix.Replay{}, g.gone
}

// GitHub answered "not found" to one fetch, for a moment, while the bot read what a
// merged backport left: it took the commits for gone, and proved the hotfix otherwise. A
// repository that seems gone says nothing of what is in it.
func TestARepositoryThatSeemsGoneSaysNothingOfAMergedBackport(t *testing.T) {
	for name, c := range map[string]struct {
		gone    hotfix.Gone
		decided bool
	}{
		"its commit was pushed over": {hotfix.Gone{What: "commit bb"}, true},
		"the repository seems gone":  {hotfix.Gone{What: "the repository", Repository: true}, false},
	} {
		r := &run{Forge: emptyForge{}, git: goneGit{gone: &c.gone}, snap: &hotfix.Snapshot{}, ledger: notes{facts: map[string]string{
			compareFact("bb", "cc"): `{"Relation": "ancestor"}`,
		}}}
		target := &hotfix.Target{Environment: hotfix.EnvironmentState{Environment: hotfix.Environment{Branch: "qa"}, Tip: "cc"}}
		a := &hotfix.Attempt{Reached: true, Pull: &hotfix.Pull{Number: 35, Base: "qa", Merged: true, Landed: "bb"}}
		err := r.observeMerged(t.Context(), &hotfix.Hotfix{}, target, a)
		if decided := err == nil && !a.Reached; decided != c.decided {
			t.Errorf("%s: decided %t, %v", name, decided, err)
		}
	}
}
