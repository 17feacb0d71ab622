package bot

import (
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// doers are who did what the board shows of each hotfix, for its history; tagged are the
// tags that this reconcile made. It is only told what is known for sure.
func doers(s *hotfix.Snapshot, plan hotfix.Plan, tagged map[string]bool) map[int]hotfix.Doers {
	all := map[int]hotfix.Doers{}
	for _, status := range plan.Statuses {
		h := s.Find(status.Key.Pull)
		if h == nil {
			continue
		}
		one := hotfix.Doers{Landed: h.Pull.MergedBy}
		if slices.ContainsFunc(status.Tags(), func(tag string) bool { return tagged[tag] }) {
			one.Released = releaser(s, status.Key.Pull)
		}
		if status.State == hotfix.StateSolved {
			one.Solved = solver(s, h)
		}
		all[status.Key.Pull] = one
	}
	return all
}

// releaser is at whose word the bot has just tagged a hotfix, or the bot itself, where it
// waits for nobody's; empty where the word is not answered yet.
func releaser(s *hotfix.Snapshot, pull int) string {
	by := ""
	if s.Config.Release.Trigger == "auto" {
		by = s.Bot.Login()
	}
	granted(s, pull, func(a hotfix.Answer, g hotfix.Granted) {
		if g.Verb == hotfix.VerbDeploy {
			by = a.By
		}
	})
	return by
}

// solver is who said that a hotfix is solved, or closed its issue; the bot, where nobody did.
func solver(s *hotfix.Snapshot, h *hotfix.Hotfix) string {
	if said := lastWord(s, h.Pull.Number); said.verb == hotfix.VerbSolved {
		return said.by
	}
	if h.Issue != nil && len(h.Issue.Turns) > 0 {
		last := h.Issue.Turns[len(h.Issue.Turns)-1]
		if last.Closed && !last.ByBot && !byMachine(s, h, last) && last.By != "" {
			return last.By
		}
	}
	return s.Bot.Login()
}
