package bot

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/rs/zerolog"

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

// goneForges finds a repository no more.
type goneForges struct{ Forges }

func (goneForges) Repository(context.Context, hotfix.RepositoryID) (Forge, error) {
	return nil, &hotfix.Gone{What: "the repository", Repository: true}
}

// shelf keeps a board, and what was known of the repository when it was saved last.
type shelf struct {
	*book
	board *hotfix.Board
	rest  *string
}

func (s shelf) Board(context.Context, hotfix.RepositoryID) (hotfix.Board, bool, error) {
	return *s.board, true, nil
}

func (s shelf) Save(_ context.Context, board hotfix.Board) error {
	*s.board, *s.rest = board, s.facts[restFact]
	return nil
}

// A public repository was made private and given away: its page was hidden, and when it
// was public again its lists said what they had said before, so that it was never shown
// again. What a whole look would find is forgotten before the page is hidden: a process
// that is killed between the two does the first again.
func TestAHiddenPageIsShownByTheNextLook(t *testing.T) {
	shelf := shelf{book: newBook(), board: &hotfix.Board{Repository: 7, Public: true}, rest: new(string)}
	mark := restMark{Print: "the lists", Since: noon}
	if err := shelf.Remember(t.Context(), 7, restFact, mark); err != nil {
		t.Fatal(err)
	}
	r := &Reconciler{Forges: goneForges{}, Ledger: shelf, Now: func() time.Time { return noon }, Log: zerolog.Nop()}
	later := (*hotfix.Later)(nil)
	if err := r.Reconcile(t.Context(), 7); !errors.As(err, &later) {
		t.Errorf("gone at once: %v", err)
	}
	if shelf.board.Public {
		t.Error("the page is still public")
	}
	mark = restMark{}
	if err := json.Unmarshal([]byte(*shelf.rest), &mark); err != nil || mark != (restMark{}) {
		t.Errorf("when the page was hidden the last look was still known: %+v, %v", mark, err)
	}
}
