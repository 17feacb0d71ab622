package bot

import (
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestQueueBase(t *testing.T) {
	for branch, want := range map[string]string{
		"gh-readonly-queue/main/pr-7-abc":        "main",
		"gh-readonly-queue/release/1.6/pr-7-abc": "release/1.6",
		"gh-readonly-queue/main":                 "",
		"main":                                   "",
		"feature/gh-readonly-queue/main/pr-7-a":  "",
	} {
		if got := queueBase(branch); got != want {
			t.Errorf("%s: %q instead of %q", branch, got, want)
		}
	}
}

// There is one check run on a commit, whatever branches it is proposed to: what is
// wrong for one of them is wrong, in whatever order they come.
func TestOneCheckForEachHead(t *testing.T) {
	qa, dev := hotfix.Environment{Branch: "qa"}, hotfix.Environment{Branch: "dev"}
	lost := []hotfix.Guarded{{Pull: 34}}
	unknown := &hotfix.Problem{What: "gone"}
	fine := hotfix.Gated{Pull: 1, Head: oid(1), Base: qa}
	losing := hotfix.Gated{Pull: 2, Head: oid(1), Base: dev, Below: true, Losing: lost, Unknown: unknown, Conflicted: true}
	for _, list := range [][]hotfix.Gated{{fine, losing}, {losing, fine}} {
		got := oneForEachHead(list)
		if len(got) != 1 || len(got[0].Losing) != 1 || got[0].Base != dev || !got[0].Below || got[0].Unknown == nil || !got[0].Conflicted {
			t.Errorf("%+v", got)
		}
	}
	if got := oneForEachHead([]hotfix.Gated{fine, {Pull: 3, Head: oid(2)}}); len(got) != 2 {
		t.Errorf("two heads: %+v", got)
	}
}
