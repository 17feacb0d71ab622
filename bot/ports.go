package bot

import (
	"context"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Forges finds repositories on GitHub. It is all that the bot knows before it
// knows a repository.
type Forges interface {
	// Repository looks a repository up by its id, wherever it was renamed to. A
	// repository that the App may not see any more is a *hotfix.Gone.
	Repository(ctx context.Context, id hotfix.RepositoryID) (Forge, error)
	// Repositories lists every repository in which the App is installed.
	Repositories(ctx context.Context) ([]hotfix.Repository, error)
}

// Forge is one repository on GitHub. A thing that does not exist is a
// *hotfix.Gone; a thing that GitHub will not do is a *hotfix.Refusal; a budget
// that is used up is a *hotfix.Later.
type Forge interface {
	Reader
	Writer
}

// Reader is what is read of a repository.
type Reader interface {
	// About is the repository as it was looked up, and Bot the App's account.
	About() hotfix.Repository
	Bot() hotfix.Bot
	// FileAt reads a file at a commit; ok is false when there is none.
	FileAt(ctx context.Context, path string, commit hotfix.OID) (data []byte, ok bool, err error)
	// History lists the commits, reachable from one, that changed a path (a file, a
	// folder, or "": all), newest first, at most limit of them (1 to 100).
	History(ctx context.Context, from hotfix.OID, path string, limit int) ([]hotfix.Commit, error)
	// Pulls lists pull requests of any state and base that were updated at or
	// after a time, newest update first.
	Pulls(ctx context.Context, since time.Time) ([]hotfix.Pull, error)
	// OlderPulls lists the open pull requests that Pulls leaves out: those that were
	// last updated before a time, longest ago first, at most 1,000 of them.
	OlderPulls(ctx context.Context, before time.Time) ([]hotfix.Pull, error)
	// Pull reads one pull request whole (MergedBy is filled in).
	Pull(ctx context.Context, number int) (hotfix.Pull, error)
	// PullCommits lists the commits of a pull request in its order. GitHub stops
	// at 250: cut says that there are more.
	PullCommits(ctx context.Context, number int) (commits []hotfix.Commit, cut bool, err error)
	// Approvers lists who approved a pull request and did not withdraw it.
	Approvers(ctx context.Context, number int) ([]string, error)
	// ClosedBy is who closed an issue or pull request; empty when it is open.
	ClosedBy(ctx context.Context, number int) (login string, err error)
	// Links are what pull requests are linked to, by their numbers.
	Links(ctx context.Context, pulls ...int) (map[int]hotfix.Links, error)
	// Issue reads an issue with its turns.
	Issue(ctx context.Context, number int) (hotfix.Issue, error)
	// Issues lists issues (not pull requests) of any state with a label, updated at
	// or after a time.
	Issues(ctx context.Context, label string, since time.Time) ([]hotfix.Issue, error)
	// PullsOf lists the pull requests between two branches of the repository, open
	// or not.
	PullsOf(ctx context.Context, head, base string) ([]hotfix.Pull, error)
	// Comments lists the comments of all issues and pull requests that were updated
	// at or after a time, oldest first.
	Comments(ctx context.Context, since time.Time) ([]hotfix.Comment, error)
	// Reactions lists the contents of the App's own reactions on a comment.
	Reactions(ctx context.Context, comment int64) ([]string, error)
	// Compare tells how commit a stands to commit b.
	Compare(ctx context.Context, a, b hotfix.OID) (hotfix.Comparison, error)
	// Releases lists the newest releases, at most a hundred.
	Releases(ctx context.Context) ([]hotfix.Release, error)
	// Release is the release of a tag; ok is false when there is none.
	Release(ctx context.Context, tag string) (release hotfix.Release, ok bool, err error)
	// LatestRelease is the one that GitHub shows as the latest; ok is false when there
	// is none.
	LatestRelease(ctx context.Context) (release hotfix.Release, ok bool, err error)
	// CheckRuns lists the App's own latest check runs on a commit.
	CheckRuns(ctx context.Context, commit hotfix.OID) ([]hotfix.CheckRun, error)
	// Deployments lists the App's own deployments of a ref to an environment, newest
	// first.
	Deployments(ctx context.Context, ref, environment string) ([]hotfix.Deployment, error)
	// Grants are what the App was given for the repository, BranchRules and TagRules the
	// rules that GitHub applies to a name, whether or not there is a branch or tag of it,
	// and Reports the checks that anybody posted on a commit.
	Grants(ctx context.Context) (hotfix.Grants, error)
	BranchRules(ctx context.Context, branch string) ([]hotfix.Rule, error)
	TagRules(ctx context.Context, tag string) ([]hotfix.Rule, error)
	Reports(ctx context.Context, commit hotfix.OID) ([]hotfix.RequiredCheck, error)
	// Permission is a person's role, asked now. With the *hotfix.Gone of somebody who
	// is not known comes what everybody may.
	Permission(ctx context.Context, login string) (hotfix.Permission, error)
}

// Writer is what is changed in a repository. Each call is one thing that
// GitHub does once; asking for what is there already is no error.
type Writer interface {
	MakeLabels(ctx context.Context, labels ...string) error            // those that the repository lacks
	AddLabels(ctx context.Context, number int, labels ...string) error // makes missing labels
	OpenIssue(ctx context.Context, title, body string, labels []string) (hotfix.Issue, error)
	// SetIssueOpen closes (as completed) or reopens an issue or pull request.
	SetIssueOpen(ctx context.Context, number int, open bool) error
	Comment(ctx context.Context, issue int, body string) (hotfix.Comment, error)
	EditComment(ctx context.Context, id int64, body string) error
	React(ctx context.Context, comment int64, content string) error      // "eyes", "confused"
	OpenPull(ctx context.Context, p hotfix.NewPull) (hotfix.Pull, error) // exists: the existing one
	EditPull(ctx context.Context, number int, title, body string) error
	// Assign assigns those of the logins who can be assigned.
	Assign(ctx context.Context, number int, logins []string) (assigned []string, err error)
	// RequestReview asks people (login) and teams (org/team) for a review; those who
	// cannot review are left out.
	RequestReview(ctx context.Context, number int, reviewers []string) (asked []string, err error)
	SetMilestone(ctx context.Context, number, milestone int) error
	CreateRelease(ctx context.Context, tag string, latest bool) (hotfix.Release, error) // notes generated by GitHub
	// CreateDeployment records that a ref is deployed to an environment. GitHub makes a
	// new one each time.
	CreateDeployment(ctx context.Context, ref, environment, description string) (hotfix.Deployment, error)
	// Merge merges a pull request by "merge", "squash" or "rebase" if its head is still
	// the given commit.
	Merge(ctx context.Context, number int, method string, head hotfix.OID) error
	// AutoMerge tells a pull request to merge by itself when nothing stands in its way
	// any more. GitHub refuses one that could be merged at once: try Merge first.
	AutoMerge(ctx context.Context, number int, method string) error
	CreateCheckRun(ctx context.Context, run hotfix.CheckRun) (hotfix.CheckRun, error)
	UpdateCheckRun(ctx context.Context, run hotfix.CheckRun) error
}

// Gits opens the git side of a repository.
type Gits interface {
	// Open makes a throw-away workspace for one reconcile. Close removes it.
	Open(ctx context.Context, repository hotfix.Repository) (Git, error)
}

// Git is one throw-away workspace on a repository.
type Git interface {
	Refs(ctx context.Context) (hotfix.Refs, error)
	Fetch(ctx context.Context, commits ...hotfix.OID) error
	Commit(ctx context.Context, oid hotfix.OID) (hotfix.Commit, error)
	// Replay makes a series of picks upon a commit.
	Replay(ctx context.Context, onto hotfix.OID, series hotfix.Series) (hotfix.Replay, error)
	Landing(ctx context.Context, merged hotfix.Merged) (hotfix.Landing, error)
	// Markers tells which of the paths hold a conflict block at a commit that they
	// do not hold at any of the known ones: the file may always have had some.
	Markers(ctx context.Context, commit hotfix.OID, paths []string, known ...hotfix.OID) (map[string]bool, error)
	// SamePaths tells which of the paths are the same (content and mode) at both commits.
	SamePaths(ctx context.Context, a, b hotfix.OID, paths []string) (map[string]bool, error)
	// Holds tells whether a commit has a regular file at a path.
	Holds(ctx context.Context, commit hotfix.OID, path string) (bool, error)
	// Changed lists, sorted, the paths whose files differ between two commits.
	Changed(ctx context.Context, from, to hotfix.OID) ([]string, error)
	// Tag writes an annotated tag object; Push sends it.
	Tag(ctx context.Context, name string, target hotfix.OID, message string, by hotfix.Stamp) (hotfix.Tag, error)
	// Push moves a ref of the repository from expect (empty: it must not exist) to
	// a new id (empty: delete). That it is there already is no error.
	Push(ctx context.Context, ref string, to, expect hotfix.OID) error
	Close() error
}

// Ledger is what outlives a reconcile: intents, immutable facts, and the last
// honest state for the page.
type Ledger interface {
	// Intend stores under a marker that something is about to be done, and returns
	// since when that is stored and when it was intended last before; both are zero
	// when it was not stored.
	Intend(ctx context.Context, repo hotfix.RepositoryID, marker string, now time.Time) (since, last time.Time, err error)
	// Begun are the markers of intents that were never settled, and since when each is
	// stored.
	Begun(ctx context.Context, repo hotfix.RepositoryID) (map[string]time.Time, error)
	// Settle forgets intents.
	Settle(ctx context.Context, repo hotfix.RepositoryID, markers ...string) error
	// Recall and Remember keep facts that can never change (a relation of two
	// commits, the outcome of a replay), as JSON, and where the repository came to rest.
	Recall(ctx context.Context, repo hotfix.RepositoryID, fact string, into any) (bool, error)
	Remember(ctx context.Context, repo hotfix.RepositoryID, fact string, value any) error
	// Presses lists the button presses and the actions on the page that are not answered yet, oldest first.
	Presses(ctx context.Context, repo hotfix.RepositoryID) ([]hotfix.Intent, error)
	// AnswerPress notes what became of a press or an action, by its ID.
	AnswerPress(ctx context.Context, repo hotfix.RepositoryID, id string, response hotfix.Response) error
	// Board is the ledger as it was saved last; ok is false when there is none.
	Board(ctx context.Context, repo hotfix.RepositoryID) (board hotfix.Board, ok bool, err error)
	// Save replaces the ledger of a repository; history lines are added for what
	// changed.
	Save(ctx context.Context, board hotfix.Board) error
}
