package bot

import (
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// pick records what of the hotfix an environment gets, and makes its backport so
// (P13: LifeTime's compare, select, merge).
func pick(s *hotfix.Snapshot, h *hotfix.Hotfix, request hotfix.Request, c hotfix.Command) outcome {
	t, known := environment(h, request, c.Environment)
	if t == nil {
		return no(c, render.SaidNotThere(c.Environment, known))
	}
	c.Environment = t.Environment.Branch
	choice, unknown := chosen(s, h, c.Args)
	if unknown != "" {
		return no(c, render.SaidNotThere(unknown, h.Landing.Paths))
	}
	picked := carries(s, h, source{landing: h.Landing}, choice, true)
	if st := targetStanding(s, h, t); st.Verdict.Final() && !contains(t, picked) {
		return no(c, render.SaidNothingToPick(st))
	}
	said := yes(c, render.SaidPicked(t.Environment.Name, c.Args, picked.LeftOut))
	said.granted.Chosen = &choice
	if t.Environment.Absent || h.Reverted != nil || len(deployable(s, h)) > 0 || madeFor(t, request) {
		return said
	}
	o := carryNow(s, h, t, picked, request)
	if len(o.first) > 0 {
		return o
	}
	said.granted.Said = joinTexts([]string{said.granted.Said, o.granted.Said})
	return said
}

// chosen reads what a person chose: commits of the hotfix, its paths or folders,
// and modules. Unknown is the first word that is none of these.
func chosen(s *hotfix.Snapshot, h *hotfix.Hotfix, words []string) (choice hotfix.Choice, unknown string) {
	for _, word := range words {
		commit := commitOf(h, word)
		paths := pathsOf(s.Config, h, word)
		switch {
		case commit != "":
			choice.Commits = append(choice.Commits, commit)
		case len(paths) > 0:
			choice.Paths = append(choice.Paths, paths...)
		default:
			return choice, word
		}
	}
	return choice, ""
}

// commitOf is the commit of the hotfix that a word of at least seven digits begins.
func commitOf(h *hotfix.Hotfix, word string) hotfix.OID {
	if len(word) < 7 {
		return ""
	}
	for _, p := range slices.Concat(h.Landing.Picks, h.Commits) {
		if strings.HasPrefix(string(p.Commit), strings.ToLower(word)) {
			return p.Commit
		}
	}
	return ""
}

// pathsOf are the paths that a word means: a path or folder of the hotfix, or what
// the hotfix changes in a module of that name. Where the landing is unclear nobody
// knows the paths, so the word is believed.
func pathsOf(cfg hotfix.Config, h *hotfix.Hotfix, word string) []string {
	one := hotfix.Choice{Paths: []string{word}}
	if h.Landing.Unclear != "" || slices.ContainsFunc(h.Landing.Paths, one.Takes) {
		return []string{word}
	}
	var list []string
	for _, m := range cfg.Modules {
		for _, path := range h.Landing.Paths {
			if m.Name == word && repoconfig.MatchesPath(m.Paths, path) {
				list = append(list, path)
			}
		}
	}
	return list
}

// madeFor reports whether the backport that a request asks for is there.
func madeFor(t *hotfix.Target, request hotfix.Request) bool {
	return slices.ContainsFunc(t.Attempts, func(a hotfix.Attempt) bool {
		return a.Pull != nil && askedBy(a.Marker, request)
	})
}

// askedBy reports whether a backport was made for a request.
func askedBy(m hotfix.BackportMarker, request hotfix.Request) bool {
	return sameRequest(request, m.Command, m.Press)
}

// sameRequest reports whether a request is the comment or the press that a marker names.
func sameRequest(request hotfix.Request, comment int64, press string) bool {
	if request.Press != "" {
		return press == request.Press
	}
	return comment != 0 && comment == request.Comment.ID
}

// carryNow makes a backport for a request: the last one anew where it is the bot's
// own, else another one beside it.
func carryNow(s *hotfix.Snapshot, h *hotfix.Hotfix, t *hotfix.Target, what hotfix.Carries, request hotfix.Request) outcome {
	action, ok := remake(h, t, request.Comment.ID)
	if !ok {
		action = openBackport(s, h, t, request.Comment.ID)
	}
	action.Carries, action.Press = what, request.Press
	if problem, refused := s.Refused[action.Key()]; refused {
		return outcome{granted: hotfix.Granted{Said: render.SaidRefused(t.Environment.Name, problem)}}
	}
	if !s.Postponed[action.Key()] && contains(t, what) { // what is postponed keeps the request open
		return outcome{}
	}
	return outcome{first: []hotfix.Action{action}}
}

// contains reports whether the environment was found to hold what would be carried
// there.
func contains(t *hotfix.Target, what hotfix.Carries) bool {
	return t.Replay.Outcome == hotfix.Contained && slices.EqualFunc(t.Carries.Picks, what.Picks, samePick)
}

// samePick reports whether two picks carry the same.
func samePick(a, b hotfix.Pick) bool { return a.Commit == b.Commit && a.SamePaths(b) }

// backport carries the hotfix to branches that are no environment.
func backport(s *hotfix.Snapshot, h *hotfix.Hotfix, request hotfix.Request, c hotfix.Command) outcome {
	var said []string
	for _, branch := range c.Args {
		if _, ok := s.Branches[branch]; !ok {
			return no(c, render.SaidNotThere(branch, nil))
		}
		if env, ok := s.Config.Environments.Find(branch); ok {
			return no(c, render.SaidIsEnvironment(env))
		}
	}
	for _, branch := range c.Args {
		t := h.Target(branch)
		if t == nil {
			t = &hotfix.Target{Environment: branchState(s, branch)}
		}
		if !madeFor(t, request) && t.Replay.Outcome != hotfix.Contained {
			o := carryNow(s, h, t, carries(s, h, source{landing: h.Landing}, hotfix.Choice{}, false), request)
			if len(o.first) > 0 {
				return o
			}
			said = append(said, o.granted.Said)
		}
		said = append(said, render.SaidCarried(branch, targetStanding(s, h, t)))
	}
	return yes(c, joinTexts(said))
}

// branchState is a branch that is no environment, as if it were one.
func branchState(s *hotfix.Snapshot, branch string) hotfix.EnvironmentState {
	tip := s.Branches[branch]
	return hotfix.EnvironmentState{Environment: hotfix.Environment{Name: branch, Branch: branch}, Tip: tip, Absent: tip == ""}
}

// asked are the branches to which people asked to carry a hotfix, beside the
// environments.
func askedBranches(s *hotfix.Snapshot, pull int) []string {
	var list []string
	granted(s, pull, func(_ hotfix.Answer, g hotfix.Granted) {
		for _, branch := range g.Args {
			if _, is := s.Config.Environments.Find(branch); g.Verb == hotfix.VerbBackport && !is && !slices.Contains(list, branch) {
				list = append(list, branch)
			}
		}
	})
	return list
}
