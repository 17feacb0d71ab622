package bot

import (
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// What people were granted is read from the bot's own replies, oldest first, so
// a later word replaces an earlier one.

// withAnswer adds an answer at its place: answers are ordered by when the person
// spoke, also where the bot answers late.
func withAnswer(answers []hotfix.Answer, a hotfix.Answer) []hotfix.Answer {
	answers = append(slices.Clone(answers), a)
	slices.SortStableFunc(answers, func(a, b hotfix.Answer) int { return a.At.Compare(b.At) })
	return answers
}

// lastAsked is when somebody asked for the last thing that was done for a hotfix.
func lastAsked(answers []hotfix.Answer, pull int) (at time.Time) {
	granted(&hotfix.Snapshot{Answers: answers}, pull, func(a hotfix.Answer, _ hotfix.Granted) {
		if a.At.After(at) {
			at = a.At
		}
	})
	return at
}

// granted walks over everything that was done for a hotfix at people's word.
func granted(s *hotfix.Snapshot, pull int, visit func(hotfix.Answer, hotfix.Granted)) {
	for _, answer := range s.Answers {
		for _, g := range answer.Granted {
			if g.Done && slices.Contains(g.Hotfixes, pull) {
				visit(answer, g)
			}
		}
	}
}

// lastSkip is the skip of an environment that is in force.
func lastSkip(s *hotfix.Snapshot, pull int, branch string) (by, reason string, ok bool) {
	granted(s, pull, func(a hotfix.Answer, g hotfix.Granted) {
		if g.Environment != branch {
			return
		}
		switch g.Verb {
		case hotfix.VerbSkip:
			by, reason, ok = a.By, g.Reason, true
		case hotfix.VerbUnskip:
			by, reason, ok = "", "", false
		}
	})
	return by, reason, ok
}

// skippedAt is when an environment was skipped last.
func skippedAt(s *hotfix.Snapshot, pull int, branch string) time.Time {
	var at time.Time
	granted(s, pull, func(a hotfix.Answer, g hotfix.Granted) {
		if g.Verb == hotfix.VerbSkip && g.Environment == branch {
			at = a.At
		}
	})
	return at
}

// confirmed reports whether somebody said that a conflicted path without markers
// is as it should be.
func confirmed(s *hotfix.Snapshot, pull int, branch, path string) bool {
	found := false
	granted(s, pull, func(_ hotfix.Answer, g hotfix.Granted) {
		right := g.Environment == "" || g.Environment == branch
		found = found || g.Verb == hotfix.VerbResolved && right && slices.Contains(g.Args, path)
	})
	return found
}

// word is the last thing said about the whole hotfix: solved or reopen.
type word struct {
	verb    hotfix.Verb
	force   bool
	reason  string
	by      string
	at      time.Time
	without []string // the branches that did not have it then; nil: nobody noted them
}

func lastWord(s *hotfix.Snapshot, pull int) word {
	var last word
	granted(s, pull, func(a hotfix.Answer, g hotfix.Granted) {
		if g.Verb == hotfix.VerbSolved || g.Verb == hotfix.VerbReopen {
			last = word{verb: g.Verb, force: g.Force, reason: g.Reason, by: a.By, at: a.At, without: g.Without[pull]}
		}
	})
	return last
}

// hotfixesAt are the hotfixes that something said at an issue or a pull request is about.
func hotfixesAt(s *hotfix.Snapshot, place int) []*hotfix.Hotfix {
	var list []*hotfix.Hotfix
	for i := range s.Hotfixes {
		h := &s.Hotfixes[i]
		onIssue := h.Issue != nil && h.Issue.Number == place
		if onIssue || h.Pull.Number == place || branchOf(h, place) != "" {
			list = append(list, h)
		}
	}
	return list
}

// branchOf is the environment's branch whose backport a pull request number is.
func branchOf(h *hotfix.Hotfix, pull int) string {
	for _, t := range h.Targets {
		for _, a := range t.Attempts {
			if a.Pull != nil && a.Pull.Number == pull {
				return t.Environment.Branch
			}
		}
	}
	return ""
}

// lastPick is what a person chose of the hotfix for an environment, if anything.
func lastPick(s *hotfix.Snapshot, pull int, branch string) (choice hotfix.Choice, ok bool) {
	granted(s, pull, func(_ hotfix.Answer, g hotfix.Granted) {
		if g.Verb == hotfix.VerbPick && g.Environment == branch && g.Chosen != nil {
			choice, ok = *g.Chosen, true
		}
	})
	return choice, ok
}
