package dashboard_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// way is what the stops of a hotfix's page say.
func way(t *testing.T, root *html.Node) []string {
	t.Helper()
	var out []string
	for _, li := range all(all(root, "ol")[0], "li") {
		out = append(out, words(li))
	}
	return out
}

func TestHotfixTellsItsWay(t *testing.T) {
	root := page(t, "/hotfixes/7/34", shop())
	if title := words(all(root, "title")[0]); title != "#34 Stop losing items · hotfixbot" {
		t.Errorf("title %q", title)
	}
	want := []string{
		"Production landed#34 as 4f2d9a7", "Release taggedv1.7.1", "QA qa containedat 4f2d9a7",
		"Development dev conflicted#42", "Solved not yet",
	}
	if steps := way(t, root); !slices.Equal(steps, want) {
		t.Errorf("way:\n%s", strings.Join(steps, "\n"))
	}
	for i, li := range all(all(root, "ol")[0], "li") {
		if here := attribute(li, "aria-current") == "step"; here != (i == 3) {
			t.Errorf("it stands at stop %d: %t", i, here)
		}
	}
	lines(t, table(t, root, "proofs"),
		"Environment | State | Why",
		"Production main | landed | #34 as 4f2d9a7 (squash).",
		"QA qa | contained | #41, merged by bob as 4f2d9a7, and what it changed is there.",
		"Development dev | conflicted | #42 waits for a person to resolve it.Resolved conflicts: logo.png (binary).")
	text := words(root)
	for _, want := range []string{
		"Development: Resolve cart.go (content) in #42 (it says how), then merge it. Awaited: alice, acme/shops.",
		"How the merge was read the diffs are the same.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

func TestHotfixTellsItsHistory(t *testing.T) {
	history := []hotfix.Event{
		{At: merged, Pull: 34, To: "open", Ground: hotfix.Ground{Commit: landed, Person: "alice"}},
		{At: merged, Pull: 34, From: "open", To: "open", Ground: hotfix.Ground{Tags: []string{"v1.7.1", "api-v2.0.1"}}},
		{At: merged.Add(time.Minute), Pull: 34, Environment: "Production", From: "waiting", To: "deployed"},
		{At: merged.Add(time.Minute), Pull: 34, Environment: "QA", From: "proposed", To: "contained", Ground: hotfix.Ground{Pull: 41, Proof: hotfix.ProofMerged, Commit: landed, Person: "bob"}},
		{At: merged.Add(time.Minute), Pull: 34, Environment: "Development", To: "contained", Ground: hotfix.Ground{Proof: hotfix.ProofEmptyPick, Commit: landed}},
		{At: merged.Add(time.Hour), Pull: 34, Environment: "Development", From: "contained", To: "lost", Ground: hotfix.Ground{Commit: landed, Person: "mallory"}},
		{At: merged.Add(time.Hour), Pull: 34, Environment: "Development", From: "lost", To: "skipped", Ground: hotfix.Ground{Person: "carol", Reason: "it is rebuilt"}},
		{At: merged.Add(time.Hour), Pull: 34, Environment: "Old", From: "proposed"},
		{At: merged, Pull: 99, To: "open"},
	}
	p := pages(t, config(shelf{boards: []hotfix.Board{shop()}, history: history}))
	lines(t, table(t, get(t, p, http.MethodGet, "/hotfixes/7/34").tree(t), "history"),
		"When | Where | What changed | On what grounds",
		"2026-03-02 08:34 UTC | the hotfix | open | landed as 4f2d9a7, by alice",
		"2026-03-02 08:34 UTC | the hotfix | open | released as v1.7.1, api-v2.0.1",
		"2026-03-02 08:35 UTC | Production | waiting → became deployed | ",
		"2026-03-02 08:35 UTC | QA | proposed → became contained | #41, at 4f2d9a7, by bob",
		"2026-03-02 08:35 UTC | Development | contained | picking it there changes nothing, at 4f2d9a7",
		"2026-03-02 09:34 UTC | Development | contained → became lost | with 4f2d9a7, by mallory",
		"2026-03-02 09:34 UTC | Development | lost → became skipped | by carol, “it is rebuilt”",
		"2026-03-02 09:34 UTC | Old | proposed, not kept any more | ")
}

// TestEveryVerdictIsExplained holds what is said of Development in each case, and
// what is awaited there.
func TestEveryVerdictIsExplained(t *testing.T) {
	problem := &hotfix.Problem{What: "`dev` is protected", Remedy: "allow the App to push"}
	for _, c := range []struct {
		standing     hotfix.Standing
		why, awaited string
	}{
		{hotfix.Standing{Verdict: hotfix.VerdictContained, Proof: &hotfix.Proof{Kind: hotfix.ProofResolved, Commit: landed, Pull: 42}}, "#42, merged as 4f2d9a7; a person resolved the conflicts.", ""},
		{hotfix.Standing{Verdict: hotfix.VerdictContained, Proof: &hotfix.Proof{Kind: hotfix.ProofEdited, Pull: 42, Person: "bob"}}, "#42, merged by bob; a person changed it before the merge.", ""},
		{hotfix.Standing{Verdict: hotfix.VerdictContained, Proof: &hotfix.Proof{Kind: hotfix.ProofEarlier, Commit: landed}}, "Found at 4f2d9a7; picking it changed nothing then, and it was not undone since.", ""},
		{hotfix.Standing{Verdict: hotfix.VerdictContained, Proof: &hotfix.Proof{Kind: hotfix.ProofEmptyPick, Commit: landed}}, "Picking it there changes nothing at 4f2d9a7.", ""},
		{hotfix.Standing{Verdict: hotfix.VerdictContained}, "The proof is not recorded.", ""},
		{hotfix.Standing{Verdict: hotfix.VerdictSkipped, By: "bob", Reason: "it is rebuilt"}, "By bob: “it is rebuilt”.", ""},
		{hotfix.Standing{Verdict: hotfix.VerdictPending}, "Its backport is being made.", "Development: The bot is about to make the backport."},
		{hotfix.Standing{Verdict: hotfix.VerdictWaiting, Problem: problem}, "dev is protected.", "Development: Allow the App to push."},
		{hotfix.Standing{Verdict: hotfix.VerdictConflicted, Pull: 42}, "#42 waits for a person to resolve it.", "Every conflict is resolved: mark #42 as ready for review and merge it."},
		{hotfix.Standing{Verdict: hotfix.VerdictProposed, Pull: 42, Superseded: []int{39, 40}, From: "QA", FromPull: 41, LeftOut: []string{"VERSION"}}, "#42 waits to be merged.Picked as #41 brought it to QA.Left out: VERSION.Earlier backports: #39, #40.", "Review and merge #42, or say /hotfix skip dev <reason>."},
		{hotfix.Standing{Verdict: hotfix.VerdictDeclined, Pull: 42, By: "bob"}, "#42 was closed unmerged by bob.", "Reopen #42, or say /hotfix retry dev for a new one, or /hotfix skip dev <reason>."},
		{hotfix.Standing{Verdict: hotfix.VerdictLost, Undone: &hotfix.Undoing{Commit: landed, Author: "mallory"}}, "It was contained and was undone since.It was lost with 4f2d9a7 by mallory.", "Say /hotfix retry dev for a new backport, or /hotfix skip dev <reason>."},
	} {
		t.Run(string(c.standing.Verdict), func(t *testing.T) {
			c.standing.Environment, c.standing.Branch = "Development", "dev"
			board := shop()
			board.Hotfixes[1].Standings = []hotfix.Standing{c.standing}
			root := page(t, "/hotfixes/7/34", board)
			if got, want := rows(table(t, root, "proofs"))[2], "Development dev | "+string(c.standing.Verdict)+" | "+c.why; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if text := words(root); !strings.Contains(text, c.awaited) || c.awaited == "" && strings.Contains(text, "Development:") {
				t.Errorf("no %q in %s", c.awaited, text)
			}
		})
	}
}

// TestDeployIsOnTheWay: what is above the landing environment comes after the
// release, and what all wait for is said once.
func TestDeployIsOnTheWay(t *testing.T) {
	waits := &hotfix.Problem{What: "it waits for Tag & Deploy of `v1.7.1`", Remedy: "say `/hotfix deploy`"}
	board := shop()
	board.Environments[0].Landing = false
	board.Environments = slices.Insert(board.Environments, 1, hotfix.EnvironmentState{Environment: hotfix.Environment{Name: "Pre-Production", Branch: "preprod", Landing: true}})
	status := &board.Hotfixes[1]
	status.Landing, status.Versions, status.Deployable = "Pre-Production", []hotfix.Tagged{{}}, []string{"v1.7.1"}
	status.Stages = []hotfix.StageStanding{{Environment: "Production", Branch: "main", State: hotfix.StageWaits}}
	status.Standings = []hotfix.Standing{{Environment: "QA", Branch: "qa", Verdict: hotfix.VerdictWaiting, Problem: waits}}
	root := page(t, "/hotfixes/7/34", board)
	want := []string{
		"Pre-Production landed#34 as 4f2d9a7", "Release awaitedTag & Deploy v1.7.1", "Production main waiting", "QA qa waiting", "Solved not yet",
	}
	if steps := way(t, root); !slices.Equal(steps, want) {
		t.Errorf("way:\n%s", strings.Join(steps, "\n"))
	}
	if text := words(root); !strings.Contains(text, "Production, QA: Somebody with the role maintain has to press “Tag & Deploy v1.7.1” on the pull request, or say /hotfix deploy.") {
		t.Errorf("what is awaited: %s", text)
	}
	status.Versions, status.Deployable = []hotfix.Tagged{{Tag: "v1.7.1"}}, nil
	for _, c := range []struct {
		stage      hotfix.StageStanding
		stop, says string
	}{
		{hotfix.StageStanding{State: hotfix.StageDeployed}, "Production main deployedv1.7.1", "v1.7.1 is there."},
		{hotfix.StageStanding{State: hotfix.StageDeployed, URL: "https://ci.test/1"}, "Production main deployeddeployment", "v1.7.1 is deployed."},
		{hotfix.StageStanding{State: hotfix.StagePromoting, Pull: 44}, "Production main promoting#44", "Promotion #44 is open."},
		{hotfix.StageStanding{State: hotfix.StagePromoting}, "Production main promoting", "v1.7.1 is being brought there."},
		{hotfix.StageStanding{State: hotfix.StageFailed, Problem: &hotfix.Problem{What: "it failed"}}, "Production main failed", "It failed."},
	} {
		c.stage.Environment, c.stage.Branch = "Production", "main"
		status.Stages = []hotfix.StageStanding{c.stage}
		root := page(t, "/hotfixes/7/34", board)
		row := rows(table(t, root, "proofs"))[1]
		if stop := way(t, root)[2]; stop != c.stop || !strings.HasSuffix(row, "| "+c.says) {
			t.Errorf("%s: stop %q, row %q", c.stage.State, stop, row)
		}
	}
}

func TestHotfixTellsWhatPeopleDid(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*hotfix.Status)
		want  string
	}{
		"held open": {func(s *hotfix.Status) { s.HeldOpenBy = "alice" }, "alice reopened the issue"},
		"closed":    {func(s *hotfix.Status) { s.ClosedBy = "bob" }, "bob closed the issue before every environment had the hotfix"},
		"reopened":  {func(s *hotfix.Status) { s.Reopened = &hotfix.Turn{CloserPull: 41} }, "GitHub closed the issue by itself when #41 was merged"},
		"forced": {func(s *hotfix.Status) {
			s.State, s.Forced, s.ForcedBy = hotfix.StateForced, "no time", "bob"
		}, "bob closed it with /hotfix solved --force while Development misses the hotfix: “no time”"},
		"ready":    {func(s *hotfix.Status) { s.State = hotfix.StateReady }, "Every environment has it or is skipped. Somebody with the role write has to press “Mark as solved” on the pull request, or say /hotfix solved."},
		"unclear":  {func(s *hotfix.Status) { s.Landed = hotfix.Landing{Unclear: "nothing adds up"} }, "Nothing adds up. Nothing is propagated until that is clear."},
		"untagged": {func(s *hotfix.Status) { s.Versions[0].Tag = "" }, "Release no tag yet"},
		"nothing":  {func(s *hotfix.Status) { s.Versions = nil }, "Release noneno application is touched"},
		"reverted": {func(s *hotfix.Status) {
			s.State, s.Reverted = hotfix.StateReverted, &hotfix.Undoing{Commit: landed, Author: "bob"}
		}, "It was lost here with 4f2d9a7 by bob."},
		"problem": {func(s *hotfix.Status) {
			s.Problems = []hotfix.Problem{{What: "no tag", Remedy: "make `v1.0.1`"}}
			s.Standings[1].Problem = &s.Problems[0]
		}, "What only a person can change No tag. Remedy: Make v1.0.1."},
	} {
		t.Run(name, func(t *testing.T) {
			board := shop()
			c.spoil(&board.Hotfixes[1])
			if text := words(page(t, "/hotfixes/7/34", board)); !strings.Contains(text, c.want) {
				t.Errorf("no %q in %s", c.want, text)
			}
		})
	}
}

func TestUnknownAddresses(t *testing.T) {
	p := pages(t, config(shelf{boards: []hotfix.Board{shop()}}))
	for _, path := range []string{"/hotfixes/7/35", "/hotfixes/8/34", "/hotfixes/x/34", "/hotfixes/7/x", "/hotfixes/7", "/nothing"} {
		got := get(t, p, http.MethodGet, path)
		if got.status != http.StatusNotFound || words(all(got.tree(t), "h1")[0]) != "Not Found" {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
	}
	if got := get(t, p, http.MethodGet, "/api/nothing"); got.status != http.StatusNotFound || !strings.HasPrefix(got.body, `{"error":`) {
		t.Errorf("/api/nothing: %d %s", got.status, got.body)
	}
}
