package bot

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// refusingGit is a workspace in which a hotfix's commits cannot be used.
type refusingGit struct {
	Git
	err error
}

func (g refusingGit) Commit(context.Context, hotfix.OID) (hotfix.Commit, error) {
	return hotfix.Commit{}, g.err
}

func (g refusingGit) Fetch(context.Context, ...hotfix.OID) error { return g.err }

func (g refusingGit) Replay(context.Context, hotfix.OID, hotfix.Series) (hotfix.Replay, error) {
	return hotfix.Replay{}, g.err
}

type emptyForge struct{ Forge }

func (emptyForge) About() hotfix.Repository { return hotfix.Repository{} }
func (emptyForge) Bot() hotfix.Bot          { return hotfix.Bot{} }
func (emptyForge) PullCommits(context.Context, int) ([]hotfix.Commit, bool, error) {
	return nil, false, nil
}

type emptyLedger struct{ Ledger }

func (emptyLedger) Recall(context.Context, hotfix.RepositoryID, string, any) (bool, error) {
	return false, nil
}

func (emptyLedger) Remember(context.Context, hotfix.RepositoryID, string, any) error { return nil }

func refusing(err error) (*run, *hotfix.Hotfix) {
	r := &run{
		Forge: emptyForge{}, git: refusingGit{err: err}, ledger: emptyLedger{}, log: zerolog.Nop(),
		snap: &hotfix.Snapshot{Refused: map[string]hotfix.Problem{}},
	}
	return r, &hotfix.Hotfix{Pull: hotfix.Pull{Number: 34, Landed: "c0ffee"}}
}

// A hotfix whose content git refuses waits for a person; it must not keep the
// repository's other hotfixes from being looked at.
func TestRefusedContentConcernsOneHotfix(t *testing.T) {
	refusal := &hotfix.Refusal{What: "the objects that are needed take more than 4096 MiB", Remedy: "bring it over by hand"}
	r, h := refusing(refusal)
	target := hotfix.Target{Carries: hotfix.Carries{Picks: []hotfix.Pick{{Commit: "c0ffee"}}}}
	target.Environment.Branch = "qa"
	if err := r.observeTarget(t.Context(), h, &target, seen{}); err != nil {
		t.Fatal(err)
	}
	if p := r.snap.Refused[hotfix.BackportKey(34, "qa")]; p.What != refusal.What || p.Remedy != refusal.Remedy {
		t.Errorf("refused %+v", r.snap.Refused)
	}
	if st := targetStanding(r.snap, h, &target); st.Verdict != hotfix.VerdictWaiting || st.Problem == nil {
		t.Errorf("standing %+v", st)
	}
	if err := r.observeLanding(t.Context(), h); err != nil || h.Landing.Unclear != refusal.What || h.Landing.Commit != "c0ffee" {
		t.Errorf("landing %+v %v", h.Landing, err)
	}
}

// What may pass by itself is tried again.
func TestOtherErrorsOfGitAreErrors(t *testing.T) {
	failure := errors.New("connection reset")
	r, h := refusing(failure)
	target := hotfix.Target{Carries: hotfix.Carries{Picks: []hotfix.Pick{{Commit: "c0ffee"}}}}
	if err := r.observeTarget(t.Context(), h, &target, seen{}); !errors.Is(err, failure) {
		t.Errorf("target: %v", err)
	}
	if err := r.observeLanding(t.Context(), h); !errors.Is(err, failure) {
		t.Errorf("landing: %v", err)
	}
}

// pickyGit refuses one commit, and notes what it is asked for.
type pickyGit struct {
	Git
	refused hotfix.OID
	asked   [][]hotfix.OID
}

func (g *pickyGit) Fetch(_ context.Context, commits ...hotfix.OID) error {
	g.asked = append(g.asked, commits)
	if slices.Contains(commits, g.refused) {
		return &hotfix.Refusal{What: "an object of it is broken"}
	}
	return nil
}

// What stands on the bot's branches comes in one request with the environments; what
// somebody pushed there that git refuses keeps nothing else from being read.
func TestTipsComeTogether(t *testing.T) {
	lists := seen{backport: map[int][]hotfix.Pull{34: {
		{Number: 35, Base: "qa", Head: "backport/qa/34-discount", Open: true},
		{Number: 36, Base: "dev", Head: "backport/dev/34-discount"},
	}}}
	tips := []hotfix.OID{"aa", "bb"}
	for refused, want := range map[hotfix.OID][][]hotfix.OID{
		"":   {{"aa", "bb", "cc"}},
		"cc": {{"aa", "bb", "cc"}, {"aa", "bb"}},
	} {
		git := &pickyGit{refused: refused}
		r := &run{git: git, snap: &hotfix.Snapshot{Branches: map[string]hotfix.OID{"backport/qa/34-discount": "cc", "backport/dev/34-discount": "dd"}}}
		if err := r.fetchTips(t.Context(), tips, lists); err != nil || !reflect.DeepEqual(git.asked, want) {
			t.Errorf("refused %q: asked for %v, %v", refused, git.asked, err)
		}
	}
}
