package bot

import (
	"slices"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// TestABackportNamesWhoIsAwaited: each person once, and nobody when it is merged.
func TestABackportNamesWhoIsAwaited(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	tagged(s, h, "v1.7.1")
	pull := &hotfix.Pull{Number: 40, Base: "qa", Open: true, Assignees: []string{"alice", "bob"}, Reviewers: []string{"bob", "acme/shops"}}
	h.Targets[0].Attempts = []hotfix.Attempt{{Number: 1, Branch: "backport/qa/34-cart", Pull: pull}}
	if got := standing(s, h).Standings[0]; got.Verdict != hotfix.VerdictProposed || !slices.Equal(got.Awaited, []string{"alice", "bob", "acme/shops"}) {
		t.Errorf("%s, awaited %q", got.Verdict, got.Awaited)
	}
	contained(h)
	if got := standing(s, h).Standings[0]; len(got.Awaited) > 0 {
		t.Errorf("%s, awaited %q", got.Verdict, got.Awaited)
	}
}
