package render_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

func qa(v hotfix.Verdict) hotfix.Standing {
	return hotfix.Standing{Environment: "QA", Branch: "qa", Verdict: v, Pull: 41}
}

func dev(v hotfix.Verdict) hotfix.Standing {
	return hotfix.Standing{Environment: "Development", Branch: "dev", Verdict: v, Pull: 42}
}

func merged(b hotfix.Standing, kind hotfix.ProofKind) hotfix.Standing {
	b.Verdict = hotfix.VerdictContained
	b.Proof = &hotfix.Proof{Kind: kind, Commit: oid("def5678"), Pull: b.Pull, Person: "bob"}
	return b
}

// status is hotfix 34 with a release, in the given environments.
func status(standings ...hotfix.Standing) hotfix.Status {
	return hotfix.Status{
		Key: hotfix.Key{Repository: 7, Pull: 34}, Title: "Stop the cart from losing items", Author: "alice",
		URL: "https://github.com/acme/shop/pull/34", Landing: "Production", Issue: 12, State: hotfix.StateOpen,
		Landed: hotfix.Landing{
			Commit: oid("abc1234"), Method: hotfix.MergedBySquash,
			Picks:    []hotfix.Pick{{Commit: oid("abc1234"), Base: oid("9990000")}},
			Evidence: "the landed commit changes exactly what the pull request's 2 commits change together",
		},
		Versions:  []hotfix.Tagged{{Tag: "v1.7.1", Release: "https://github.com/acme/shop/releases/tag/v1.7.1"}},
		Standings: standings,
	}
}

// with changes a status and gives it back.
func with(s hotfix.Status, change func(*hotfix.Status)) hotfix.Status {
	change(&s)
	return s
}

func conflictedDev() hotfix.Standing {
	b := dev(hotfix.VerdictConflicted)
	b.Unresolved = []string{"cart/total.go", "cart/old name.go"}
	b.Conflicts = []hotfix.PathConflict{
		{Path: "cart/total.go", Kind: hotfix.ConflictContent, Commit: oid("abc1234"), Markers: true},
		{Path: "cart/old name.go", Kind: hotfix.ConflictModifyDelete, Commit: oid("abc1234")},
	}
	return b
}

func statusCases() map[string]hotfix.Status {
	proposed := status(merged(qa(""), hotfix.ProofMerged), dev(hotfix.VerdictProposed))
	declined := dev(hotfix.VerdictDeclined)
	declined.By = "bob"
	skipped := dev(hotfix.VerdictSkipped)
	skipped.By, skipped.Reason = "bob", "Development has no cart any more"
	waiting := dev(hotfix.VerdictWaiting)
	waiting.Problem = &hotfix.Problem{What: "the push to backport/dev/34-cart was refused: a ruleset forbids it", Remedy: "let the App bypass the ruleset"}
	lost := qa(hotfix.VerdictLost)
	problem := render.LostMerge(41, "qa", nil)
	lost.Problem = &problem
	elsewhere := dev(hotfix.VerdictDeclined)
	misled := render.MergedElsewhere(42, "feature", "dev")
	elsewhere.Problem = &misled
	empty := qa(hotfix.VerdictContained)
	empty.Proof = &hotfix.Proof{Kind: hotfix.ProofEmptyPick, Commit: oid("5555555")}
	retried := dev(hotfix.VerdictProposed)
	retried.Superseded = []int{40, 39}
	solved := with(status(merged(qa(""), hotfix.ProofMerged), merged(dev(""), hotfix.ProofResolved)), func(s *hotfix.Status) { s.State = hotfix.StateSolved })

	undone := hotfix.Undoing{Commit: oid("5550000"), Author: "bob"}
	noMore := render.RevertedHotfix("main", undone)
	left := dev(hotfix.VerdictWaiting)
	left.Problem = &noMore
	offered := merged(qa(""), hotfix.ProofMerged)
	offered.Revert = 44
	return map[string]hotfix.Status{
		"reverted": with(status(merged(qa(""), hotfix.ProofMerged), left), func(s *hotfix.Status) { s.State, s.Reverted = hotfix.StateReverted, &undone }),
		"reverted and offered": with(status(offered, left), func(s *hotfix.Status) {
			s.State, s.Reverted, s.ClosedBy = hotfix.StateReverted, &undone, "carol"
		}),
		"fresh":      with(status(qa(hotfix.VerdictPending), dev(hotfix.VerdictPending)), func(s *hotfix.Status) { s.Versions = []hotfix.Tagged{{}} }),
		"proposed":   proposed,
		"conflicted": status(empty, conflictedDev()),
		"resolved":   status(empty, with2(conflictedDev(), func(b *hotfix.Standing) { b.Unresolved = nil })),
		"declined":   status(empty, declined),
		"skipped":    with(status(empty, skipped), func(s *hotfix.Status) { s.State = hotfix.StateReady }),
		"waiting":    status(empty, waiting),
		"lost":       status(lost, retried),
		"elsewhere":  status(empty, elsewhere),
		"edited":     status(merged(qa(""), hotfix.ProofEdited), retried),
		"solved":     solved,
		"forced": with(status(merged(qa(""), hotfix.ProofMerged), declined), func(s *hotfix.Status) {
			s.State, s.Forced, s.ForcedBy = hotfix.StateForced, "Development is rebuilt next week", "carol"
		}),
		"held open": with(solved, func(s *hotfix.Status) { s.State, s.HeldOpenBy = hotfix.StateReady, "alice" }),
		"closed by a person": with(proposed, func(s *hotfix.Status) {
			s.ClosedBy = "bob"
		}),
		"reopened": with(proposed, func(s *hotfix.Status) { s.Reopened = &hotfix.Turn{Closed: true, CloserPull: 34} }),
		"unclear": with(status(qa(hotfix.VerdictWaiting), dev(hotfix.VerdictWaiting)), func(s *hotfix.Status) {
			s.Landed = hotfix.Landing{Commit: oid("abc1234"), Unclear: "3 commits landed, and neither each nor all together change what the pull request changes"}
			s.Problems = []hotfix.Problem{render.UnclearLanding(s.Landed)}
			for i := range s.Standings {
				s.Standings[i].Problem = &s.Problems[0]
			}
		}),
		"no version": with(proposed, func(s *hotfix.Status) {
			s.Versions = []hotfix.Tagged{{}}
			s.Problems = []hotfix.Problem{render.NoVersionTag("", "v", s.Landed.Commit)}
		}),
		"applications": with(proposed, func(s *hotfix.Status) {
			s.Versions = []hotfix.Tagged{{Application: "shop", Tag: "shop-v1.7.1", Release: "https://github.com/acme/shop/releases/tag/shop-v1.7.1"}, {Application: "api"}}
			s.Problems = []hotfix.Problem{render.NoVersionTag("api", "api-v", s.Landed.Commit)}
		}),
		"two to deploy": with(status(qa(hotfix.VerdictWaiting)), func(s *hotfix.Status) {
			s.Versions = []hotfix.Tagged{{Application: "shop"}, {Application: "api"}}
			s.Deployable = []string{"shop-v1.7.1", "api-v2.0.4"}
			problem := render.WaitsForDeploy(s.Deployable)
			s.Standings[0].Problem = &problem
		}),
		"no application": with(proposed, func(s *hotfix.Status) {
			s.Versions = nil
			untouched := render.NoApplication()
			s.Stages = []hotfix.StageStanding{{Environment: "Users", Branch: "users", State: hotfix.StageWaits, Problem: &untouched}}
		}),
		"several problems": with(proposed, func(s *hotfix.Status) {
			s.Problems = []hotfix.Problem{
				render.MissingBranch(hotfix.Environment{Name: "QA", Branch: "qa"}),
				render.BrokenConfig([]hotfix.ConfigProblem{{File: ".github/hotfix.yml", Line: 3, Column: 5, Message: "unknown key `enviroments`; did you mean `environments`?"}}),
			}
		}),
		"hostile": hostileStatus(),
	}
}

func with2(b hotfix.Standing, change func(*hotfix.Standing)) hotfix.Standing {
	change(&b)
	return b
}

func hostileStatus() hotfix.Status {
	declined := hotfix.Standing{Environment: hostile, Branch: "x`|y", Verdict: hotfix.VerdictDeclined, Pull: 43, By: "mallory"}
	skipped := hotfix.Standing{Environment: "A|B", Branch: "b", Verdict: hotfix.VerdictSkipped, By: "mallory", Reason: hostile}
	waiting := hotfix.Standing{Environment: "C", Branch: "c", Verdict: hotfix.VerdictWaiting, Problem: &hotfix.Problem{What: hostile, Remedy: "`" + hostile}}
	conflict := hotfix.Standing{Environment: "D", Branch: "d", Verdict: hotfix.VerdictConflicted, Pull: 44, Unresolved: []string{hostile, "a|b"}}
	return with(status(declined, skipped, waiting, conflict), func(s *hotfix.Status) {
		s.Title, s.Versions[0].Tag, s.ClosedBy = hostile, "v1|2", "mallory"
		s.Landed.Evidence = hostile
		s.Problems = []hotfix.Problem{{What: hostile, Remedy: hostile}}
	})
}

func TestStatus(t *testing.T) {
	for name, s := range statusCases() {
		t.Run(name, func(t *testing.T) {
			made := hotfix.StatusMarker{Pull: 34}
			for _, v := range s.Versions {
				if v.Tag != "" {
					made.Tags = hotfix.ByApplication[string]{v.Application: v.Tag}
				}
			}
			text := render.Status(s, made)
			golden(t, "status/"+name, text)
			safe(t, text)
			var marker hotfix.StatusMarker
			if !naming.FindMarker(text, naming.KindStatus, &marker) || marker.Pull != 34 {
				t.Errorf("the marker reads as %+v", marker)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	for name, s := range statusCases() {
		t.Run(name, func(t *testing.T) {
			text := render.Explain(s)
			golden(t, "explain/"+name, text)
			safe(t, text)
			safe(t, render.StatusReply(s))
		})
	}
}

// TestStatusIsStill names what must not show in a status comment, since it
// changes with every push.
func TestStatusIsStill(t *testing.T) {
	at := func(tip hotfix.OID) string {
		b := qa(hotfix.VerdictContained)
		b.Proof = &hotfix.Proof{Kind: hotfix.ProofEmptyPick, Commit: tip}
		return render.Status(status(b), hotfix.StatusMarker{Pull: 34})
	}
	if at(oid("1")) != at(oid("2")) {
		t.Error("the comment changes with the tip of an environment that has the hotfix")
	}
}

// TestSettledMarkerFits keeps the comment readable to the bot, and within what GitHub
// takes, when what it remembers is huge. A thousand changed files once made it too long.
func TestSettledMarkerFits(t *testing.T) {
	long := func(paths, picks, conflicts, leftOut int) hotfix.Status {
		s := status(conflictedDev())
		for i := range conflicts {
			s.Standings[0].Conflicts = append(s.Standings[0].Conflicts, hotfix.PathConflict{Path: fmt.Sprintf("cart/%d<>&.go", i), Kind: hotfix.ConflictContent})
			s.Standings[0].Unresolved = append(s.Standings[0].Unresolved, strings.Repeat("x", i%200))
		}
		for i := range leftOut {
			s.Standings[0].LeftOut = append(s.Standings[0].LeftOut, fmt.Sprintf("vendor/github.com/example/library/%d.go", i))
		}
		for i := range paths {
			s.Landed.Paths = append(s.Landed.Paths, fmt.Sprintf("vendor/github.com/example/library/internal/component/%d.go", i))
		}
		for range picks {
			s.Landed.Picks = append(s.Landed.Picks, hotfix.Pick{Commit: oid("1"), Base: oid("2")})
		}
		return s
	}
	for name, c := range map[string]struct {
		status         hotfix.Status
		settled, picks bool
	}{
		"small":          {long(3, 3, 0, 3), true, true},
		"many conflicts": {long(3, 3, 3000, 0), true, true},
		"many files":     {long(1500, 1, 0, 0), true, false},
		"many commits":   {long(3, 600, 3000, 0), true, false},
		"much left out":  {long(3, 3, 0, 2000), false, false},
	} {
		before := len(c.status.Standings[0].Conflicts)
		text := render.Status(c.status, render.FittingStatus(hotfix.StatusMarker{Pull: 34, Settled: &c.status}))
		safe(t, text)
		var marker hotfix.StatusMarker
		if !naming.FindMarker(text, naming.KindStatus, &marker) || marker.Pull != 34 {
			t.Errorf("%s: the marker is lost", name)
		}
		settled := marker.Settled != nil && marker.Settled.Versions[0].Tag == "v1.7.1"
		if picks := settled && len(marker.Settled.Landed.Picks) > 0; settled != c.settled || picks != c.picks {
			t.Errorf("%s: settled %t, with picks %t", name, settled, picks)
		}
		if len(c.status.Standings[0].Conflicts) != before {
			t.Errorf("%s: the caller's status was changed", name)
		}
	}
}
