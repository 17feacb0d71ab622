package githubsim

import "time"

// Label is a label of a repository.
type Label struct {
	ID          int64
	Repo        *Repo
	Name        string
	Color       string // six hexadecimal digits
	Description string
	Default     bool
}

// Milestone is a milestone of a repository.
type Milestone struct {
	ID          int64
	Repo        *Repo
	Number      int
	Title       string
	Description string
	Closed      bool
	Creator     *User
	DueOn       *time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
	ClosedAt    *time.Time
}

// Issue is an issue, or the issue side of a pull request.
type Issue struct {
	ID          int64
	Repo        *Repo
	Number      int
	Title       string
	Body        string
	User        *User
	App         *App // performed_via_github_app
	Labels      []*Label
	Assignees   []*User
	Milestone   *Milestone
	Closed      bool
	StateReason string // "completed", "not_planned", "duplicate", "reopened" or ""
	ClosedBy    *User
	Locked      bool
	Comments    []*Comment
	Reactions   []*Reaction
	Events      []*IssueEvent
	Pull        *Pull // nil for a mere issue
	CreatedAt   time.Time
	UpdatedAt   time.Time
	ClosedAt    *time.Time
}

// Comment is a comment on an issue or a pull request.
type Comment struct {
	ID        int64
	Issue     *Issue
	User      *User
	App       *App // performed_via_github_app
	Body      string
	Reactions []*Reaction
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Reaction is an emoji that somebody left.
type Reaction struct {
	ID        int64
	User      *User
	Content   string // "+1", "-1", "laugh", "confused", "heart", "hooray", "rocket" or "eyes"
	CreatedAt time.Time
}

// IssueEvent is a line of the history of an issue.
type IssueEvent struct {
	ID        int64
	Issue     *Issue
	Event     string // "closed", "reopened", "labeled", …
	Actor     *User
	App       *App
	CommitID  string // of "closed", "merged" and "referenced"
	CloserPR  *Pull  // the pull request whose merge closed the issue
	Label     *Label
	Assignee  *User
	Reviewer  *User
	Milestone *Milestone
	Reason    string // state_reason of "closed"
	From, To  string // of "renamed"
	CreatedAt time.Time
}
