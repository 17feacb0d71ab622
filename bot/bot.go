// Package bot carries every hotfix of a repository through its life: it
// observes the repository, decides what is to be done, does it, and publishes
// where everything stands.
//
//	observe   Forge, Git            → hotfix.Snapshot
//	decide    Decide(Snapshot)      → hotfix.Plan        pure
//	act       each action idempotent, folded back into the snapshot
//	publish   status comments, check runs, the ledger: all rendered from the plan
//
// GitHub and git are the truth: a reconcile that was killed anywhere is finished
// by the next one, and a second reconcile writes nothing. The package owns the
// ports (ports.go) and knows no GitHub client, no git program and no database.
package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/doctor"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/trail"
)

// Reconciler brings one repository at a time to where its configuration and the
// people working on it want it. It holds no state of its own.
type Reconciler struct {
	Forges Forges
	Gits   Gits
	Ledger Ledger
	// SealKey is known to nobody but the App; see seal.go.
	SealKey []byte
	// Needs are what the App has to be granted: the doctor asks.
	Needs doctor.Needs
	Now   func() time.Time
	Log   zerolog.Logger
}

// Decide and act are repeated within one reconcile. A hotfix needs four passes; many
// people's commands, two for each. Passes that do nothing but what was done before are
// a bug in Decide, said as an error, never a busy loop.
const (
	maxPasses  = 25  // without anything new
	maxActions = 500 // the rest waits for the next attempt
)

// Reconcile does everything there is to do for a repository. It may be called at
// any time and any number of times, but for one repository only one at once. The
// error, if any, has one of the fates of package hotfix.
func (r *Reconciler) Reconcile(ctx context.Context, id hotfix.RepositoryID) error {
	for range maxAnew {
		anew, err := r.look(ctx, id)
		if due := (*hotfix.Due)(nil); !anew || err != nil && !errors.As(err, &due) {
			return r.ignoreGone(ctx, id, err)
		}
	}
	return nil
}

// maxAnew bounds how often a reconcile begins anew: in chain order each environment
// may be merged after the one before it. The rest is for the next wake.
const maxAnew = 5

// look is one look at the repository and what follows from it. Anew is whether the
// bot merged something itself and has to look again.
func (r *Reconciler) look(ctx context.Context, id hotfix.RepositoryID) (anew bool, err error) {
	forge, err := r.Forges.Repository(ctx, id)
	if isGoneRepository(err) || err == nil && forge.About().Archived && forge.About().Private {
		if err := r.hide(ctx, id); err != nil {
			return false, fmt.Errorf("hide the ledger: %w", err)
		}
	}
	if err != nil || forge.About().Archived {
		return false, err
	}
	ctx = trail.Named(ctx, forge.About().FullName())
	git, err := r.Gits.Open(ctx, forge.About())
	if err != nil {
		return false, fmt.Errorf("open git workspace: %w", err)
	}
	defer git.Close()
	run := &run{
		Forge: forge, git: git, ledger: r.Ledger, now: r.Now, sealKey: r.SealKey, needs: r.Needs,
		links: map[int]hotfix.Links{}, fresh: map[hotfix.OID]bool{}, tagged: map[string]bool{},
		log: r.Log.With().Ctx(ctx).Logger(),
	}
	err = run.reconcile(ctx)
	return run.anew, err
}

// hide makes the board of a repository that cannot be looked at any more a private
// one: nobody would notice that it is not public any more.
func (r *Reconciler) hide(ctx context.Context, id hotfix.RepositoryID) error {
	board, ok, err := r.Ledger.Board(ctx, id)
	if err != nil || !ok || !board.Public {
		return err
	}
	// It is shown again by a whole look, though its lists may say what they said before.
	if err := r.Ledger.Remember(ctx, id, restFact, restMark{}); err != nil {
		return err
	}
	board.Public = false
	return r.Ledger.Save(ctx, board)
}

// ignoreGone drops the error of a repository that is no more, when it has been so for
// a while: there is nothing to be done for it.
func (r *Reconciler) ignoreGone(ctx context.Context, id hotfix.RepositoryID, err error) error {
	if isGoneRepository(err) {
		marker := doubtMarker(goneRepository)
		if err := disbelieve(ctx, r.Ledger, id, marker, r.Now(), err); !isGoneRepository(err) {
			return err
		}
		if err := r.Ledger.Settle(ctx, id, marker); err != nil {
			return fmt.Errorf("forget the repository: %w", err)
		}
		r.Log.Info().Ctx(ctx).Msg("repository is gone or the App is not installed there any more")
		return nil
	}
	return err
}

// run is one reconcile of one repository.
type run struct {
	Forge
	git      Git
	ledger   Ledger
	sealKey  []byte
	needs    doctor.Needs
	now      func() time.Time
	log      zerolog.Logger
	snap     *hotfix.Snapshot
	begun    map[string]time.Time // the intents that were never settled
	came     time.Time            // when the App was first seen to have come
	heard    string               // the last webhook before it began
	issues   []hotfix.Issue       // those with the hotfix label, as they were when the reconcile began
	releases []hotfix.Release     // the newest, nil: not looked at
	links    map[int]hotfix.Links // by pull request, as far as they were asked for
	fresh    map[hotfix.OID]bool  // commits that were made in this reconcile and that GitHub had never seen
	tagged   map[string]bool      // the tags that were made in this reconcile
	busy     bool                 // it changed something, or looked at what no list shows
	judged   int                  // the proposals that it looked at afresh
	anew     bool                 // it merged something itself, and has to look again from the start
	soon     time.Time            // when what GitHub does in the bot's name can be seen; zero: it does nothing
	again    time.Time            // when something postponed has to be looked at again; zero: nothing is
}

func (r *run) reconcile(ctx context.Context) error {
	lists, err := r.observe(ctx)
	if rested := (*rested)(nil); errors.As(err, &rested) {
		return rested.outcome()
	}
	if err != nil {
		return fmt.Errorf("observe: %w", err)
	}
	done := map[string]bool{}
	for idle := 0; idle < maxPasses && len(done) < maxActions; idle++ {
		plan := Decide(r.snap)
		if len(plan.Actions) == 0 {
			return r.finish(ctx, lists, plan)
		}
		r.log.Debug().Str("actions", hotfix.Describe(plan.Actions)).Msg("decided")
		for _, action := range plan.Actions {
			if !done[action.Key()] {
				done[action.Key()], idle = true, 0
			}
			if err := r.act(trail.Hotfix(ctx, concerned(r.snap, action)), action); err != nil {
				return fmt.Errorf("%s: %w", action.Key(), err)
			}
			if _, numbered := action.(hotfix.OpenIssue); numbered && r.snap.Postponed[action.Key()] {
				break // what would be numbered after it waits, too
			}
		}
	}
	return fmt.Errorf("no rest after %d actions: %s", len(done), hotfix.Describe(Decide(r.snap).Actions))
}

// finish publishes, and asks for another reconcile where something is postponed or
// will be due.
func (r *run) finish(ctx context.Context, lists seen, plan hotfix.Plan) error {
	if err := r.publish(ctx, lists, plan); err != nil {
		return err
	}
	plan.Again = earlier(r.soon, plan.Again)
	if err := r.rest(ctx, lists, plan); err != nil {
		return err
	}
	switch {
	case !r.again.IsZero():
		return &hotfix.Later{At: earlier(r.again, plan.Again), Why: "something is not known yet or was moved in between"}
	case !plan.Again.IsZero():
		return &hotfix.Due{At: plan.Again}
	}
	return nil
}
