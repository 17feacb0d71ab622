package render

import (
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// The names of the bot's check runs, as they stand in branch protection rules.
const (
	HotfixCheckName   = "Hotfix"
	ConflictCheckName = "Hotfix conflicts"
	ConfigCheckName   = "Hotfix configuration"
)

// maxAnnotations is how many GitHub takes in one request.
const maxAnnotations = 50

// OpenPlan is what will happen when an open hotfix pull request is merged.
type OpenPlan struct {
	NextTags []string // "v1.7.2"; none when there is no version to count from
	Apart    bool     // it touches none of several applications, so it gets no tag
	Targets  []hotfix.Environment
	Problems []hotfix.Problem // what would hold it up
	// Forecasts are what carrying it to the environments would come to.
	Forecasts []hotfix.Forecast
	Manual    bool // nothing is tagged on merge: a person says deploy
}

// HotfixCheck is the check run on an open hotfix pull request. Problems make it
// neutral, never a failure: they are none of the pull request's, and an urgent
// fix must not be kept from merging by them. Commit and ExternalID are the
// caller's to fill in; so for all check runs here.
func HotfixCheck(p hotfix.Pull, plan OpenPlan) hotfix.CheckRun {
	run := completed(HotfixCheckName, "success")
	run.Title = naming.Line("On merge: "+onMerge(plan), maxTitle)
	run.Summary = "Hotfix " + number(p.Number) + " is not merged yet. When it is: " + onMergeCode(plan) + ".\n"
	if len(plan.Forecasts) > 0 {
		if slices.ContainsFunc(plan.Forecasts, func(f hotfix.Forecast) bool { return f.Outcome != hotfix.Clean }) {
			run.Title = naming.Line(forecastTitle(plan.Forecasts), maxTitle)
		}
		run.Summary += "\nIf it were carried over now:\n\n" + forecasts(plan.Forecasts)
		run.Annotations = forecastNotes(plan.Forecasts)
	}
	if len(plan.Problems) > 0 {
		run.Conclusion = "neutral"
		run.Title = counted(len(plan.Problems), "thing") + " will hold this hotfix up"
		run.Summary += problems(plan.Problems)
	}
	run.Summary = summary(run.Summary, aboutHotfixCheck)
	return run
}

// LandedCheck is what the check run on a hotfix pull request says after the
// merge: where to look. It does not follow the hotfix any further.
func LandedCheck(p hotfix.Pull, s hotfix.Status) hotfix.CheckRun {
	run := completed(HotfixCheckName, "success")
	run.Title = naming.Line("Landed on "+s.Landing, maxTitle)
	run.Summary = "Hotfix " + number(p.Number) + " landed on " + name(s.Landing)
	if s.Landed.Commit != "" {
		run.Summary += " as " + s.Landed.Commit.Short()
	}
	run.Summary += "."
	if s.Issue != 0 {
		run.Summary += " " + number(s.Issue) + " says where it stands."
	}
	run.Summary = summary(run.Summary, aboutHotfixCheck)
	return run
}

// onMerge is "v1.7.2, then backports to QA and Development", as plain text.
func onMerge(plan OpenPlan) string {
	names := make([]string, len(plan.Targets))
	for i, env := range plan.Targets {
		names[i] = naming.Line(env.Name, 64)
	}
	tags := make([]string, len(plan.NextTags))
	for i, tag := range plan.NextTags {
		tags[i] = naming.Line(tag, 64)
	}
	return onMergeWith(sentence(tags), plan, names)
}

// onMergeCode is the same as Markdown.
func onMergeCode(plan OpenPlan) string {
	names := make([]string, len(plan.Targets))
	for i, env := range plan.Targets {
		names[i] = name(env.Name) + " (" + naming.Code(env.Branch) + ")"
	}
	return onMergeWith(sentence(codes(plan.NextTags)), plan, names)
}

func onMergeWith(tag string, plan OpenPlan, targets []string) string {
	switch {
	case plan.Apart:
		tag = "no release, for it touches no application"
	case tag == "":
		tag = "no release tag, for there is none to count from"
	case plan.Manual:
		tag = "Tag & Deploy of " + tag + " at somebody's word"
	}
	if len(targets) == 0 {
		return tag + "; no environment below to carry it to"
	}
	return tag + ", then backports to " + sentence(targets)
}

// ConflictCheck is the check run on a conflicted backport: it fails until
// nothing is left to resolve.
func ConflictCheck(b hotfix.Standing, unresolved []hotfix.PathConflict) hotfix.CheckRun {
	if len(unresolved) == 0 {
		run := completed(ConflictCheckName, "success")
		run.Title = "Every conflict is resolved"
		run.Summary = "No conflict block is left, and each path without blocks was changed or confirmed. Next: mark the pull request as ready for review and merge it."
		run.Summary = summary(run.Summary, aboutConflictCheck)
		return run
	}
	run := completed(ConflictCheckName, "failure")
	run.Title = counted(len(unresolved), "path") + " to resolve"
	lines := make([]string, len(unresolved))
	for i, c := range unresolved {
		lines[i] = pathOf(c) + " (" + string(c.Kind) + "): " + toResolve(c)
		if c.Path != "" && len(run.Annotations) < maxAnnotations {
			run.Annotations = append(run.Annotations, hotfix.Annotation{
				Path: c.Path, Line: 1, Column: 1, Message: string(c.Kind) + " conflict: " + strings.ReplaceAll(toResolve(c), "`", ""),
			})
		}
	}
	run.Summary = summary("The backport to "+name(b.Environment)+" cannot be merged before these are resolved:\n\n"+bullets(lines), aboutConflictCheck)
	return run
}

// toResolve says what a path still needs.
func toResolve(c hotfix.PathConflict) string {
	if c.Markers {
		return "remove the last `<<<<<<<` … `>>>>>>>` block"
	}
	if c.Path == "" {
		return "see the pull request's body"
	}
	return "change it, or say " + resolveCommand(c.Path)
}

func completed(name, conclusion string) hotfix.CheckRun {
	return hotfix.CheckRun{Name: name, Status: "completed", Conclusion: conclusion}
}
