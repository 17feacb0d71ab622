package render_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

func TestIssue(t *testing.T) {
	for name, title := range map[string]string{"plain": pull34.Title, "hostile": hostile, "long": strings.Repeat("wide ", 60)} {
		t.Run(name, func(t *testing.T) {
			p := pull34
			p.Title = title
			head, body := render.IssueTitle(p), render.IssueBody(p, production)
			if utf8.RuneCountInString(head) > 256 || strings.Contains(head, "\n") {
				t.Errorf("the title is %q", head)
			}
			golden(t, "issue/"+name, head+"\n\n"+body)
			safe(t, body)
			var marker hotfix.IssueMarker
			if !naming.FindMarker(body, naming.KindIssue, &marker) || marker.Pull != 34 {
				t.Errorf("the marker reads as %+v", marker)
			}
		})
	}
}

func TestTagMessage(t *testing.T) {
	p := pull34
	p.Title = "Stop the cart\nfrom losing items"
	want := "Release 1.7.1\n\nHotfix #34: Stop the cart from losing items\nhttps://github.com/acme/shop/pull/34\n"
	if got := render.TagMessage(p, "1.7.1"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func answer(reason string, args ...string) hotfix.Answer {
	return hotfix.Answer{
		To: 900, Issue: 12, By: "alice", At: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
		Granted: []hotfix.Granted{{
			Command:  hotfix.Command{Verb: hotfix.VerbSkip, Environment: "dev", Reason: reason, Args: args},
			Done:     true,
			Said:     render.SaidSkipped("Development", reason),
			Hotfixes: []int{34},
		}},
	}
}

func TestReply(t *testing.T) {
	a := answer("no cart -- any more -->")
	text := render.Reply(a, a.Granted[0].Said)
	golden(t, "reply/skip", text)
	safe(t, text)
	var back hotfix.Answer
	if !naming.FindMarker(text, naming.KindReply, &back) || back.To != 900 || back.Granted[0].Reason != a.Granted[0].Reason {
		t.Errorf("the answer reads back as %+v", back)
	}
}

func TestReplyTooLong(t *testing.T) {
	short := render.Reply(answer(strings.Repeat("why ", 10_000)), "Skipped.")
	var back hotfix.Answer
	if !naming.FindMarker(short, naming.KindReply, &back) || !back.Granted[0].Done || back.Granted[0].Environment != "dev" {
		t.Errorf("a long reason reads back as %+v", back)
	}
	refused := render.Reply(answer("", strings.Repeat("<", 60_000)), "Skipped.")
	safe(t, refused)
	back = hotfix.Answer{}
	if !naming.FindMarker(refused, naming.KindReply, &back) || back.To != 900 || back.Granted[0].Done {
		t.Errorf("what cannot be recorded reads back as %+v", back)
	}
	if !strings.Contains(refused, "nothing of them was granted") {
		t.Error("the refusal is not said")
	}
}

func TestSaid(t *testing.T) {
	missing := status(qa(hotfix.VerdictProposed), conflictedDev())
	words := []string{
		render.SaidNotThere("staging", []string{"QA", "Development"}),
		render.SaidNotThere(hostile, nil),
		render.SaidUsage("`skip` needs a reason: `/hotfix skip <environment> <reason>`"),
		render.SaidUsage(hostile),
		render.SaidRetried("QA", 41),
		render.SaidNothingToRetry(qa(hotfix.VerdictProposed)),
		render.SaidSkipped("Development", hostile), render.SaidSkipped("Development", " "),
		render.SaidUnskipped("QA"), render.SaidNotSkipped("QA"),
		render.SaidResolved([]string{"a.png", "b c.png"}), render.SaidNotConflicted("x.go"),
		render.SaidSolved(), render.SaidMissing(missing), render.SaidForced("rebuilt next week"),
		render.SaidReopened(), render.SaidAlreadyOpen(), render.SaidAlreadySolved(),
		render.SaidNotReverted("main"), render.SaidReverting("QA", 44), render.SaidNothingToRevert("Development"),
		render.SaidSeveral([]int{34, 36}), render.SaidNoHotfix(),
		render.SaidNotMerged(), render.SaidRefused("QA", hotfix.Problem{What: "the push was refused: " + hostile, Remedy: "let the App bypass the ruleset"}),
		render.About(34, 2, "It is solved already."), render.About(34, 1, "It is solved already."),
	}
	text := strings.Join(words, "\n\n") + "\n"
	golden(t, "said", text)
	safe(t, text)
}

// What GitHub says, people's titles and logins are quoted in what is told of merges and
// reverts.
func TestRevertsAndMergesQuoteHarmlessly(t *testing.T) {
	p := pull34
	p.Title, p.Author = hostile, hostile
	by := hotfix.Undoing{Commit: oid("abc1234"), Author: hostile}
	env := hotfix.Environment{Name: hostile, Branch: "qa"}
	body := render.RevertBody(p, &hotfix.Issue{Number: 12}, by, hotfix.OpenRevert{Pull: 34, Environment: env, Command: 7}, oid("def5678"))
	golden(t, "pull/revert", body)
	conflicts := render.RevertConflicts("qa", []hotfix.PathConflict{{Path: hostile}})
	for _, text := range []string{
		body, render.SaidProblem(render.MergeRefused(41, hostile, hostile)), render.SaidProblem(render.MergeUnjudged(41)),
		render.SaidProblem(render.MergeCalledOff(41)), render.SaidProblem(hotfix.Problem{What: conflicts.What, Remedy: conflicts.Remedy}),
	} {
		safe(t, text)
	}
}

func TestDoctor(t *testing.T) {
	sick := []hotfix.Finding{
		{Check: "installation on `acme`", State: hotfix.FindingOK, What: "it has all permissions and events"},
		{Check: "configuration", State: hotfix.FindingFailed, What: "`.github/hotfix.yml`, line 4, column 5: " + hostile, Remedy: "correct it on the default branch"},
		{Check: "issues", State: hotfix.FindingWarning, What: "issues are switched off", Remedy: "switch them on at `https://github.com/acme/shop/settings`"},
		{Check: "tags", State: hotfix.FindingSkipped, What: "no version tag is there to count from"},
	}
	text := render.Doctor(sick) + "\n" + render.Doctor(sick[:1]) + "\n" + render.Doctor(sick[2:])
	golden(t, "doctor", text)
	safe(t, text)
}

// shown is a check run as one text.
func shown(run hotfix.CheckRun) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, %s\n%s\n\n%s", run.Name, run.Status, run.Conclusion, run.Title, run.Summary)
	for _, a := range run.Annotations {
		fmt.Fprintf(&b, "\n    %s:%d:%d %s", a.Path, a.Line, a.Column, strings.ReplaceAll(a.Message, "\n", "⏎"))
	}
	return b.String() + "\n"
}

func checkCases() map[string]hotfix.CheckRun {
	targets := []hotfix.Environment{{Name: "QA", Branch: "qa"}, development}
	conflicts := everyConflict().Conflicts
	problems := []hotfix.ConfigProblem{
		{File: ".github/hotfix.yml", Line: 3, Column: 5, Message: "unknown key `enviroments`; did you mean `environments`?"},
		{File: ".github/hotfix.yml", Message: "the file is empty"},
		{File: ".github/hotfix.yml", Line: 9, Column: 1, Message: hostile},
	}
	return map[string]hotfix.CheckRun{
		"open":               render.HotfixCheck(pull34, render.OpenPlan{NextTags: []string{"v1.7.2"}, Targets: targets}),
		"open, no version":   render.HotfixCheck(pull34, render.OpenPlan{Targets: targets[:1]}),
		"open, no targets":   render.HotfixCheck(pull34, render.OpenPlan{NextTags: []string{"v1.7.2"}}),
		"open with problems": render.HotfixCheck(pull34, render.OpenPlan{NextTags: []string{"v1.7.2"}, Targets: targets, Problems: []hotfix.Problem{render.BrokenConfig(problems), render.MissingBranch(development)}}),
		"landed":             render.LandedCheck(pull34, status()),
		"conflicts":          render.ConflictCheck(dev(hotfix.VerdictConflicted), conflicts),
		"no conflicts":       render.ConflictCheck(dev(hotfix.VerdictConflicted), nil),
		"configuration":      render.ConfigCheck(problems),
		"configuration good": render.ConfigCheck(nil),

		"configuration of a pull request": render.ConfigPullCheck(problems),
	}
}

func TestChecks(t *testing.T) {
	for name, run := range checkCases() {
		t.Run(name, func(t *testing.T) {
			golden(t, "check/"+name, shown(run))
			safe(t, run.Summary)
		})
	}
}

func TestChecksOfThousands(t *testing.T) {
	var conflicts []hotfix.PathConflict
	var problems []hotfix.ConfigProblem
	for i := range 3000 {
		conflicts = append(conflicts, hotfix.PathConflict{Path: fmt.Sprint(strings.Repeat("deep/", 60), i), Kind: hotfix.ConflictBinary})
		problems = append(problems, hotfix.ConfigProblem{File: ".github/hotfix.yml", Line: i, Message: strings.Repeat("no ", 500)})
	}
	for _, run := range []hotfix.CheckRun{render.ConflictCheck(dev(""), conflicts), render.ConfigCheck(problems), render.ConfigPullCheck(problems)} {
		if n := utf8.RuneCountInString(run.Summary); n > 65_535 {
			t.Errorf("%s: a summary of %d characters", run.Name, n)
		}
		if len(run.Annotations) != 50 {
			t.Errorf("%s: %d annotations", run.Name, len(run.Annotations))
		}
		if !strings.Contains(run.Summary, "… and ") {
			t.Errorf("%s: what is left out is not counted", run.Name)
		}
	}
}

func TestNoProblemFromNothing(t *testing.T) {
	if p := render.BrokenConfig(nil); p != (hotfix.Problem{}) {
		t.Errorf("got %+v", p)
	}
}

// TestProblemsLinkOnlyTheBotsPulls: the pull request that a problem is about is a
// link, a number that somebody else wrote is none.
func TestProblemsLinkOnlyTheBotsPulls(t *testing.T) {
	for _, p := range []hotfix.Problem{
		render.LostMerge(41, "qa", nil), render.Repointed(41, "#9", "qa"), render.MergedElsewhere(41, "#9", "qa"), render.MergeGone(41, "qa"),
		{What: "#41 was refused: #9 stands in the way"},
	} {
		text := render.HotfixCheck(pull34, render.OpenPlan{Problems: []hotfix.Problem{p}}).Summary
		if !strings.Contains(text, "\n- #41 was ") || strings.Contains(strings.ReplaceAll(text, "`#9`", ""), "#9") {
			t.Errorf("%q", text)
		}
	}
	for _, what := range []string{"#41: Fixes #41", "#41was merged", "# was merged", "the push was refused: #41 was merged"} {
		text := render.HotfixCheck(pull34, render.OpenPlan{Problems: []hotfix.Problem{{What: what}}}).Summary
		if strings.Contains(text, "#41") {
			t.Errorf("%q", text)
		}
	}
}
