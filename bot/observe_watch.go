package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// watch looks after the hotfixes that are solved: whether a push took one away
// again (P18). Only those whose paths a push touches are looked at.
type watch struct {
	run     *run
	before  map[string]hotfix.OID // by branch, the tip at the reconcile before
	changed map[string][]string   // by branch, the paths that changed since
}

// newWatch reads from the ledger where the branches were when everything was well.
func (r *run) newWatch(ctx context.Context) (*watch, error) {
	w := &watch{run: r, before: map[string]hotfix.OID{}, changed: map[string][]string{}}
	board, _, err := r.ledger.Board(ctx, r.About().ID)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	untold, err := r.untold(ctx)
	if untold || err != nil { // what was lost then may stand nowhere
		return w, err
	}
	for _, env := range board.Environments {
		w.before[env.Branch] = env.Tip
	}
	return w, nil
}

// untoldFact is the fact whether GitHub refused at the last look something that people
// would have seen.
const untoldFact = "untold"

func (r *run) untold(ctx context.Context) (untold bool, err error) {
	_, err = r.ledger.Recall(ctx, r.About().ID, untoldFact, &untold)
	return untold, err
}

func (r *run) noteUntold(ctx context.Context, untold bool) error {
	if was, err := r.untold(ctx); was == untold || err != nil {
		return err
	}
	return r.ledger.Remember(ctx, r.About().ID, untoldFact, untold)
}

// lost reports whether some environment may have lost a solved hotfix. It is then
// looked at as closely as one that is under way, which decides.
func (w *watch) lost(ctx context.Context, pull hotfix.Pull, status hotfix.Status) (bool, error) {
	r := w.run
	over, err := w.over(ctx, pull, status)
	if over || err != nil {
		return false, err
	}
	for _, st := range status.Standings {
		env := r.environment(st.Branch)
		if env.Branch == "" { // somebody asked for it
			env = branchState(r.snap, st.Branch)
		}
		if st.Verdict != hotfix.VerdictContained || env.Absent || env.Tip == "" {
			continue
		}
		touched, err := w.touched(ctx, st.Branch, env.Tip, status.Landed.Paths)
		if err != nil {
			return false, err
		}
		if !touched {
			continue
		}
		gone, err := w.gone(ctx, pull, status, st, env)
		if gone || err != nil {
			return true, err
		}
	}
	return false, nil
}

// gone reports whether a branch finds the lines from before the hotfix: as it landed,
// or as a merged backport brought it there.
func (w *watch) gone(ctx context.Context, pull hotfix.Pull, status hotfix.Status, st hotfix.Standing, env hotfix.EnvironmentState) (bool, error) {
	one := guarded{hotfix: &hotfix.Hotfix{Pull: pull, Landing: status.Landed}}
	replay, err := w.run.outcome(ctx, one.hotfix, hotfix.Without(status.Landed.Picks, st.LeftOut), nil, env.Tip, env.Environment)
	if err != nil || undone(replay) || st.Proof == nil || st.Proof.Pull == 0 {
		return err == nil && undone(replay), err
	}
	one.landed = st.Proof.Commit
	if err := w.run.exact(ctx, &one); err != nil || len(one.needs) == 0 {
		return false, err
	}
	replay, err = w.run.outcome(ctx, one.hotfix, one.needs, nil, env.Tip, env.Environment)
	return err == nil && undone(replay), err
}

// over reports whether the watch has ended: its time is over, or the next minor
// release, which Production runs, has the hotfix.
func (w *watch) over(ctx context.Context, pull hotfix.Pull, status hotfix.Status) (bool, error) {
	r := w.run
	since := status.SolvedAt
	if since.IsZero() { // without an issue nothing was closed
		since = status.MergedAt
	}
	if since.Add(r.snap.Config.Watch).Before(r.snap.Now) {
		return true, nil
	}
	for _, own := range status.Versions {
		if over, err := w.overtaken(ctx, pull, status, own); !over || err != nil {
			return false, err
		}
	}
	return len(status.Versions) > 0, nil
}

// overtaken reports whether Production runs a later minor release of an application
// than the one in which a hotfix was released, and that has the hotfix.
func (w *watch) overtaken(ctx context.Context, pull hotfix.Pull, status hotfix.Status, released hotfix.Tagged) (bool, error) {
	r := w.run
	production, template := r.snap.Environments[0], r.snap.Config.TagTemplate(released.Application)
	running := production.Of(released.Application)
	own, named := hotfix.ParseRelease(hotfix.Tag{Name: released.Tag}, template)
	now, runs := hotfix.ParseRelease(hotfix.Tag{Name: running.Tag}, template)
	if !named || !runs || now.Version.SameLine(own.Version) || now.Version.Compare(own.Version) < 0 {
		return false, nil
	}
	replay, err := r.outcome(ctx, &hotfix.Hotfix{Pull: pull, Landing: status.Landed}, status.Landed.Picks, nil,
		r.snap.Tags[running.Tag].Commit, production.Environment)
	return err == nil && replay.Outcome == hotfix.Contained, err
}

// touched reports whether a branch changed one of the paths since the reconcile
// before. Where that is not known, it did.
func (w *watch) touched(ctx context.Context, branch string, tip hotfix.OID, paths []string) (bool, error) {
	before := w.before[branch]
	if before == tip {
		return false, nil
	}
	if before == "" || len(paths) == 0 {
		return true, nil
	}
	changed, known := w.changed[branch]
	if !known {
		var err error
		if changed, err = w.run.git.Changed(ctx, before, tip); err != nil {
			return isGone(err), notGone(err)
		}
		w.changed[branch] = changed
	}
	return slices.ContainsFunc(changed, func(path string) bool { return slices.Contains(paths, path) }), nil
}

// notGone drops the error of a commit that is no more.
func notGone(err error) error {
	if isGone(err) {
		return nil
	}
	return err
}
