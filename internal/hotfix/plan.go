package hotfix

import (
	"fmt"
	"strings"
	"time"
)

// Plan is what Decide wants: what to do now, and where everything stands. When
// Actions is empty the repository is at rest and the statuses are final.
type Plan struct {
	Actions  []Action
	Statuses []Status // of Snapshot.Hotfixes, in its order
	// Again is when something will be due that only time brings; zero: nothing is.
	Again time.Time
}

// Action is one thing to do on GitHub. Doing it again does nothing more. Its key
// names the thing, not the moment.
type Action interface{ Key() string }

// StartBranch makes the hotfix branch of an issue.
type StartBranch struct {
	Issue  int
	Branch string
	Commit OID
}

// Key names the branch.
func (a StartBranch) Key() string { return "start/" + a.Branch }

// AddLabel puts a label on an issue or pull request.
type AddLabel struct {
	Number int
	Label  string
}

// Key names the label's place.
func (a AddLabel) Key() string { return fmt.Sprintf("label/%d/%s", a.Number, a.Label) }

// OpenIssue opens the issue of a hotfix that has none.
type OpenIssue struct{ Pull int }

// Key names the hotfix.
func (a OpenIssue) Key() string { return fmt.Sprintf("issue/%d", a.Pull) }

// CreateTag makes the annotated release tag of a hotfix in the line of an
// application.
type CreateTag struct {
	Pull        int
	Application string // its name in Config.Lines
	Name        string
	Version     Version
	Prefix      string
	Commit      OID
}

// Key names the hotfix and the application: however the tag's name is chosen, there
// is one for them.
func (a CreateTag) Key() string {
	if a.Application == "" {
		return fmt.Sprintf("tag/%d", a.Pull)
	}
	return fmt.Sprintf("tag/%d/%s", a.Pull, a.Application)
}

// CreateRelease publishes the GitHub release of a hotfix's tag.
type CreateRelease struct {
	Pull   int
	Tag    string
	Latest bool
}

// Key names the tag.
func (a CreateRelease) Key() string { return "release/" + a.Tag }

// Promote fast-forwards an environment above the landing one to a hotfix's release.
type Promote struct {
	Pull        int
	Environment Environment
	From, To    OID
}

// Key names the hotfix and the environment.
func (a Promote) Key() string { return fmt.Sprintf("promote/%d/%s", a.Pull, a.Environment.Branch) }

// OpenPromotion opens the pull request that brings a hotfix's release to an
// environment which cannot be fast-forwarded.
type OpenPromotion struct {
	Pull        int
	Environment Environment
	Tag         string   // of the first application that is released
	Tags        []string // of all of them
	Commit      OID
}

// Key names the release and the environment: it brings every hotfix of the release.
func (a OpenPromotion) Key() string { return PromotionKey(a.Environment.Branch, a.Tag) }

// PromotionKey is the key of the promotion of a release to an environment.
func PromotionKey(branch, tag string) string { return fmt.Sprintf("promotion/%s/%s", branch, tag) }

// RecordDeployment records on GitHub that a release is deployed to an environment.
type RecordDeployment struct {
	Pull        int
	Environment Environment
	Tag         string
}

// Key names the environment and the release.
func (a RecordDeployment) Key() string {
	return fmt.Sprintf("deployment/%s/%s", a.Environment.Branch, a.Tag)
}

// OpenBackport makes the backport's branch and pull request. With Remake, the
// branch and pull request of that attempt exist, are the bot's, and are made anew.
type OpenBackport struct {
	Pull        int
	Environment Environment
	Attempt     int
	Branch      string
	Lease       OID // where the branch must be before it is pushed; empty: it must not exist
	Remake      bool
	Carries     Carries
	Command     int64  // the comment that asked for it
	Press       string // the button press that asked for it
}

// Key names the hotfix and the environment.
func (a OpenBackport) Key() string {
	return BackportKey(a.Pull, a.Environment.Branch)
}

// BackportKey is the key of every OpenBackport of a hotfix to an environment.
func BackportKey(pull int, branch string) string { return fmt.Sprintf("backport/%d/%s", pull, branch) }

// Dress gives a fresh backport pull request its labels, assignees, reviewers and
// milestone. It is wanted until it was done once; later changes are people's.
type Dress struct {
	Pull   int // the backport
	Hotfix int
	Branch string
}

// Key names the branch, which is known before the pull request is.
func (a Dress) Key() string { return DressKey(a.Branch) }

// DressKey is the key of the Dress of a branch's pull request.
func DressKey(branch string) string { return "dress/" + branch }

// OpenRevert makes the branch and the draft that take a reverted hotfix back from an
// environment that has it.
type OpenRevert struct {
	Pull        int
	Environment Environment
	Picks       []Pick // what is there, the wrong way round
	Command     int64  // the comment that asked for it
	Press       string // or the button press
}

// Key names the hotfix, the environment and who asked: it may be refused and asked for
// again.
func (a OpenRevert) Key() string {
	return fmt.Sprintf("revert/%d/%s/%d%s", a.Pull, a.Environment.Branch, a.Command, a.Press)
}

// MergeBackport merges a backport without a person, or tells GitHub to when nothing
// stands in its way any more.
type MergeBackport struct {
	Pull   int // the backport
	Hotfix int
	Branch string
	Head   OID
}

// Key names the branch.
func (a MergeBackport) Key() string { return "merge/" + a.Branch }

// Remind tells people once of a backport that waits.
type Remind struct {
	Pull   int // the backport
	Hotfix int
	Stage  int // 1: its assignees; 2: the maintainers
	Since  time.Time
}

// Key names the backport and the stage.
func (a Remind) Key() string { return fmt.Sprintf("remind/%d/%d", a.Pull, a.Stage) }

// ClosePull closes a pull request of the bot's that has nothing to do any more.
type ClosePull struct {
	Pull   int
	Hotfix int
}

// Key names the pull request.
func (a ClosePull) Key() string { return fmt.Sprintf("close/%d", a.Pull) }

// DeleteBranch removes a branch of the bot's whose tip is still the bot's.
type DeleteBranch struct {
	Branch string
	Tip    OID
	Hotfix int
}

// Key names the branch.
func (a DeleteBranch) Key() string { return "branch/" + a.Branch }

// SetIssue closes or reopens the hotfix's issue.
type SetIssue struct {
	Number int
	Open   bool
}

// Key names the issue.
func (a SetIssue) Key() string { return fmt.Sprintf("state/%d", a.Number) }

// React puts the bot's reaction on a comment.
type React struct {
	Comment int64
	Content string // "eyes", "confused"
}

// Key names the reaction.
func (a React) Key() string { return fmt.Sprintf("react/%d/%s", a.Comment, a.Content) }

// Reply answers a request, once.
type Reply struct {
	Answer Answer
	Body   string
}

// Key names the request.
func (a Reply) Key() string {
	if a.Answer.Press != "" {
		return "reply/press/" + a.Answer.Press
	}
	return fmt.Sprintf("reply/%d", a.Answer.To)
}

// IgnorePress drops a button press of somebody who may not do what it asks for; Why says
// so, in Markdown.
type IgnorePress struct{ ID, Why string }

// Key names the press.
func (a IgnorePress) Key() string { return "press/" + a.ID }

// Describe lists the keys of actions, for logs.
func Describe(actions []Action) string {
	keys := make([]string, len(actions))
	for i, a := range actions {
		keys[i] = a.Key()
	}
	return strings.Join(keys, " ")
}
