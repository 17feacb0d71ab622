package githubsim

import "time"

// Pull is what a pull request has beyond its issue.
type Pull struct {
	ID                  int64
	Issue               *Issue
	HeadRepo            *Repo // nil after the fork was deleted
	HeadOwner           *User // stays when the fork is deleted
	HeadRef             string
	HeadSHA             string // stays when the branch is deleted; else read from git at each change
	BaseRef             string
	BaseSHA             string // the base's tip when the pull request was opened, last pushed to, or merged
	Draft               bool
	MaintainerCanModify bool
	Reviewers           []*User // requested, not yet given
	Reviews             []*Review
	AutoMerge           *AutoMerge

	Merged         bool
	MergedAt       *time.Time
	MergedBy       *User
	MergeCommitSHA string // of the test merge before, of the result after

	// Mergeability is worked out by the first read after a change; see workOut.
	mergeKnown bool
	mergeable  bool
	rebaseable any        // a bool, or nil where it was not worked out
	facts      *pullFacts // nil after a change
}

// Number is the pull request's number.
func (p *Pull) Number() int { return p.Issue.Number }

// Repo is the repository that the pull request would change.
func (p *Pull) Repo() *Repo { return p.Issue.Repo }

// Review is a submitted review.
type Review struct {
	ID          int64
	Pull        *Pull
	User        *User
	State       string // "APPROVED", "CHANGES_REQUESTED", "COMMENTED" or "DISMISSED"
	Body        string
	CommitID    string
	SubmittedAt time.Time
}

// AutoMerge says that a pull request shall merge as soon as it may.
type AutoMerge struct {
	By      *User
	App     *App
	Method  string // "merge", "squash" or "rebase"
	Title   string
	Message string
}
