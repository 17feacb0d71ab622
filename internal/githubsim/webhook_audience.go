package githubsim

import "slices"

// recipient is an App that gets an event, by which installation (nil for ping).
type recipient struct {
	app          *App
	installation *Installation
}

// readableBy is the permission that an App must have to read an event, as GitHub's webhook
// description says for each.
var readableBy = map[string]string{
	"push": "contents", "create": "contents", "delete": "contents", "release": "contents", "fork": "contents",
	"merge_group": "merge_queues", "pull_request": "pull_requests", "pull_request_review": "pull_requests",
	"issues": "issues", "issue_comment": "issues", "label": "issues", "milestone": "issues",
	"check_run": "checks", "check_suite": "checks", "status": "statuses",
	"deployment": "deployments", "deployment_status": "deployments",
	"member": "members", "repository": "metadata",
}

// audience lists who gets an event.
func (g *GitHub) audience(e Event) []recipient {
	switch e.Name {
	case "ping":
		return []recipient{{app: e.Actor.App}}
	case "installation", "installation_repositories": // no App can unsubscribe from these
		return []recipient{{app: e.Installation.App, installation: e.Installation}}
	}
	var list []recipient
	for _, i := range g.installations {
		if i.Suspended == nil && i.has(e.Repo) && i.gets(e) {
			list = append(list, recipient{app: i.App, installation: i})
		}
	}
	return list
}

// gets tells whether an installation gets an event of a repository that it reaches.
func (i *Installation) gets(e Event) bool {
	level := i.Permissions[readableBy[e.Name]]
	if readableBy[e.Name] == "metadata" {
		level = "read" // every App has it
	}
	if !covers(level, "read") {
		return false
	}
	switch e.Name {
	case "check_run", "check_suite":
		if wantsAction(e.Action) {
			return e.checkOwner() == i.App && covers(level, "write")
		}
		return slices.Contains(i.Events, e.Name) || covers(level, "write")
	case "deployment_status":
		if e.DeploymentStatus.State == "inactive" {
			return false
		}
	}
	return slices.Contains(i.Events, e.Name)
}

// wantsAction tells the events of checks that ask the App which owns them to do something.
func wantsAction(action string) bool {
	return action == "requested" || action == "rerequested" || action == "requested_action"
}

// checkOwner is the App whose check an event is about.
func (e Event) checkOwner() *App {
	if e.CheckRun != nil {
		return e.CheckRun.Suite.App
	}
	return e.CheckSuite.App
}
