package bot

import (
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// A hotfix of which a part is gone was seen without its environments. That nothing
// is missing then must not count as solved, nor that it has no issue as a reason to
// open another.
func TestAPartialHotfixConcludesNothing(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	h.Partial, h.Targets, h.Lines = true, nil, nil
	if got := wants(s); got != "" {
		t.Errorf("wants %s", got)
	}
	if state := standing(s, h).State; state != hotfix.StateOpen {
		t.Errorf("state %s", state)
	}
	h.Issue = nil
	if got := wants(s); got != "" {
		t.Errorf("without its issue: wants %s", got)
	}
}

// Whether the tag was made is not known yet: the command stays open, instead of
// being answered as refused for no reason.
func TestADeployWhoseTagIsPostponedStaysOpen(t *testing.T) {
	s := repository()
	s.Config.Release.Trigger = "manual"
	h := landed(s, 34)
	s.Requests = []hotfix.Request{{
		Comment: hotfix.Comment{ID: 7, Issue: h.Issue.Number, Author: "alice"}, Allowed: hotfix.Admin, Seen: true,
		Commands: []hotfix.Command{{Verb: hotfix.VerbDeploy}},
	}}
	if got := wants(s); got != "tag/34" {
		t.Fatalf("wants %s", got)
	}
	s.Postponed = map[string]bool{"tag/34": true}
	if got := wants(s); got != "" {
		t.Errorf("while it is not known: wants %s", got)
	}
	s.Postponed, s.Refused = nil, map[string]hotfix.Problem{"tag/34": {What: "the ruleset forbids it"}}
	if got := wants(s); got != "reply/7" {
		t.Errorf("refused: wants %s", got)
	}
}

// What was proved of environments that were not looked at stays proved.
func TestAPartialLookForgetsNoProof(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	h.Partial, h.Targets, h.Lines = true, nil, nil
	h.Marker.Proved = map[string]hotfix.OID{"qa": oid(7), "dev": oid(8)}
	h.Marker.Told = map[string]int{"qa": 36}
	if got := proved(h, standing(s, h)); len(got) != 2 {
		t.Errorf("remembered of two proofs: %v", got)
	}
	if got := told(h); len(got) != 1 {
		t.Errorf("remembered of what GitHub was told: %v", got)
	}
}
