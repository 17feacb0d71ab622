package bot

import (
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// A merge that GitHub refused is asked for again after something changed, ever more
// slowly, and once an hour.
func TestARefusedMergeIsNotAskedForInALoop(t *testing.T) {
	for _, c := range []struct {
		name  string
		tried mergeTried
		state string
		base  hotfix.OID
		want  time.Duration
	}{
		{"nothing changed", mergeTried{State: "blocked", Base: oid(2), Times: 1}, "blocked", oid(2), time.Hour},
		{"its checks are green", mergeTried{State: "blocked", Base: oid(2), Times: 1}, "clean", oid(2), 10 * time.Second},
		{"its branch moved", mergeTried{State: "dirty", Base: oid(2), Times: 3}, "dirty", oid(3), 40 * time.Second},
		{"it keeps moving", mergeTried{State: "dirty", Base: oid(2), Times: 400}, "dirty", oid(3), time.Hour},
		{"it was not judged", mergeTried{State: "unknown", Base: oid(2), Times: 1}, "unknown", oid(2), 10 * time.Second},
	} {
		c.tried.At = noon
		if got := c.tried.again(c.state, c.base).Sub(noon); got != c.want {
			t.Errorf("%s: after %s, not %s", c.name, got, c.want)
		}
	}
}

// Who merges by itself: what is configured so, is the bot's, and nobody has in hand.
func TestOnlyAnUntouchedBackportMergesItself(t *testing.T) {
	for name, change := range map[string]func(*hotfix.Snapshot, *hotfix.Attempt){
		"not configured":  func(s *hotfix.Snapshot, _ *hotfix.Attempt) { s.Config.Propagate.AutoMerge = "" },
		"told already":    func(_ *hotfix.Snapshot, a *hotfix.Attempt) { a.Pull.AutoMerge = true },
		"a person pushed": func(_ *hotfix.Snapshot, a *hotfix.Attempt) { a.Own = false },
		"it conflicted": func(_ *hotfix.Snapshot, a *hotfix.Attempt) {
			a.Marker.Conflicts = []hotfix.PathConflict{{Path: "cart.txt"}}
		},
		"pointed elsewhere": func(_ *hotfix.Snapshot, a *hotfix.Attempt) { a.Pull.Base = "main" },
		"refused":           func(_ *hotfix.Snapshot, a *hotfix.Attempt) { a.Stuck = &hotfix.Problem{What: "blocked"} },
		"half dressed":      func(s *hotfix.Snapshot, a *hotfix.Attempt) { s.Begun[hotfix.DressKey(a.Branch)] = true },
		"":                  func(*hotfix.Snapshot, *hotfix.Attempt) {},
	} {
		s := repository()
		s.Config.Propagate.AutoMerge = "squash"
		h := landed(s, 34)
		tagged(s, h, "v1.7.1")
		h.Targets = h.Targets[:1]
		h.Targets[0].Attempts = []hotfix.Attempt{{
			Number: 1, Branch: "backport/qa/34-cart", Own: true, Pull: &hotfix.Pull{Number: 40, Open: true, Base: "qa"},
		}}
		change(s, &h.Targets[0].Attempts[0])
		merges := wants(s) == "merge/backport/qa/34-cart"
		if merges != (name == "") {
			t.Errorf("%s: it wants %q", name, wants(s))
		}
	}
}
