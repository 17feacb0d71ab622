package bot

import (
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// A person may close the issue long before every environment has the hotfix; the time
// of the watch counts from when they had (P18).
func TestTheWatchCountsFromTheRealEnd(t *testing.T) {
	day := func(n int) time.Time { return noon.Add(time.Duration(n) * 24 * time.Hour) }
	s := repository()
	s.Now = day(200)
	h := landed(s, 34)
	tagged(s, h, "v1.7.1")
	contained(h)
	h.Issue.Open, h.Issue.Turns = false, []hotfix.Turn{{At: day(1), Closed: true, By: "bob"}}
	solved := func() time.Time { return standing(s, h).SolvedAt }
	if got := solved(); !got.Equal(day(1)) {
		t.Errorf("all was there: %s", got)
	}
	h.Targets[0].Since = day(50)
	if got := solved(); !got.Equal(day(50)) {
		t.Errorf("brought there by hand: %s", got)
	}
	h.Targets[0].Since = day(300) // a clock that is wrong
	h.Targets[1].Attempts = []hotfix.Attempt{{
		Number: 1, Reached: true, Result: hotfix.Contained, Now: hotfix.Contained, Exact: hotfix.Contained,
		Pull: &hotfix.Pull{Number: 40, Base: "dev", Merged: true, MergedAt: day(120)},
	}}
	if got := solved(); !got.Equal(day(120)) {
		t.Errorf("merged: %s", got)
	}
	s.Answers = []hotfix.Answer{{At: day(180), By: "bob", Granted: []hotfix.Granted{{
		Command: hotfix.Command{Verb: hotfix.VerbSkip, Environment: "qa", Reason: "not there"}, Done: true, Hotfixes: []int{34},
	}}}}
	if got := solved(); !got.Equal(day(180)) {
		t.Errorf("skipped: %s", got)
	}
}

// Closed by force means what was missing then; what is lost since opens it again.
func TestALossAfterForceIsNoMoreForced(t *testing.T) {
	for name, c := range map[string]struct {
		without []string
		want    hotfix.State
	}{
		"dev was missing, qa is lost since": {[]string{"dev"}, hotfix.StateOpen},
		"qa was lost already":               {[]string{"qa", "dev"}, hotfix.StateForced},
		"nobody noted what was missing":     {nil, hotfix.StateForced},
	} {
		s := repository()
		h := landed(s, 34)
		tagged(s, h, "v1.7.1")
		h.Issue.Open, h.Issue.Turns = false, []hotfix.Turn{{At: noon, Closed: true, By: "hotfixbot[bot]", ByBot: true}}
		h.Targets[0].Proved, h.Targets[0].Undone = oid(9), &hotfix.Undoing{Commit: oid(10), Author: "carol"}
		forced := hotfix.Granted{Command: hotfix.Command{Verb: hotfix.VerbSolved, Force: true, Reason: "no time"}, Done: true, Hotfixes: []int{34}}
		if c.without != nil {
			forced.Without = map[int][]string{34: c.without}
		}
		s.Answers = []hotfix.Answer{{At: noon, By: "alice", Granted: []hotfix.Granted{forced}}}
		status := standing(s, h)
		if status.State != c.want {
			t.Errorf("%s: it is %s", name, status.State)
		}
		if reopens := len(settle(s, h, status)) > 0; reopens != (c.want == hotfix.StateOpen) {
			t.Errorf("%s: reopened: %t", name, reopens)
		}
	}
}
