package bot

import (
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// stateOf works out the state of the whole hotfix from its standings, its
// issue's turns and what people were granted.
func stateOf(s *hotfix.Snapshot, h *hotfix.Hotfix, status *hotfix.Status) {
	complete := status.Complete() && !h.Partial && !anyRefused(s, h)
	said := lastWord(s, h.Pull.Number)
	held, heldBy := heldOpen(h, said)
	status.State = hotfix.StateOpen
	switch {
	case h.Reverted != nil && !complete:
		status.State = hotfix.StateReverted
	case said.verb == hotfix.VerbSolved && said.force && !held && !complete && !lostSince(said, *status):
		status.State, status.Forced, status.ForcedBy = hotfix.StateForced, said.reason, said.by
	case complete && held:
		status.State, status.HeldOpenBy = hotfix.StateReady, heldBy
	case complete && s.Config.Close == "manual" && h.Issue != nil && h.Issue.Open && !saidSolved(h, said):
		status.State = hotfix.StateReady
	case complete:
		status.State = hotfix.StateSolved
	case held:
		status.HeldOpenBy = heldBy
	}
	if isOver(*status) {
		status.SolvedAt = solvedAt(s, h, *status)
	}
	tellTurns(s, h, status)
}

// lostSince reports whether an environment that had the hotfix when somebody closed it
// by force has lost it: that was not what they said (P18).
func lostSince(said word, status hotfix.Status) bool {
	return said.without != nil && slices.ContainsFunc(status.Standings, func(st hotfix.Standing) bool {
		return st.Verdict == hotfix.VerdictLost && !slices.Contains(said.without, st.Branch)
	})
}

// solvedAt is when a hotfix came to its end: when its issue was closed, or, where a
// person had closed it before, when the last environment got it. Zero while it is open.
func solvedAt(s *hotfix.Snapshot, h *hotfix.Hotfix, status hotfix.Status) time.Time {
	at := closedAt(h)
	if at.IsZero() {
		return at
	}
	for i, st := range status.Standings {
		if since := settledSince(s, h, &h.Targets[i], st); since.After(at) && !since.After(s.Now) {
			at = since.UTC().Truncate(time.Second)
		}
	}
	return at
}

// settledSince is since when an environment needs nothing any more, as far as GitHub
// and git tell.
func settledSince(s *hotfix.Snapshot, h *hotfix.Hotfix, t *hotfix.Target, st hotfix.Standing) time.Time {
	switch {
	case st.Verdict == hotfix.VerdictSkipped:
		return skippedAt(s, h.Pull.Number, st.Branch)
	case st.Verdict != hotfix.VerdictContained:
		return time.Time{}
	case st.Proof.Pull == 0:
		return t.Since
	}
	for _, a := range t.Attempts {
		if a.Pull != nil && a.Pull.Number == st.Proof.Pull {
			return a.Pull.MergedAt
		}
	}
	return time.Time{}
}

// closedAt is when the issue was closed last; zero while it is open.
func closedAt(h *hotfix.Hotfix) time.Time {
	if h.Issue == nil || h.Issue.Open || len(h.Issue.Turns) == 0 {
		return time.Time{}
	}
	return h.Issue.Turns[len(h.Issue.Turns)-1].At.UTC().Truncate(time.Second)
}

// anyRefused reports whether the tag or the release waits for somebody: then the
// hotfix is not at its end although every environment has it.
func anyRefused(s *hotfix.Snapshot, h *hotfix.Hotfix) bool {
	return slices.ContainsFunc(releaseKeys(h), func(key string) bool {
		_, refused := s.Refused[key]
		return refused
	})
}

// heldOpen reports whether a person reopened the issue after the bot had closed
// it, or asked for that, and has not said solved since (P17).
func heldOpen(h *hotfix.Hotfix, said word) (bool, string) {
	if h.Issue == nil {
		return false, ""
	}
	var at time.Time
	var by string
	closedByBot := false
	for _, turn := range h.Issue.Turns {
		switch {
		case turn.Closed:
			closedByBot = closedByBot || turn.ByBot
		case !turn.ByBot && closedByBot:
			at, by = turn.At, turn.By
		}
	}
	if said.verb == hotfix.VerbReopen && said.at.After(at) {
		at, by = said.at, said.by
	}
	if at.IsZero() || said.verb == hotfix.VerbSolved && said.at.After(at) {
		return false, ""
	}
	return true, by
}

// saidSolved reports whether somebody said that it is solved, and nothing was lost
// since, for which the bot opened the issue again.
func saidSolved(h *hotfix.Hotfix, said word) bool {
	return said.verb == hotfix.VerbSolved && !slices.ContainsFunc(h.Issue.Turns, func(turn hotfix.Turn) bool {
		return !turn.Closed && turn.At.After(said.at)
	})
}

// tellTurns notes what people have to be told of the issue's closings.
func tellTurns(s *hotfix.Snapshot, h *hotfix.Hotfix, status *hotfix.Status) {
	if h.Issue == nil || h.Issue.IsPull || isOver(*status) {
		return
	}
	turns := h.Issue.Turns
	if n := len(turns); n > 0 && turns[n-1].Closed && !byMachine(s, h, turns[n-1]) && !turns[n-1].ByBot {
		status.ClosedBy = turns[n-1].By
	}
	for i, turn := range turns {
		if turn.Closed && byMachine(s, h, turn) && i+1 < len(turns) && turns[i+1].ByBot {
			status.Reopened = &turn
		}
	}
}

// byMachine reports whether GitHub closed the issue because of a keyword in the pull
// requests or commits of one of its hotfixes: nobody meant it to be solved.
func byMachine(s *hotfix.Snapshot, h *hotfix.Hotfix, turn hotfix.Turn) bool {
	return slices.ContainsFunc(s.Hotfixes, func(other hotfix.Hotfix) bool {
		return other.Issue != nil && other.Issue.Number == h.Issue.Number && closedBy(&other, turn)
	})
}

// closedBy reports whether a pull request or a commit of a hotfix closed its issue.
func closedBy(h *hotfix.Hotfix, turn hotfix.Turn) bool {
	if turn.CloserPull == h.Pull.Number && turn.CloserPull != 0 {
		return true
	}
	closers := []hotfix.OID{h.Landing.Commit}
	for _, pick := range h.Landing.Picks {
		closers = append(closers, pick.Commit)
	}
	for _, t := range h.Targets {
		for _, a := range t.Attempts {
			if a.Pull == nil {
				continue
			}
			if a.Pull.Number == turn.CloserPull {
				return true
			}
			closers = append(closers, a.Pull.HeadOID, a.Pull.Landed)
		}
		for _, commit := range t.Replay.Commits {
			closers = append(closers, commit.Commit)
		}
	}
	return turn.CloserCommit != "" && slices.Contains(closers, turn.CloserCommit)
}

// settle wants the issue closed when the hotfix is solved, and open again when
// GitHub closed it too early or somebody asked for it. What a person closed or
// reopened stays so.
func settle(s *hotfix.Snapshot, h *hotfix.Hotfix, status hotfix.Status) []hotfix.Action {
	if h.Issue == nil || h.Issue.IsPull || h.Partial {
		return nil
	}
	over := isOver(status)
	switch {
	case over && h.Issue.Open && !sharedIssueWaits(s, h):
		return []hotfix.Action{hotfix.SetIssue{Number: h.Issue.Number}}
	case !over && !h.Issue.Open && mustReopen(s, h, lastWord(s, h.Pull.Number)):
		return []hotfix.Action{hotfix.SetIssue{Number: h.Issue.Number, Open: true}}
	}
	return nil
}

func isOver(status hotfix.Status) bool {
	return status.State == hotfix.StateSolved || status.State == hotfix.StateForced
}

// sharedIssueWaits reports whether another hotfix of the same issue is not over:
// the issue closes when all are (P2).
func sharedIssueWaits(s *hotfix.Snapshot, h *hotfix.Hotfix) bool {
	return slices.ContainsFunc(s.Hotfixes, func(other hotfix.Hotfix) bool {
		return other.Issue != nil && other.Issue.Number == h.Issue.Number && !isOver(standing(s, &other))
	})
}

// mustReopen reports whether a closed issue of an unsolved hotfix was closed by
// nobody who meant it (by a keyword, or by the bot before something was lost), or
// whether somebody asked for it to be reopened since.
func mustReopen(s *hotfix.Snapshot, h *hotfix.Hotfix, said word) bool {
	turns := h.Issue.Turns
	if len(turns) == 0 {
		return false
	}
	last := turns[len(turns)-1]
	asked := said.verb == hotfix.VerbReopen && said.at.After(last.At)
	return last.Closed && (last.ByBot || byMachine(s, h, last) || asked)
}
