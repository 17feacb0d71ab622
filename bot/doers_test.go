package bot

import (
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// The history says who landed, released and solved a hotfix: a person, or the bot.
func TestDoers(t *testing.T) {
	said := func(verb hotfix.Verb, by string) hotfix.Answer {
		return hotfix.Answer{By: by, At: noon, Granted: []hotfix.Granted{{Command: hotfix.Command{Verb: verb}, Done: true, Hotfixes: []int{34}}}}
	}
	closed := func(by string, bot bool) []hotfix.Turn {
		return []hotfix.Turn{{At: noon, Closed: true, By: by, ByBot: bot}}
	}
	for name, c := range map[string]struct {
		trigger string
		made    bool
		answers []hotfix.Answer
		turns   []hotfix.Turn
		want    hotfix.Doers
	}{
		"by itself":              {"auto", true, nil, closed("hotfixbot[bot]", true), hotfix.Doers{Landed: "bob", Released: "hotfixbot[bot]", Solved: "hotfixbot[bot]"}},
		"tagged before":          {"auto", false, nil, closed("hotfixbot[bot]", true), hotfix.Doers{Landed: "bob", Solved: "hotfixbot[bot]"}},
		"at people's word":       {"manual", true, []hotfix.Answer{said(hotfix.VerbDeploy, "carol"), said(hotfix.VerbSolved, "dave")}, closed("hotfixbot[bot]", true), hotfix.Doers{Landed: "bob", Released: "carol", Solved: "dave"}},
		"not answered yet":       {"manual", true, nil, closed("hotfixbot[bot]", true), hotfix.Doers{Landed: "bob", Solved: "hotfixbot[bot]"}},
		"the issue was closed":   {"auto", false, nil, closed("erin", false), hotfix.Doers{Landed: "bob", Solved: "erin"}},
		"solved, after a reopen": {"auto", false, []hotfix.Answer{said(hotfix.VerbSolved, "dave"), said(hotfix.VerbReopen, "carol")}, closed("erin", false), hotfix.Doers{Landed: "bob", Solved: "erin"}},
	} {
		s := repository()
		s.Bot.Slug, s.Config.Release.Trigger, s.Answers = "hotfixbot", c.trigger, c.answers
		h := landed(s, 34)
		h.Pull.Author, h.Pull.MergedBy, h.Issue.Open, h.Issue.Turns = "alice", "bob", false, c.turns
		tagged(s, h, "v1.7.1")
		status := standing(s, h)
		status.State = hotfix.StateSolved
		got := doers(s, hotfix.Plan{Statuses: []hotfix.Status{status}}, map[string]bool{"v1.7.1": c.made})
		if got[34] != c.want {
			t.Errorf("%s: %+v", name, got[34])
		}
	}
}
