package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// How much history is looked at, newest first: to find where a branch got a hotfix
// that nobody's pull request brought, or with which commit it lost one.
const (
	maxHistoryPaths   = 3
	maxHistoryCommits = 30
)

// undone reports whether a replay finds the lines from before the hotfix: all of
// it applies again, or some paths do.
func undone(replay hotfix.Replay) bool {
	return replay.Outcome == hotfix.Clean || replay.Outcome == hotfix.Conflict && len(replay.Applied) > 0
}

// observeProof finds out whether an environment that does not hold the hotfix word
// for word had it, and, if it lost it, with which commit (P15b, P18).
func (r *run) observeProof(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target) error {
	if t.Replay.Outcome == hotfix.Contained {
		return r.observeSince(ctx, h, t)
	}
	var err error
	t.Proved = h.Marker.Proved[t.Environment.Branch]
	if needed := lostPicks(t); t.Proved != "" && len(needed) > 0 {
		t.Undone, err = r.undoing(ctx, h, needed, t.Environment, t.Proved)
		return err
	}
	if t.Proved != "" {
		compared, err := r.compare(ctx, t.Proved, t.Environment.Tip)
		if err == nil && compared.Reached() {
			return nil
		}
		if err != nil && !isGone(err) {
			return err
		}
		t.Proved = "" // the branch was made anew
	}
	if t.Replay.Outcome == hotfix.Conflict && len(t.Attempts) == 0 {
		err = r.introduced(ctx, h, t)
	}
	return err
}

// observeSince reads since when an environment may have a hotfix whose issue somebody
// closed before that.
func (r *run) observeSince(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target) error {
	if closedAt(h).IsZero() {
		return nil
	}
	at := t.Environment.Tip
	if proved := h.Marker.Proved[t.Environment.Branch]; proved != "" {
		at = proved
	}
	commit, err := r.git.Commit(ctx, at)
	if err != nil {
		return notGone(err)
	}
	t.Since = commit.CommittedAt
	return nil
}

// lostPicks is what of a target's hotfix is not there any more: all of it, or what a
// merged backport made of it; nothing where it is there.
func lostPicks(t *hotfix.Target) []hotfix.Pick {
	if undone(t.Replay) {
		return t.Carries.Needed()
	}
	for _, a := range slices.Backward(t.Attempts) {
		if a.Pull != nil && a.Pull.Merged && a.Reached && a.Now == hotfix.Clean && a.Marker.Onto.Valid() {
			return []hotfix.Pick{{Commit: a.Pull.HeadOID, Base: a.Marker.Onto}}
		}
	}
	return nil
}

// introduced looks for a commit of the branch at which picking the hotfix changed
// nothing: somebody brought it there by hand, and it was edited since. Commits of
// the landing branch prove nothing about this one.
func (r *run) introduced(ctx context.Context, h *hotfix.Hotfix, t *hotfix.Target) error {
	fact := fmt.Sprintf("introduced/%d/%s", h.Pull.Number, t.Environment.Tip)
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &t.Proved); err != nil || ok {
		return err
	}
	history, err := r.pathHistory(ctx, h, t.Environment.Tip)
	if err != nil {
		return err
	}
	landing, _ := r.snap.Config.Environments.Landing()
	for _, c := range history {
		replay, err := r.outcome(ctx, h, t.Carries.Needed(), t.Carries.Union, c.OID, t.Environment.Environment)
		if err != nil {
			return err
		}
		if replay.Outcome != hotfix.Contained {
			continue
		}
		compared, err := r.compare(ctx, c.OID, r.snap.Branches[landing.Branch])
		if err != nil {
			return err
		}
		if !compared.Reached() {
			t.Proved = c.OID
			break
		}
	}
	return r.ledger.Remember(ctx, r.About().ID, fact, t.Proved)
}

// undoing finds the commit with which a branch lost a hotfix: the oldest one of
// those since which it is not there.
func (r *run) undoing(ctx context.Context, h *hotfix.Hotfix, needed []hotfix.Pick, env hotfix.EnvironmentState, had hotfix.OID) (*hotfix.Undoing, error) {
	fact := fmt.Sprintf("undone/%d/%s/%s", h.Pull.Number, had, env.Tip)
	found := hotfix.Undoing{}
	if ok, err := r.ledger.Recall(ctx, r.About().ID, fact, &found); err != nil || ok {
		return &found, err
	}
	for _, list := range []func() ([]hotfix.Commit, error){
		func() ([]hotfix.Commit, error) { return r.pathHistory(ctx, h, env.Tip) },
		func() ([]hotfix.Commit, error) { return r.firstParents(ctx, env.Tip) },
	} {
		history, err := list()
		if err != nil {
			return nil, err
		}
		last, err := r.lastWithout(ctx, h, needed, env, history)
		if err != nil {
			return nil, err
		}
		if last != nil {
			found = hotfix.Undoing{Commit: last.OID, Author: author(*last)}
			break
		}
	}
	if found.Commit == "" {
		var err error
		if found, err = r.dropping(ctx, env, had); err != nil {
			return nil, err
		}
	}
	return &found, r.ledger.Remember(ctx, r.About().ID, fact, found)
}

// dropping finds the merge that took a branch's history with the hotfix in and left
// its content out: no commit of the branch's own line ever held it. Where the history
// is not there either, the branch was moved, and nobody knows by whom.
func (r *run) dropping(ctx context.Context, env hotfix.EnvironmentState, had hotfix.OID) (hotfix.Undoing, error) {
	found := hotfix.Undoing{Commit: env.Tip}
	line, err := r.firstParents(ctx, env.Tip)
	if err != nil {
		return found, err
	}
	for _, c := range line {
		compared, err := r.compare(ctx, had, c.OID)
		if isGone(err) || err == nil && !compared.Reached() {
			return found, nil
		}
		if err != nil {
			return found, err
		}
		found = hotfix.Undoing{Commit: c.OID, Author: author(c)}
	}
	return found, nil
}

// lastWithout is the commit after which a history, newest first, holds the hotfix;
// nil when it never does.
func (r *run) lastWithout(ctx context.Context, h *hotfix.Hotfix, needed []hotfix.Pick, env hotfix.EnvironmentState, history []hotfix.Commit) (*hotfix.Commit, error) {
	for i := range history {
		replay, err := r.outcome(ctx, h, needed, nil, history[i].OID, env.Environment)
		if err != nil {
			return nil, err
		}
		if undone(replay) {
			continue
		}
		if i == 0 {
			return nil, nil
		}
		return &history[i-1], nil
	}
	return nil, nil
}

// pathHistory lists the newest commits of a branch that changed what the hotfix
// changes.
func (r *run) pathHistory(ctx context.Context, h *hotfix.Hotfix, tip hotfix.OID) ([]hotfix.Commit, error) {
	var list []hotfix.Commit
	known := map[hotfix.OID]bool{}
	for _, path := range h.Landing.Paths[:min(len(h.Landing.Paths), maxHistoryPaths)] {
		commits, err := r.History(ctx, tip, path, maxHistoryCommits)
		if err != nil {
			return nil, fmt.Errorf("list commits of %s: %w", path, err)
		}
		for _, c := range commits {
			if !known[c.OID] {
				known[c.OID], list = true, append(list, c)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b hotfix.Commit) int { return b.CommittedAt.Compare(a.CommittedAt) })
	return list, r.fetchAll(ctx, list)
}

// firstParents lists the newest commits of a branch itself, which shows merges
// that took the other side.
func (r *run) firstParents(ctx context.Context, tip hotfix.OID) ([]hotfix.Commit, error) {
	commits, err := r.History(ctx, tip, "", 100)
	if err != nil {
		return nil, fmt.Errorf("list commits of %s: %w", tip.Short(), err)
	}
	var line []hotfix.Commit
	next := tip
	for _, c := range commits {
		if c.OID == next && len(line) < maxHistoryCommits {
			line = append(line, c)
			if next = ""; len(c.Parents) > 0 {
				next = c.Parents[0]
			}
		}
	}
	return line, r.fetchAll(ctx, line)
}

func (r *run) fetchAll(ctx context.Context, commits []hotfix.Commit) error {
	ids := make([]hotfix.OID, len(commits))
	for i, c := range commits {
		ids[i] = c.OID
	}
	return r.git.Fetch(ctx, ids...)
}

// author is who made a commit: the account, where GitHub knows it.
func author(c hotfix.Commit) string {
	if c.AuthorLogin != "" {
		return c.AuthorLogin
	}
	return c.AuthorName
}

// observeReverted asks whether the landing environment still has what landed (P20).
func (r *run) observeReverted(ctx context.Context, h *hotfix.Hotfix) error {
	env := r.environment(h.Pull.Base)
	if env.Tip == "" || env.Tip == h.Landing.Commit || h.Landing.Unclear != "" {
		return nil
	}
	needed := carries(r.snap, h, source{landing: h.Landing}, hotfix.Choice{}, false).Needed()
	replay, err := r.outcome(ctx, h, needed, nil, env.Tip, env.Environment)
	if err != nil {
		return r.noteRefusal(ctx, hotfix.CreateTag{Pull: h.Pull.Number}.Key(), err)
	}
	if undone(replay) {
		h.Reverted, err = r.undoing(ctx, h, needed, env, h.Landing.Commit)
	}
	return err
}
