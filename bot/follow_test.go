package bot

import (
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Whoever looks for a hotfix in the log finds also what was said and done at its issue.
func TestWhatIsDoneAtAnIssueIsForItsHotfix(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	s.Requests = []hotfix.Request{
		{Comment: hotfix.Comment{ID: 7, Issue: h.Issue.Number}}, {Comment: hotfix.Comment{ID: 8, Issue: 99}},
		{Comment: hotfix.Comment{Issue: h.Issue.Number}, Press: "a"},
	}
	s.Open = []hotfix.OpenHotfix{{Pull: hotfix.Pull{Number: 50}}}
	for action, want := range map[hotfix.Action]int{
		hotfix.SetIssue{Number: h.Issue.Number}:               34,
		hotfix.AddLabel{Number: 34}:                           34,
		hotfix.AddLabel{Number: 99}:                           0,
		hotfix.AddLabel{Number: 50}:                           50,
		hotfix.React{Comment: 7}:                              34,
		hotfix.React{Comment: 8}:                              0,
		hotfix.IgnorePress{ID: "a"}:                           34,
		hotfix.IgnorePress{ID: "b"}:                           0,
		hotfix.ClosePull{Pull: 36, Hotfix: 34}:                34,
		hotfix.DeleteBranch{Branch: "deploy/x/1", Hotfix: 34}: 34,
	} {
		if got := concerned(s, action); got != want {
			t.Errorf("%#v: for %d, want %d", action, got, want)
		}
	}
}
