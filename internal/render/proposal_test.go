package render_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// proposalCases are the check runs on what is proposed: gates and forecasts. What
// people wrote in them is hostile.
func proposalCases() map[string]hotfix.CheckRun {
	qa := hotfix.Environment{Name: "QA", Branch: "qa"}
	lost := []hotfix.Guarded{{Pull: 34, Tags: []string{"v1.7.1"}, Title: hostile, Author: "alice", Issue: 12, Paths: []string{"cart.go"}}}
	unknown := hotfix.Problem{What: "the objects that are needed take more than 4096 MiB", Remedy: "merge it by hand"}
	forecasts := []hotfix.Forecast{
		{Environment: qa, Outcome: hotfix.Clean},
		{
			Environment: development, Outcome: hotfix.Conflict,
			Conflicts: []hotfix.PathConflict{{Path: "cart.go", Kind: hotfix.ConflictContent}},
			Missing:   []hotfix.Prerequisite{{Commit: "abc1234abc1234abc1234abc1234abc1234abc12", Subject: hostile, Author: "carol", Path: "cart.go"}},
		},
		{Environment: hotfix.Environment{Name: "Old", Branch: "old"}, Problem: &unknown},
	}
	return map[string]hotfix.CheckRun{
		"gate":                 render.GateCheck(hotfix.Gated{Base: qa}, true),
		"gate, losing":         render.GateCheck(hotfix.Gated{Base: qa, Below: true, Losing: lost, Missing: lost, Unknown: &unknown}, false),
		"gate, landing":        render.GateCheck(hotfix.Gated{Base: hotfix.Environment{Name: "Production", Branch: "main"}, Losing: lost}, false),
		"gate, missing":        render.GateCheck(hotfix.Gated{Base: qa, Missing: lost}, false),
		"gate, enforced":       render.GateCheck(hotfix.Gated{Base: qa, Missing: lost}, true),
		"gate, conflicted":     render.GateCheck(hotfix.Gated{Base: qa, Conflicted: true}, true),
		"gate, cannot tell":    render.GateCheck(hotfix.Gated{Base: qa, Unknown: &unknown}, false),
		"gate, must tell":      render.GateCheck(hotfix.Gated{Base: qa, Unknown: &unknown}, true),
		"open with a forecast": render.HotfixCheck(pull34, render.OpenPlan{NextTags: []string{"v1.7.2"}, Targets: []hotfix.Environment{qa}, Forecasts: forecasts}),
	}
}

func TestProposals(t *testing.T) {
	for name, run := range proposalCases() {
		t.Run(name, func(t *testing.T) {
			golden(t, "check/"+name, shown(run))
			safe(t, run.Summary)
		})
	}
}

// A gate that cannot tell never passes as one that can: neutral, or a failure where
// it is enforced.
func TestGateConclusions(t *testing.T) {
	for name, want := range map[string]string{
		"gate": "success", "gate, losing": "failure", "gate, missing": "success", "gate, enforced": "failure",
		"gate, conflicted": "success", "gate, cannot tell": "neutral", "gate, must tell": "failure",
	} {
		if got := proposalCases()[name].Conclusion; got != want {
			t.Errorf("%s: %s instead of %s", name, got, want)
		}
	}
}

// GitHub refuses a button whose parts are empty or too long.
func TestButtonsFit(t *testing.T) {
	long := strings.Repeat("v", 60)
	for _, b := range []hotfix.CheckAction{
		render.DeployButton([]string{"v1.7.1"}), render.DeployButton([]string{long}),
		render.DeployButton([]string{"shop-v1.7.1", "api-v2.0.1"}), render.RetryButton(), render.SolvedButton(),
	} {
		for part, limit := range map[string]int{b.Label: 20, b.Description: 40, b.Identifier: 20} {
			if n := utf8.RuneCountInString(part); n == 0 || n > limit {
				t.Errorf("%+v: %q has %d characters of %d", b, part, n, limit)
			}
		}
	}
	if b := render.DeployButton([]string{"v1.7.1"}); b.Label != "Tag & Deploy v1.7.1" {
		t.Errorf("label %q", b.Label)
	}
	if b := render.DeployButton([]string{"v1.7.12"}); b.Label != "Tag & Deploy v1.7.12" {
		t.Errorf("label %q", b.Label)
	}
	if b := render.DeployButton([]string{"v1.17.12"}); b.Label != "Tag & Deploy" || !strings.Contains(b.Description, "v1.17.12") {
		t.Errorf("%+v", b)
	}
}

// A reminder mentions people on purpose, but nothing that is no login.
func TestReminder(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	a := hotfix.Remind{Pull: 41, Hotfix: 34, Stage: 1, Since: start}
	text := render.Reminder(a, []string{"alice", "acme/everybody", "dependabot[bot]", "bob-1"}, start.Add(75*time.Hour))
	golden(t, "reply/reminder", text)
	if mentions := strings.Count(text, "@"); mentions != 2 {
		t.Errorf("%d mentions in %s", mentions, text)
	}
}

// What people named or wrote stands harmless in the answers.
func TestAnswersQuoteHarmlessly(t *testing.T) {
	forecasts := []hotfix.Forecast{{Environment: hotfix.Environment{Name: "QA", Branch: "qa"}, Outcome: hotfix.Contained}}
	production := hotfix.EnvironmentState{Environment: hotfix.Environment{Name: "Production", Branch: "main"}}
	landing := hotfix.Environment{Name: "Production", Branch: "main"}
	for _, text := range []string{
		render.ForecastReply(pull34, nil), render.ForecastReply(pull34, forecasts),
		render.StartedReply("hotfix/12-cart", production, landing),
		render.SaidPicked("QA", []string{hostile}, []string{hostile}), render.Pressed(hostile, nil),
		render.SaidNoVersion(hostile), render.SaidTaken(hostile), render.SaidProblem(render.Lost("dev", hotfix.Undoing{Commit: "abc1234", Author: hostile})),
		render.SaidProblem(render.RevertedHotfix("main", hotfix.Undoing{Commit: "abc1234", Author: hostile})),
	} {
		safe(t, text)
	}
	if got := render.SaidProblem(hotfix.Problem{}); got != "" {
		t.Errorf("of no problem: %q", got)
	}
}
