package render

import (
	"fmt"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// WaitsForDeploy is what holds propagation back where releases are made by hand.
func WaitsForDeploy(tags []string) hotfix.Problem {
	return hotfix.Problem{
		What:   "it waits for Tag & Deploy of " + ticked(tags),
		Remedy: "say `/hotfix deploy`",
		Topic:  hotfix.TopicTagAndDeploy,
	}
}

// ticked names tags in the words of a problem, which are made safe as a whole.
func ticked(tags []string) string {
	out := make([]string, len(tags))
	for i, tag := range tags {
		out[i] = "`" + tag + "`"
	}
	return sentence(out)
}

// DeploymentFailed is the problem of a release whose deployment went wrong.
func DeploymentFailed(env, state string) hotfix.Problem {
	return hotfix.Problem{
		What:   "the deployment to " + env + " ended in `" + state + "`, so nothing is propagated",
		Remedy: "deploy again; it goes on when the deployment's status says so",
		Topic:  hotfix.TopicDeploymentFailed,
	}
}

// PromotionDeclined is the problem of a promotion that a person closed.
func PromotionDeclined(pull int, by string, tags []string, branch string) hotfix.Problem {
	return hotfix.Problem{
		What:   fmt.Sprintf("#%d was closed unmerged by `%s`", pull, by),
		Remedy: fmt.Sprintf("reopen it and merge it, or bring %s to `%s` by hand", ticked(tags), branch),
		Topic:  hotfix.TopicPromotion,
	}
}

// BranchTaken is why a promotion waits whose branch is somebody else's.
func BranchTaken(branch string, tip hotfix.OID, a hotfix.OpenPromotion) *hotfix.Refusal {
	return &hotfix.Refusal{
		What:   fmt.Sprintf("the branch `%s`, from which %s would be brought to `%s`, is there already, at `%s`", branch, ticked(a.Tags), a.Environment.Branch, tip.Short()),
		Remedy: fmt.Sprintf("delete or rename it, or bring %s to `%s` by hand", ticked(a.Tags), a.Environment.Branch),
		Topic:  hotfix.TopicBranchTaken,
	}
}

// DeploymentUnrecorded is the problem of a release of which GitHub keeps no record
// where it is deployed.
func DeploymentUnrecorded(tag string, why hotfix.Problem) hotfix.Problem {
	return hotfix.Problem{What: "`" + tag + "` is there, but GitHub has no record of its deployment: " + why.What, Remedy: why.Remedy, Topic: why.Topic}
}

// PromotionMissed is the problem of a merged promotion that did not bring the
// release to its environment.
func PromotionMissed(pull int, base, branch string) hotfix.Problem {
	return hotfix.Problem{
		What:   fmt.Sprintf("#%d was merged into `%s`, but `%s` does not have the hotfix", pull, base, branch),
		Remedy: fmt.Sprintf("bring it to `%s` by hand", branch),
		Topic:  hotfix.TopicPromotion,
	}
}

// RolledBack is the problem of an environment from which a person took the release
// back.
func RolledBack(tags []string, branch string) hotfix.Problem {
	return hotfix.Problem{
		What:   fmt.Sprintf("`%s` had %s and was moved back", branch, ticked(tags)),
		Remedy: "say `/hotfix deploy` to bring it there again",
		Topic:  hotfix.TopicRolledBack,
	}
}

// PromotionTitle is the title of a promotion pull request.
func PromotionTitle(tags []string, env hotfix.Environment) string {
	return naming.Line("Deploy "+sentence(tags)+" to "+env.Name, maxTitle)
}

// PromotionBody is the body of a promotion pull request.
func PromotionBody(p hotfix.Pull, issue *hotfix.Issue, a hotfix.OpenPromotion) string {
	body := "Brings release " + sentence(codes(a.Tags)) + " with hotfix " + number(p.Number) + " (" + naming.Code(p.Title) + ") to " +
		name(a.Environment.Name) + ": " + naming.Code(a.Environment.Branch) + " cannot be fast-forwarded to it by the bot.\n\n" +
		"Merge it with a merge commit, so that " + naming.Code(a.Environment.Branch) + " has the release in its history.\n"
	if issue != nil {
		body += "\n" + number(issue.Number) + " says where the hotfix stands. "
	}
	body += more(aboutPromotion) + "\n"
	return finish(body, naming.Marker(naming.KindPromote, hotfix.PromotionMarker{
		Pull: p.Number, Environment: a.Environment.Branch, Tag: a.Tag, Commit: a.Commit,
	}))
}

// DeploymentText is the description of a GitHub deployment, at most 140 characters.
func DeploymentText(pull int, tag string) string {
	return naming.Line(fmt.Sprintf("%s with hotfix #%d", tag, pull), 140)
}

// stageNow says in half a sentence how an environment above stands.
func stageNow(s hotfix.Status, st hotfix.StageStanding) string {
	switch {
	case st.Problem != nil:
		return trouble(st.Problem.What)
	case st.State == hotfix.StageDeployed && st.URL != "":
		return version(s) + " is [deployed](" + st.URL + ")"
	case st.State == hotfix.StageDeployed:
		return version(s) + " is there"
	case st.State == hotfix.StagePromoting && st.Pull != 0:
		return "promotion " + number(st.Pull) + " is open"
	case st.State == hotfix.StagePromoting:
		return version(s) + " is being brought there"
	case len(s.Deployable) > 0:
		return "it waits for Tag & Deploy of " + sentence(codes(s.Deployable))
	}
	return "it waits for the release"
}

// stageRemedy says what a person can do about an environment above.
func stageRemedy(s hotfix.Status, st hotfix.StageStanding) string {
	switch {
	case st.Problem != nil && st.Problem.Remedy != "":
		return statement(st.Problem.Remedy)
	case st.State == hotfix.StagePromoting && st.Pull != 0:
		return "Review and merge " + number(st.Pull) + "."
	case st.State == hotfix.StageWaits && len(s.Deployable) > 0:
		return "Say " + naming.Code("/hotfix deploy") + "."
	case st.State == hotfix.StageWaits:
		return "Say " + naming.Code("/hotfix deploy <version>") + "."
	}
	return ""
}

// stageDetail is the third column of an environment above.
func stageDetail(s hotfix.Status, st hotfix.StageStanding) string {
	now := endSentence(stageNow(s, st))
	if !strings.HasPrefix(now, version(s)) { // the name of a tag is written as it is
		now = upperFirst(now)
	}
	return strings.TrimSpace(now + " " + stageRemedy(s, st))
}

// headlineOfStage is an environment above in the headline, while it waits.
func headlineOfStage(s hotfix.Status, st hotfix.StageStanding) string {
	env := name(st.Environment)
	switch {
	case st.State == hotfix.StageFailed:
		return env + " failed"
	case st.Pull != 0 && st.State == hotfix.StagePromoting:
		return env + " waits for " + number(st.Pull)
	case st.State == hotfix.StageWaits && len(s.Deployable) == 0:
		return env + " waits"
	}
	return ""
}

// SaidDeployed answers a deploy: which release it is and where it is now.
func SaidDeployed(s hotfix.Status) string {
	parts := make([]string, len(s.Stages))
	for i, st := range s.Stages {
		parts[i] = name(st.Environment) + ": " + stageNow(s, st)
	}
	text := "Tagged " + sentence(codes(s.Tags())) + " at " + s.Landed.Commit.Short() + "."
	for _, part := range parts {
		text += " " + endSentence(part)
	}
	return text
}

// SaidTagged answers a deploy with a number, of a hotfix that has another.
func SaidTagged(tag string) string {
	return "This hotfix is released as " + naming.Code(tag) + " already, and a tag never moves. Nothing was changed."
}

// SaidSeveralLines answers a deploy with a number, of a hotfix that touches several
// applications.
func SaidSeveralLines(applications []string) string {
	return "This hotfix touches " + sentence(codes(applications)) + ", each with its own versions. Say " +
		naming.Code("/hotfix deploy") + " for the next number of each. Nothing was changed."
}

// SaidNoVersion answers a deploy with a word that is no version.
func SaidNoVersion(word string) string {
	return naming.Code(word) + " is no version. Say it as " + naming.Code("/hotfix deploy 1.7.1") + ", or " +
		naming.Code("/hotfix deploy") + " for the next number. Nothing was changed."
}

// SaidTaken answers a deploy with a version that has its tag already.
func SaidTaken(tag string) string {
	return "The tag " + naming.Code(tag) + " exists already. Name another version. Nothing was changed."
}

// SaidBelow answers a deploy with a version below the one that is being fixed.
func SaidBelow(tag, base, next string) string {
	return naming.Code(tag) + " is below " + naming.Code(base) + ", which this hotfix fixes. The next one is " + naming.Code(next) +
		". Nothing was changed."
}

// SaidProblem answers a command that something stands in the way of.
func SaidProblem(p hotfix.Problem) string { return problem(p) }
