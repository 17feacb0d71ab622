package bot

import (
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// propagate wants a backport pull request for every environment whose turn is
// the bot's.
func propagate(s *hotfix.Snapshot, h *hotfix.Hotfix, status hotfix.Status) []hotfix.Action {
	var actions []hotfix.Action
	for i, standing := range status.Standings {
		t := &h.Targets[i]
		if standing.Verdict == hotfix.VerdictPending {
			actions = append(actions, openBackport(s, h, t, 0))
		}
		if due, ok := outdated(t); ok && h.Reverted == nil && !standing.Verdict.Final() && !s.Now.Before(due) {
			if action, ok := remake(h, t, t.Last().Marker.Command); ok {
				actions = append(actions, action)
			}
		}
		if last := t.Last(); standing.Verdict == hotfix.VerdictProposed && mergesItself(s, t, last) && last.Stuck == nil {
			actions = append(actions, hotfix.MergeBackport{Pull: last.Pull.Number, Hotfix: h.Pull.Number, Branch: last.Branch, Head: last.Pull.HeadOID})
		}
	}
	return append(actions, undressed(s, h)...)
}

// remakeEvery is how often a backport is made anew by itself at most (P12).
const remakeEvery = time.Hour

// outdated reports whether an untouched backport would conflict otherwise if it
// were made now, and from when on it may be made anew.
func outdated(t *hotfix.Target) (due time.Time, ok bool) {
	last := t.Last()
	if last == nil || !last.Own || last.Anew == nil || last.Anew.Outcome == hotfix.Contained {
		return time.Time{}, false
	}
	return last.Marker.Made.Add(remakeEvery), !sameConflicts(last.Marker.Conflicts, last.Anew.Conflicts)
}

// sameConflicts reports whether the same paths conflict in the same way.
func sameConflicts(a, b []hotfix.PathConflict) bool {
	in := func(list []hotfix.PathConflict) func(hotfix.PathConflict) bool {
		return func(c hotfix.PathConflict) bool {
			return slices.ContainsFunc(list, func(d hotfix.PathConflict) bool { return c.Path == d.Path && c.Kind == d.Kind })
		}
	}
	return !slices.ContainsFunc(a, func(c hotfix.PathConflict) bool { return !in(b)(c) }) &&
		!slices.ContainsFunc(b, func(c hotfix.PathConflict) bool { return !in(a)(c) })
}

// undressed wants what a pull request gets right after it was opened, where that
// was begun and not ended.
func undressed(s *hotfix.Snapshot, h *hotfix.Hotfix) []hotfix.Action {
	var actions []hotfix.Action
	for _, t := range h.Targets {
		for _, a := range t.Attempts {
			if a.Pull != nil && a.Pull.Open && s.Begun[hotfix.DressKey(a.Branch)] {
				actions = append(actions, hotfix.Dress{Pull: a.Pull.Number, Hotfix: h.Pull.Number, Branch: a.Branch})
			}
		}
	}
	return actions
}

// openBackport is the next backport of a hotfix to a target. Where a branch of
// the bot's stands ready without a pull request (a run was killed between the
// two), it is taken up; where an earlier attempt has a pull request, or somebody
// else's branch the name, a new number is taken, so that nothing a person did is
// written over.
func openBackport(s *hotfix.Snapshot, h *hotfix.Hotfix, t *hotfix.Target, command int64) hotfix.OpenBackport {
	action := hotfix.OpenBackport{
		Pull: h.Pull.Number, Environment: t.Environment.Environment, Attempt: 1, Command: command, Carries: t.Carries,
	}
	slug := naming.Slug(h.Pull.Head, h.Pull.Title)
	last := t.Last()
	if last != nil {
		action.Attempt = last.Number + 1
	}
	if last != nil && last.Pull == nil {
		action.Attempt, action.Lease, action.Branch = last.Number, last.Tip, last.Branch
		return action
	}
	for {
		action.Branch = naming.Branch(action.Environment, h.Pull.Number, slug, action.Attempt)
		if _, taken := s.Branches[action.Branch]; !taken {
			return action
		}
		action.Attempt++
	}
}

// remake is the same attempt made anew on the environment's present tip. It is
// possible while the branch is the bot's own.
func remake(h *hotfix.Hotfix, t *hotfix.Target, command int64) (hotfix.OpenBackport, bool) {
	last := t.Last()
	if last == nil || last.Pull == nil || !last.Pull.Open || !last.Own || last.Pull.Base != t.Environment.Branch {
		return hotfix.OpenBackport{}, false
	}
	return hotfix.OpenBackport{
		Pull: h.Pull.Number, Environment: t.Environment.Environment, Attempt: last.Number,
		Branch: last.Branch, Lease: last.Tip, Remake: true, Carries: t.Carries, Command: command,
	}, true
}

// tidy closes the bot's pull requests that have nothing to do any more, and
// deletes its branches after their merge, when its tip is still its own.
func tidy(s *hotfix.Snapshot, h *hotfix.Hotfix, status hotfix.Status) []hotfix.Action {
	var actions []hotfix.Action
	for i, standing := range status.Standings {
		actions = append(actions, tidyRevert(s, h, h.Targets[i].Revert)...)
		for _, a := range h.Targets[i].Attempts {
			switch {
			case !a.Own || a.Pull == nil:
			case a.Pull.Open && (standing.Verdict.Final() || h.Reverted != nil):
				actions = append(actions, hotfix.ClosePull{Pull: a.Pull.Number, Hotfix: h.Pull.Number})
			case a.Pull.Merged || !a.Pull.Open && (standing.Verdict.Final() || h.Reverted != nil):
				actions = append(actions, hotfix.DeleteBranch{Branch: a.Branch, Tip: a.Tip, Hotfix: h.Pull.Number})
			}
		}
	}
	return actions
}
