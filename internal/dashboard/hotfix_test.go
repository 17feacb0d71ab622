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

func TestHotfixTellsItsWayAndHistory(t *testing.T) {
	history := []hotfix.Event{
		{At: merged, Pull: 34, To: "open"},
		{At: merged.Add(time.Minute), Pull: 34, Environment: "QA", From: "proposed", To: "contained"},
		{At: merged.Add(time.Hour), Pull: 34, Environment: "Old", From: "proposed"},
		{At: merged, Pull: 99, To: "open"},
	}
	got := get(t, pages(t, config(shelf{boards: []hotfix.Board{shop()}, history: history})), http.MethodGet, "/hotfixes/7/34")
	root := got.tree(t)
	if got.status != http.StatusOK || words(all(root, "title")[0]) != "#34 Stop losing items · hotfixbot" {
		t.Fatalf("%d %s", got.status, words(all(root, "title")[0]))
	}
	wantWay := []string{
		"Production landed #34 as 4f2d9a7 (squash) The diffs are the same.",
		"Release tagged v1.7.1",
		"QA qa contained #41, merged by bob as 4f2d9a7",
		"Development dev conflicted #42 waits for a person to resolve it Resolve cart.go (content) in it (it says how), then merge it. Resolved conflicts: logo.png (binary).",
		"Hotfix not solved yet One environment misses it.",
	}
	if steps := way(t, root); !slices.Equal(steps, wantWay) {
		t.Errorf("way:\n%s", strings.Join(steps, "\n"))
	}
	wantHistory := []string{
		"When | Where | What changed",
		"2026-03-02 08:34 UTC | the whole hotfix | open",
		"2026-03-02 08:35 UTC | QA | proposed → contained",
		"2026-03-02 09:34 UTC | Old | proposed, not kept any more",
	}
	if lines := rows(all(root, "table")[0]); !slices.Equal(lines, wantHistory) {
		t.Errorf("history:\n%s", strings.Join(lines, "\n"))
	}
}

// TestEveryVerdictIsExplained holds what is said of Development in each case.
func TestEveryVerdictIsExplained(t *testing.T) {
	problem := &hotfix.Problem{What: "`dev` is protected", Remedy: "allow the App to push"}
	for want, standing := range map[string]hotfix.Standing{
		"contained #42, merged as 4f2d9a7; a person resolved the conflicts": {
			Verdict: hotfix.VerdictContained, Proof: &hotfix.Proof{Kind: hotfix.ProofResolved, Commit: landed, Pull: 42},
		},
		"contained #42, merged by bob; a person changed it before the merge": {
			Verdict: hotfix.VerdictContained, Proof: &hotfix.Proof{Kind: hotfix.ProofEdited, Pull: 42, Person: "bob"},
		},
		"contained The proof is not recorded":              {Verdict: hotfix.VerdictContained},
		"skipped By bob: “it is rebuilt”":                  {Verdict: hotfix.VerdictSkipped, By: "bob", Reason: "it is rebuilt"},
		"pending Its backport is being made":               {Verdict: hotfix.VerdictPending},
		"waiting dev is protected. Allow the App to push.": {Verdict: hotfix.VerdictWaiting, Problem: problem},
		"conflicted #42 waits for a person to resolve it Every conflict is resolved: mark it as ready for review and merge it.": {
			Verdict: hotfix.VerdictConflicted, Pull: 42,
		},
		"proposed #42 waits to be merged Review and merge it, or say /hotfix skip dev <reason>. Earlier: #39, #40.": {
			Verdict: hotfix.VerdictProposed, Pull: 42, Superseded: []int{39, 40},
		},
		"declined #42 was closed unmerged by bob Reopen it, or say /hotfix retry dev for a new one, or /hotfix skip dev <reason>.": {
			Verdict: hotfix.VerdictDeclined, Pull: 42, By: "bob",
		},
		"lost It was contained and was undone since Say /hotfix retry dev for a new backport, or /hotfix skip dev <reason>.": {
			Verdict: hotfix.VerdictLost,
		},
	} {
		t.Run(string(standing.Verdict), func(t *testing.T) {
			standing.Environment, standing.Branch = "Development", "dev"
			board := shop()
			board.Hotfixes[1].Standings = []hotfix.Standing{standing}
			root := get(t, pages(t, config(shelf{boards: []hotfix.Board{board}})), http.MethodGet, "/hotfixes/7/34").tree(t)
			if got := way(t, root)[2]; got != "Development dev "+want {
				t.Errorf("got  %s\nwant Development dev %s", got, want)
			}
		})
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
		}, "bob closed it with /hotfix solved --force although something was missing: “no time”"},
		"ready":    {func(s *hotfix.Status) { s.State = hotfix.StateReady }, "A person has to say /hotfix solved."},
		"unclear":  {func(s *hotfix.Status) { s.Landed = hotfix.Landing{Unclear: "nothing adds up"} }, "Production unclear #34 Nothing adds up."},
		"untagged": {func(s *hotfix.Status) { s.Versions[0].Tag = "" }, "Release no tag yet"},
		"problem": {func(s *hotfix.Status) {
			s.Problems = []hotfix.Problem{{What: "no tag", Remedy: "make `v1.0.1`"}}
			s.Standings[1].Problem = &s.Problems[0]
		}, "conflicted See “What only a person can change” below."},
	} {
		t.Run(name, func(t *testing.T) {
			board := shop()
			c.spoil(&board.Hotfixes[1])
			root := get(t, pages(t, config(shelf{boards: []hotfix.Board{board}})), http.MethodGet, "/hotfixes/7/34").tree(t)
			if text := words(root); !strings.Contains(text, c.want) {
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
