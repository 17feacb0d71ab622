package githubsim

import "time"

// Role is what an account may do in a repository. A greater role may do all that a lesser
// one may.
type Role int

// The roles, least first.
const (
	RoleNone Role = iota
	RoleRead
	RoleTriage
	RoleWrite
	RoleMaintain
	RoleAdmin
)

// Repo is a repository. Its refs and objects are in the bare repository on disk.
type Repo struct {
	ID            int64
	Owner         *User
	Name          string
	Description   string
	Private       bool
	Archived      bool
	Parent        *Repo // set for a fork
	DefaultBranch string
	Settings      Settings
	Collaborators map[*User]Role
	CreatedAt     time.Time
	UpdatedAt     time.Time
	PushedAt      time.Time

	Labels     []*Label
	Milestones []*Milestone
	Issues     []*Issue // issues and pull requests, by number from 1; nil = deleted
	Releases   []*Release
	Suites     []*CheckSuite
	CheckRuns  []*CheckRun
	Statuses   []*Status
	Deploys    []*Deployment
	Rulesets   []*Ruleset
	Queue      []*MergeGroup // the merge queues of all branches, first come first

	formerNames []string // "owner/name" before a rename
	git         *gitDir
}

// FullName is "owner/name".
func (r *Repo) FullName() string { return r.Owner.Login + "/" + r.Name }

// Settings are the switches of a repository that change how pull requests merge.
type Settings struct {
	AllowMergeCommit    bool
	AllowSquashMerge    bool
	AllowRebaseMerge    bool
	AllowAutoMerge      bool
	AllowUpdateBranch   bool
	AllowForking        bool
	DeleteBranchOnMerge bool
	SquashTitle         string // PR_TITLE or COMMIT_OR_PR_TITLE
	SquashMessage       string // PR_BODY, COMMIT_MESSAGES or BLANK
	MergeTitle          string // PR_TITLE or MERGE_MESSAGE
	MergeMessage        string // PR_BODY, PR_TITLE or BLANK
}

// defaultSettings are those of a repository that nobody configured.
func defaultSettings() Settings {
	return Settings{
		AllowMergeCommit: true, AllowSquashMerge: true, AllowRebaseMerge: true, AllowForking: true,
		SquashTitle: "COMMIT_OR_PR_TITLE", SquashMessage: "COMMIT_MESSAGES",
		MergeTitle: "MERGE_MESSAGE", MergeMessage: "PR_TITLE",
	}
}

// Ruleset restricts what may happen to refs.
type Ruleset struct {
	ID          int64
	Repo        *Repo
	Name        string
	Target      string // "branch" or "tag"
	Enforcement string // "active", "evaluate" or "disabled"
	Include     []string
	Exclude     []string
	Rules       []Rule
	Bypass      []BypassActor
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Rule is one restriction of a ruleset.
type Rule struct {
	Type       string         // "creation", "update", "deletion", "non_fast_forward", "required_status_checks", …
	Parameters map[string]any // as given by who made it; nil if the rule has none
}

// BypassActor may do what the ruleset forbids.
type BypassActor struct {
	ID   int64  // of an App, or a role
	Type string // "Integration", "RepositoryRole", "OrganizationAdmin"
	Mode string // "always" or "pull_request"
}
