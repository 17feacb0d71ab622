package bot

import (
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// standing is where one hotfix stands, with what proves it.
func standing(s *hotfix.Snapshot, h *hotfix.Hotfix) hotfix.Status {
	landing, _ := s.Config.Environments.Landing()
	status := hotfix.Status{
		Key: s.Key(h), Title: h.Pull.Title, URL: h.Pull.URL, Author: h.Pull.Author, MergedAt: h.Pull.MergedAt,
		Landing: landing.Name, Landed: h.Landing,
	}
	for _, line := range h.Lines {
		status.Versions = append(status.Versions, taggedAs(line))
	}
	for i := range h.Stages {
		status.Stages = append(status.Stages, stageStanding(s, h, &h.Stages[i]))
	}
	status.Deployable, status.Reverted = deployable(s, h), h.Reverted
	for i := range h.Targets {
		status.Standings = append(status.Standings, targetStanding(s, h, &h.Targets[i]))
	}
	status.Problems = problems(s, h)
	modules(s, h, &status)
	if h.Issue != nil {
		status.Issue = h.Issue.Number
	}
	stateOf(s, h, &status)
	return status
}

// problems are what keeps the hotfix itself waiting.
func problems(s *hotfix.Snapshot, h *hotfix.Hotfix) []hotfix.Problem {
	var list []hotfix.Problem
	for _, key := range releaseKeys(h) {
		if p, ok := s.Refused[key]; ok {
			list = append(list, p)
		}
	}
	if h.Landing.Unclear != "" {
		return append(list, render.UnclearLanding(h.Landing))
	}
	for i := range h.Lines {
		switch line := &h.Lines[i]; {
		case deleted(h, line) && s.Config.Release.Trigger == "auto":
			list = append(list, render.DeletedTag(h.Marker.Tags[line.Application], h.Landing.Commit))
		case line.Holding == nil && line.Base == nil:
			list = append(list, render.NoVersionTag(line.Application, tagPrefix(s, h, line), h.Landing.Commit))
		}
	}
	return list
}

// releaseKeys are the keys of what is made for a hotfix's releases.
func releaseKeys(h *hotfix.Hotfix) []string {
	keys := []string{hotfix.CreateTag{Pull: h.Pull.Number}.Key()}
	for _, line := range h.Lines {
		if line.Application != "" {
			keys = append(keys, hotfix.CreateTag{Pull: h.Pull.Number, Application: line.Application}.Key())
		}
	}
	for _, tag := range h.Tags() {
		keys = append(keys, hotfix.CreateRelease{Tag: tag}.Key())
	}
	return keys
}

// taggedAs is as what a hotfix is released in a line.
func taggedAs(line hotfix.Line) hotfix.Tagged {
	tagged := hotfix.Tagged{Application: line.Application}
	if line.Holding != nil {
		tagged.Tag = line.Holding.Name
	}
	if line.Release != nil {
		tagged.Release = line.Release.URL
	}
	return tagged
}

// tagName is the tag that the hotfix's promotion is named after: the first
// application's; empty without one.
func tagName(h *hotfix.Hotfix) string {
	release := h.Holding()
	if release == nil {
		return ""
	}
	return release.Name
}

// targetStanding is the verdict for one environment. The rules are asked in this
// order; the first that holds decides.
func targetStanding(s *hotfix.Snapshot, h *hotfix.Hotfix, t *hotfix.Target) hotfix.Standing {
	st := hotfix.Standing{Environment: t.Environment.Name, Branch: t.Environment.Branch}
	st.LeftOut, st.From, st.FromPull = t.Carries.LeftOut, t.Carries.From, t.Carries.FromPull
	nameAttempts(&st, t)
	if t.Revert != nil && t.Revert.Pull.Open {
		st.Revert = t.Revert.Pull.Number
	}
	for _, rule := range []func() bool{
		func() bool { return skipped(s, h, &st) },
		func() bool { return absent(s, t, h, &st) },
		func() bool { return mergedProof(s, h, t, &st) },
		func() bool { return emptyPick(t, &st) },
		func() bool { return provedEarlier(h, t, &st) },
		func() bool { return reverted(h, &st) },
		func() bool { return refused(s, h, &st) },
		func() bool { return proposed(s, h, t, &st) },
		func() bool { return declined(s, t, &st) },
		func() bool { return heldBack(s, h, &st) },
		func() bool { return waitsForAnother(s, h, t, &st) },
	} {
		if rule() {
			return st
		}
	}
	st.Verdict = hotfix.VerdictPending
	return st
}

func nameAttempts(st *hotfix.Standing, t *hotfix.Target) {
	for _, a := range t.Attempts {
		if a.Pull == nil {
			continue
		}
		if st.Pull != 0 {
			st.Superseded = append(st.Superseded, st.Pull)
		}
		st.Pull, st.PullURL = a.Pull.Number, a.Pull.URL
	}
}

// skipped: a person said so, with a reason (P13, P15c).
func skipped(s *hotfix.Snapshot, h *hotfix.Hotfix, st *hotfix.Standing) bool {
	by, reason, ok := lastSkip(s, h.Pull.Number, st.Branch)
	if ok {
		st.Verdict, st.By, st.Reason = hotfix.VerdictSkipped, by, reason
	}
	return ok
}

// absent: the branch is not there, or nobody can tell what to carry.
func absent(s *hotfix.Snapshot, t *hotfix.Target, h *hotfix.Hotfix, st *hotfix.Standing) bool {
	_, isEnvironment := s.Config.Environments.Find(st.Branch)
	switch {
	case t.Environment.Absent && !isEnvironment:
		st.Problem = ptr(render.GoneBranch(st.Branch))
	case t.Environment.Absent:
		st.Problem = ptr(render.MissingBranch(t.Environment.Environment))
	case len(t.Carries.Picks) == 0 && h.Landing.Unclear != "":
		st.Problem = ptr(render.UnclearLanding(h.Landing))
	default:
		return false
	}
	st.Verdict = hotfix.VerdictWaiting
	return true
}

// refused: GitHub or git would not make the backport.
func refused(s *hotfix.Snapshot, h *hotfix.Hotfix, st *hotfix.Standing) bool {
	problem, ok := s.Refused[hotfix.BackportKey(h.Pull.Number, st.Branch)]
	if ok {
		st.Verdict, st.Problem = hotfix.VerdictWaiting, &problem
	}
	return ok
}

// proposed: a backport pull request is open and waits for people.
func proposed(s *hotfix.Snapshot, h *hotfix.Hotfix, t *hotfix.Target, st *hotfix.Standing) bool {
	last := t.Last()
	if last == nil || last.Pull == nil || !last.Pull.Open {
		return false
	}
	st.Conflicts, st.Verdict = last.Marker.Conflicts, hotfix.VerdictProposed
	st.Awaited = awaited(last.Pull)
	for _, c := range unresolved(s, h, t, last) {
		st.Unresolved = append(st.Unresolved, c.Path)
	}
	switch {
	case last.Pull.Base != st.Branch:
		st.Verdict = hotfix.VerdictWaiting
		st.Problem = ptr(render.Repointed(last.Pull.Number, last.Pull.Base, st.Branch))
	case len(st.Unresolved) > 0 || len(st.Conflicts) > 0 && last.Pull.Draft:
		st.Verdict = hotfix.VerdictConflicted
	case mergesItself(s, t, last):
		st.Problem = last.Stuck
	}
	return true
}

// awaited are the people who have to do something about an open pull request.
func awaited(p *hotfix.Pull) []string {
	people := slices.Clone(p.Assignees)
	for _, reviewer := range p.Reviewers {
		if !slices.Contains(people, reviewer) {
			people = append(people, reviewer)
		}
	}
	return people
}

// unresolved are the conflicts that nobody resolved in the branch or confirmed
// with a command.
func unresolved(s *hotfix.Snapshot, h *hotfix.Hotfix, t *hotfix.Target, a *hotfix.Attempt) []hotfix.PathConflict {
	var list []hotfix.PathConflict
	for _, c := range a.Unresolved {
		if c.Markers || !confirmed(s, h.Pull.Number, t.Environment.Branch, c.Path) {
			list = append(list, c)
		}
	}
	return list
}

// declined: a person closed the backport, or merged it elsewhere. The bot never
// opens it again by itself (P17); after a skip or its own closing it does.
func declined(s *hotfix.Snapshot, t *hotfix.Target, st *hotfix.Standing) bool {
	last := t.Last()
	if last == nil || last.Pull == nil || last.Pull.Open {
		return false
	}
	switch {
	case last.Pull.Merged && last.Pull.Base != st.Branch:
		st.Verdict = hotfix.VerdictDeclined
		st.Problem = ptr(render.MergedElsewhere(last.Pull.Number, last.Pull.Base, st.Branch))
	case last.Pull.Merged:
		st.Verdict = hotfix.VerdictLost
		st.Problem = ptr(render.MergeGone(last.Pull.Number, st.Branch))
	case last.Pull.ClosedBy == s.Bot.Login():
		return false
	default:
		st.Verdict, st.By = hotfix.VerdictDeclined, last.Pull.ClosedBy
	}
	return true
}

func ptr(p hotfix.Problem) *hotfix.Problem { return &p }
