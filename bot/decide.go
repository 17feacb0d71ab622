package bot

import (
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// The bot's reactions on a request.
const (
	ReactionSeen    = "eyes"     // 👀: read, an answer follows
	ReactionRefused = "confused" // 😕: not allowed, final
)

// Decide is the specification of the bot: from what was seen, what to do now and
// where every hotfix stands. It is pure: no clock, no error, no request. Its
// actions are folded back into the snapshot as they are done, and it is asked
// again until it wants nothing more.
//
// The rules, in the order in which they are asked for each hotfix:
//
//	adopt      its label and its issue                            P1, P2
//	answer     people's commands, before anything they could stop P21
//	release    the tag and the GitHub release                     P4
//	deploy     the release in the environments above              P5
//	propagate  a backport per lower environment                   P7, P10, P11
//	tidy       branches and pull requests with nothing left to do P7, P11
//	remind     people of what waits for them                      P25
//	close      the issue, never against a person                  P2, P16, P17
func Decide(s *hotfix.Snapshot) hotfix.Plan {
	plan := hotfix.Plan{}
	if len(s.ConfigProblems) > 0 {
		// A broken file never leads to a guess; the requests are those of the doctor.
		plan.Actions = unrefused(s, answer(s))
		return plan
	}
	waits := false
	for i := range s.Hotfixes {
		h := &s.Hotfixes[i]
		if waits = waits || sought(s, h); !waits || h.Issue != nil {
			plan.Actions = append(plan.Actions, adopt(s, h)...)
		}
	}
	plan.Actions = unrefused(s, plan.Actions)
	answers := answer(s)
	// An answer can change what every other rule wants, so nothing else is done in
	// the pass that gives one, nor while one is looked for that may have been given.
	looked := slices.ContainsFunc(answers, func(a hotfix.Action) bool { return isReply(a) && s.Postponed[a.Key()] })
	if len(plan.Actions) == 0 {
		plan.Actions = unrefused(s, answers)
	}
	for _, rules := range []func(*hotfix.Snapshot) []hotfix.Action{carry, closing} {
		if len(plan.Actions) == 0 && !looked {
			plan.Actions = unrefused(s, rules(s))
		}
	}
	for i := range s.Hotfixes {
		plan.Statuses = append(plan.Statuses, standing(s, &s.Hotfixes[i]))
		plan.Again = earlier(plan.Again, dueOf(s, &s.Hotfixes[i]))
	}
	return plan
}

// dueOf is when a hotfix has to be looked at again though nothing happened.
func dueOf(s *hotfix.Snapshot, h *hotfix.Hotfix) time.Time {
	var next time.Time
	for i := range h.Targets {
		if due, ok := outdated(&h.Targets[i]); ok && s.Now.Before(due) {
			next = earlier(next, due)
		}
		_, due := reminder(s, &h.Targets[i], targetStanding(s, h, &h.Targets[i]))
		next = earlier(next, due)
		if last := h.Targets[i].Last(); last != nil && s.Now.Before(last.MergeAgain) {
			next = earlier(next, last.MergeAgain)
		}
	}
	return next
}

// earlier is the earlier of two times, of which either may be missing.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// carry asks the rules that move hotfixes on.
func carry(s *hotfix.Snapshot) []hotfix.Action {
	actions := release(s)
	tagging := slices.ContainsFunc(actions, func(a hotfix.Action) bool {
		_, refused := s.Refused[a.Key()]
		_, ok := a.(hotfix.CreateTag)
		return ok && !refused
	})
	waits := slices.ContainsFunc(s.Hotfixes, func(h hotfix.Hotfix) bool { return sought(s, &h) })
	for i := range s.Hotfixes {
		h := &s.Hotfixes[i]
		if waits && h.Comment == nil {
			continue // those that had begun before are not kept waiting
		}
		if tagging && untagged(s, h) {
			continue // the tag's name is told in what is proposed
		}
		status := standing(s, h)
		actions = append(actions, deploy(s, h, status)...)
		actions = append(actions, propagate(s, h, status)...)
		actions = append(actions, tidy(s, h, status)...)
		actions = append(actions, remind(s, h, status)...)
	}
	return actions
}

// sought reports whether the issue of a hotfix may exist already and is looked for.
// GitHub numbers issues and pull requests in the order in which they are made, and a
// backport names the issue: what comes after it waits for it, in carry also that of other
// hotfixes that have just begun.
func sought(s *hotfix.Snapshot, h *hotfix.Hotfix) bool {
	return h.Issue == nil && s.Postponed[hotfix.OpenIssue{Pull: h.Pull.Number}.Key()]
}

// untagged reports whether a hotfix has a tag to come in some line.
func untagged(s *hotfix.Snapshot, h *hotfix.Hotfix) bool {
	for i := range h.Lines {
		if awaitsTag(s, h, &h.Lines[i]) {
			return true
		}
	}
	return false
}

// closing asks the rule for the issues when nothing else is left to do: a tag
// that is refused then holds its issue open from the start, instead of opening it
// again in every reconcile.
func closing(s *hotfix.Snapshot) []hotfix.Action {
	var actions []hotfix.Action
	for i := range s.Hotfixes {
		actions = append(actions, settle(s, &s.Hotfixes[i], standing(s, &s.Hotfixes[i]))...)
	}
	return actions
}

func isReply(a hotfix.Action) bool {
	_, ok := a.(hotfix.Reply)
	return ok
}

// unrefused leaves out what is asked for twice, as by two hotfixes of one issue, and
// what was refused or postponed in this reconcile: that is asked for again at a
// later one, when the cause may be gone.
func unrefused(s *hotfix.Snapshot, actions []hotfix.Action) []hotfix.Action {
	var left []hotfix.Action
	asked := map[string]bool{}
	for _, action := range actions {
		key := action.Key()
		if _, refused := s.Refused[key]; !refused && !s.Postponed[key] && !asked[key] {
			asked[key], left = true, append(left, action)
		}
	}
	return left
}

// adopt gives a merged hotfix its label and its issue. Once it has its status
// comment, a label that is missing was taken away by a person.
func adopt(s *hotfix.Snapshot, h *hotfix.Hotfix) []hotfix.Action {
	label := s.Config.Hotfix.Label
	if h.Partial {
		return nil
	}
	if h.Issue == nil {
		return []hotfix.Action{hotfix.OpenIssue{Pull: h.Pull.Number}}
	}
	var actions []hotfix.Action
	if h.Comment != nil {
		return nil
	}
	if !h.Issue.IsPull && !h.Issue.HasLabel(label) {
		actions = append(actions, hotfix.AddLabel{Number: h.Issue.Number, Label: label})
	}
	if !h.Pull.HasLabel(label) {
		actions = append(actions, hotfix.AddLabel{Number: h.Pull.Number, Label: label})
	}
	return actions
}
