package bot

import (
	"context"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// takenForge answers as GitHub does where somebody opened a pull request from a branch
// first: with theirs.
type takenForge struct{ emptyForge }

func (takenForge) OpenPull(_ context.Context, wanted hotfix.NewPull) (hotfix.Pull, error) {
	return hotfix.Pull{Number: 36, Author: "mallory", Head: wanted.Head, Base: wanted.Base, Open: true}, nil
}

// idleGit fetches and pushes what it is told to.
type idleGit struct{ Git }

func (idleGit) Fetch(context.Context, ...hotfix.OID) error                 { return nil }
func (idleGit) Push(context.Context, string, hotfix.OID, hotfix.OID) error { return nil }
func (idleGit) Replay(context.Context, hotfix.OID, hotfix.Series) (hotfix.Replay, error) {
	return hotfix.Replay{Tip: oid(7)}, nil
}

// Somebody opened a pull request from the bot's branch before the bot did: it is never
// taken for the bot's, and who opened it is told with what can be done.
func TestSomebodyElsesPullRequestIsNotTheBots(t *testing.T) {
	prod := hotfix.EnvironmentState{Environment: hotfix.Environment{Branch: "production"}}
	qa := hotfix.EnvironmentState{Environment: hotfix.Environment{Branch: "qa"}}
	for name, c := range map[string]struct {
		open   func(r *run) error
		remedy string
	}{
		"a backport": {
			func(r *run) error {
				_, err := r.openOwn(t.Context(), hotfix.NewPull{Head: "backport/qa/34-cart", Base: "qa"}, false)
				return err
			},
			"merge #36, or close it",
		},
		"a backport with conflict markers": {
			func(r *run) error {
				_, err := r.openOwn(t.Context(), hotfix.NewPull{Head: "backport/qa/34-cart", Base: "qa", Draft: true}, true)
				return err
			},
			"close #36, which holds conflict markers",
		},
		"a promotion": {
			func(r *run) error {
				return r.openPromotion(t.Context(), hotfix.OpenPromotion{Pull: 34, Environment: prod.Environment, Tag: "v1.7.1", Commit: oid(2)})
			},
			"merge #36, or close it",
		},
		"a revert": {
			func(r *run) error {
				return r.openRevert(t.Context(), hotfix.OpenRevert{Pull: 34, Environment: qa.Environment})
			},
			"merge #36, or close it",
		},
	} {
		h := hotfix.Hotfix{
			Pull: hotfix.Pull{Number: 34}, Reverted: &hotfix.Undoing{},
			Targets: []hotfix.Target{{Environment: qa}}, Stages: []hotfix.Stage{{Environment: prod}},
		}
		r := &run{
			Forge: takenForge{}, git: idleGit{}, ledger: newBook(),
			snap: &hotfix.Snapshot{Branches: map[string]hotfix.OID{}, Hotfixes: []hotfix.Hotfix{h}},
		}
		err := c.open(r)
		if !isRefusal(err) || !strings.Contains(err.Error(), "mallory") || !strings.Contains(err.Error(), c.remedy) {
			t.Errorf("%s: %v", name, err)
		}
		if now := r.snap.Hotfixes[0]; now.Targets[0].Revert != nil || now.Stages[0].Promotion != nil {
			t.Errorf("%s: noted as the bot's", name)
		}
	}
}
