package githubsim

import "time"

// Event is something that happened, with the objects it concerns as they are at that moment.
// Webhook bodies are rendered from it.
//
// The outbox is called with the lock held, right after the change, in the order of the
// changes: it must render what it needs at once, must not block and must not send a request
// to the same GitHub.
type Event struct {
	Name   string // X-GitHub-Event: "pull_request", "push", …
	Action string // "opened", …; "" where the event has none
	Actor  Actor
	Repo   *Repo // nil for events of an installation
	Time   time.Time

	Issue     *Issue
	Pull      *Pull // also Issue is set
	Comment   *Comment
	Review    *Review
	Label     *Label
	Milestone *Milestone
	Assignee  *User
	Reviewer  *User

	CheckRun        *CheckRun
	CheckSuite      *CheckSuite
	RequestedAction string // identifier of the pressed button, of check_run.requested_action

	Group  *MergeGroup // of merge_group
	Reason string      // of merge_group.destroyed and pull_request.dequeued

	Release          *Release
	Deployment       *Deployment
	DeploymentStatus *DeploymentStatus
	Status           *Status
	Member           *User

	Installation   *Installation // of installation and installation_repositories
	Added, Removed []*Repo       // of installation_repositories and installation.created

	// Of push, create, delete and pull_request.synchronize. Before and After are commit ids,
	// forty zeros where there is none.
	Ref           string // "refs/heads/main"
	Before, After string
	Forced        bool

	// Changes has, of edited, renamed and the like, the value before, by field: "title",
	// "body", "base" (the branch), "name", "default_branch", "permission", …
	Changes map[string]string
}

// emit hands an event to the outbox.
func (g *GitHub) emit(e Event) {
	e.Time = g.clock()
	g.outbox(e)
}
