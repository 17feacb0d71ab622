package hotfix

import (
	"strings"
	"time"
)

// Pull is a pull request as it was seen.
type Pull struct {
	Number    int
	Title     string
	Body      string
	Author    string
	AuthorID  int64
	URL       string
	Head      string // branch name, without owner
	HeadOwner string // owner of the head repository; empty when the fork is deleted
	HeadOID   OID
	Fork      bool // the head is in another repository
	Base      string
	BaseOID   OID
	Open      bool
	Draft     bool
	Merged    bool
	MergedAt  time.Time
	MergedBy  string // empty in lists: read the pull request alone
	Landed    OID    // merge_commit_sha, only when Merged
	Labels    []string
	Milestone int
	CreatedAt time.Time
	UpdatedAt time.Time
	ClosedBy  string   // read only for the bot's own pull requests that were closed unmerged
	Approvers []string // read only for hotfixes whose backports are about to be opened
	ByBot     bool     // opened by this App
	AutoMerge bool     // told to merge by itself when nothing stands in its way any more
	// MergeState is GitHub's word for whether it can be merged: "clean", "blocked",
	// "dirty", …; "unknown" while GitHub works it out, which asking makes it do. Empty in
	// lists.
	MergeState string
	Assignees  []string // logins
	Reviewers  []string // asked for a review that they have not given: logins, and teams as org/team
}

// Links are what a pull request is linked to, which no list tells.
type Links struct {
	// Closes are the issues of this repository that it closes, in GitHub's order: its
	// closing references.
	Closes   []int
	MergedBy string // login; empty while it is open, or when the account is gone
}

// HasLabel reports whether the pull request carries the label (GitHub ignores case).
func (p Pull) HasLabel(label string) bool { return hasLabel(p.Labels, label) }

// NewPull is a pull request to be opened between two branches of one repository.
type NewPull struct {
	Head, Base  string // branch names
	Title, Body string
	Draft       bool
}

// Issue is an issue as it was seen.
type Issue struct {
	Number int
	Title  string
	Body   string
	URL    string
	Open   bool
	Labels []string
	ByBot  bool // opened by this App
	IsPull bool
	// Turned is whether it was ever closed: without it there are no Turns.
	Turned bool
	// Turns are its closings and reopenings, oldest first (the last 100).
	Turns []Turn
}

// HasLabel reports whether the issue carries the label (GitHub ignores case).
func (i Issue) HasLabel(label string) bool { return hasLabel(i.Labels, label) }

// Turn is one closing or reopening of an issue. Source: GraphQL ClosedEvent and
// ReopenedEvent; REST does not say what closed an issue.
type Turn struct {
	At     time.Time `json:"at"`
	Closed bool      `json:"closed"` // else reopened
	By     string    `json:"by"`
	ByBot  bool      `json:"by_bot,omitempty"` // by this App
	// CloserPull and CloserCommit are set when a pull request or a commit closed
	// it: then no person meant to.
	CloserPull   int `json:"closer_pull,omitempty"`
	CloserCommit OID `json:"closer_commit,omitempty"`
}

// Comment is a comment on an issue or a pull request.
type Comment struct {
	ID        int64
	Issue     int // the issue or pull request it stands on
	Author    string
	ByBot     bool // by this App
	Machine   bool // by any bot account
	Body      string
	URL       string
	CreatedAt time.Time
	Edited    bool // updated_at differs from created_at
	// Confused and Eyes count everybody's reactions of that kind; whether the bot
	// is among them is read only when it matters.
	Confused, Eyes int
}

// CheckRun is a check run of this App on one commit.
type CheckRun struct {
	ID          int64
	Name        string
	Commit      OID
	ExternalID  string
	Status      string // "queued", "in_progress" or "completed"
	Conclusion  string // "success", "failure", "neutral", "action_required", …
	Title       string
	Summary     string
	Annotations []Annotation
	// Actions are its buttons, at most three. GitHub never says which buttons a check
	// run has: they are empty in what was read, so whether they are the right ones has
	// to be told by the ExternalID.
	Actions []CheckAction
}

// CheckAction is a button of a check run. GitHub refuses a part that is empty or
// too long (docs, "Create a check run"); the lengths are in characters.
type CheckAction struct {
	Label       string // at most 20
	Description string // at most 40
	Identifier  string // at most 20; the press brings it back as Intent.Command
}

// Annotation is a remark of a check run at a place in a file.
type Annotation struct {
	Path         string
	Line, Column int // from 1
	Message      string
}

// Release is a GitHub release.
type Release struct {
	ID   int64
	Tag  string
	URL  string
	Name string
}

// Deployment is a GitHub deployment that this App recorded.
type Deployment struct {
	ID          int64
	Ref         string // as it was asked for: a tag
	Environment string
	// State is that of the latest status: "queued", "pending", "in_progress", "success",
	// "failure", "error" or "inactive" (a newer one took its place). Empty: nobody has
	// said anything yet.
	State     string
	URL       string // where the latest status says that more can be read; may be empty
	CreatedAt time.Time
}

func hasLabel(labels []string, label string) bool {
	for _, l := range labels {
		if strings.EqualFold(l, label) {
			return true
		}
	}
	return false
}
