package bot

import (
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// apply is what one command means for one hotfix.
func apply(s *hotfix.Snapshot, h *hotfix.Hotfix, request hotfix.Request, c hotfix.Command) outcome {
	status := standing(s, h)
	switch c.Verb {
	case hotfix.VerbStatus:
		return outcome{granted: hotfix.Granted{Command: c, Done: true}, body: render.StatusReply(status)}
	case hotfix.VerbExplain:
		return outcome{granted: hotfix.Granted{Command: c, Done: true}, body: render.Explain(status)}
	case hotfix.VerbRetry:
		return retry(s, h, request, c, status)
	case hotfix.VerbResolved:
		return resolved(h, request, c)
	case hotfix.VerbSkip, hotfix.VerbUnskip:
		return skip(s, h, request, c)
	case hotfix.VerbSolved:
		return solved(h, c, status)
	case hotfix.VerbPick:
		return pick(s, h, request, c)
	case hotfix.VerbBackport:
		return backport(s, h, request, c)
	case hotfix.VerbDeploy:
		return tagAndDeploy(s, h, c, status)
	case hotfix.VerbRevert:
		return revert(s, h, request, c, status)
	case hotfix.VerbReopen:
		return reopen(s, h, request, c, status)
	}
	return no(c, render.SaidUsage("`/hotfix "+string(c.Verb)+"` is not about a hotfix")) // help and doctor are answered before
}

// environment is the target that a command means: the one it names, else the one
// whose backport it was said on.
func environment(h *hotfix.Hotfix, request hotfix.Request, word string) (*hotfix.Target, []string) {
	if word == "" {
		word = branchOf(h, request.Comment.Issue)
	}
	var known []string
	for i := range h.Targets {
		if h.Targets[i].Environment.Is(word) {
			return &h.Targets[i], nil
		}
		known = append(known, h.Targets[i].Environment.Branch)
	}
	return nil, known
}

// skip records that an environment does not need the fix, or that it does again.
func skip(s *hotfix.Snapshot, h *hotfix.Hotfix, request hotfix.Request, c hotfix.Command) outcome {
	t, known := environment(h, request, c.Environment)
	if t == nil {
		return no(c, render.SaidNotThere(c.Environment, known))
	}
	c.Environment = t.Environment.Branch
	if c.Verb == hotfix.VerbSkip {
		return yes(c, render.SaidSkipped(t.Environment.Name, c.Reason))
	}
	if _, _, is := lastSkip(s, h.Pull.Number, c.Environment); !is {
		return no(c, render.SaidNotSkipped(t.Environment.Name))
	}
	return yes(c, render.SaidUnskipped(t.Environment.Name))
}

// resolved records that conflicted paths without markers are as they should be.
func resolved(h *hotfix.Hotfix, request hotfix.Request, c hotfix.Command) outcome {
	c.Environment = branchOf(h, request.Comment.Issue)
	for _, path := range c.Args {
		known := slices.ContainsFunc(h.Targets, func(t hotfix.Target) bool {
			return (c.Environment == "" || c.Environment == t.Environment.Branch) && conflicted(t, path)
		})
		if !known {
			return no(c, render.SaidNotConflicted(path))
		}
	}
	return yes(c, render.SaidResolved(c.Args))
}

func conflicted(t hotfix.Target, path string) bool {
	last := t.Last()
	return last != nil && slices.ContainsFunc(last.Marker.Conflicts, func(c hotfix.PathConflict) bool { return c.Path == path })
}

// solved closes the hotfix when nothing is missing, or with force and a reason.
func solved(h *hotfix.Hotfix, c hotfix.Command, status hotfix.Status) outcome {
	open := h.Issue != nil && h.Issue.Open
	switch {
	case h.Partial && !c.Force: // nobody knows what is missing
		return no(c, render.SaidProblem(render.UnclearLanding(h.Landing)))
	case c.Force && !status.Complete():
		o := yes(c, render.SaidForced(c.Reason))
		o.granted.Without = map[int][]string{h.Pull.Number: without(status)}
		return o
	case !status.Complete():
		return no(c, render.SaidMissing(status))
	case !open && status.State == hotfix.StateSolved:
		return no(c, render.SaidAlreadySolved())
	}
	return yes(c, render.SaidSolved())
}

// without are the branches that do not have a hotfix.
func without(status hotfix.Status) []string {
	list := []string{}
	for _, st := range status.Missing() {
		list = append(list, st.Branch)
	}
	return list
}

// reopen opens a solved hotfix again; from then on it is watched as if the person
// had reopened the issue.
func reopen(s *hotfix.Snapshot, h *hotfix.Hotfix, request hotfix.Request, c hotfix.Command, status hotfix.Status) outcome {
	if h.Issue != nil && h.Issue.Open && status.State != hotfix.StateSolved && status.State != hotfix.StateForced {
		return no(c, render.SaidAlreadyOpen())
	}
	return yes(c, render.SaidReopened())
}

// retry wants new backports where a person can use one, and answers when they
// are there.
func retry(s *hotfix.Snapshot, h *hotfix.Hotfix, request hotfix.Request, c hotfix.Command, status hotfix.Status) outcome {
	return perEnvironment(h, request, c, status, func(c hotfix.Command, st hotfix.Standing) outcome {
		return retryOne(s, h, request, c, st)
	})
}

// perEnvironment does a command for the environment that it names, or on whose
// backport it stands, or else for every one, and puts the answers together.
func perEnvironment(h *hotfix.Hotfix, request hotfix.Request, c hotfix.Command, status hotfix.Status, one func(hotfix.Command, hotfix.Standing) outcome) outcome {
	wanted := status.Standings
	if c.Environment != "" || branchOf(h, request.Comment.Issue) != "" {
		t, known := environment(h, request, c.Environment)
		if t == nil {
			return no(c, render.SaidNotThere(c.Environment, known))
		}
		c.Environment = t.Environment.Branch
		wanted = slices.DeleteFunc(slices.Clone(wanted), func(st hotfix.Standing) bool { return st.Branch != c.Environment })
	}
	var said []string
	for _, st := range wanted {
		o := one(c, st)
		if len(o.first) > 0 {
			return o
		}
		said = append(said, o.granted.Said)
	}
	return yes(c, joinTexts(said))
}

func retryOne(s *hotfix.Snapshot, h *hotfix.Hotfix, request hotfix.Request, c hotfix.Command, st hotfix.Standing) outcome {
	t := h.Target(st.Branch)
	for _, made := range t.Attempts {
		if made.Pull != nil && askedBy(made.Marker, request) {
			return yes(c, render.SaidRetried(st.Environment, made.Pull.Number))
		}
	}
	if st.Verdict.Final() || t.Environment.Absent || len(t.Carries.Picks) == 0 || h.Reverted != nil || t.Replay.Outcome == hotfix.Contained {
		return yes(c, render.SaidNothingToRetry(st))
	}
	o := carryNow(s, h, t, t.Carries, request)
	if len(o.first) > 0 {
		return o
	}
	return yes(c, o.granted.Said)
}
