package app

import (
	"slices"

	"github.com/hotfixbot/hotfixbot/webhooks"
)

// Permissions are what app.yml asks for. A built program does not have the file
// at hand; a test holds the two together.
func Permissions() map[string]string {
	return map[string]string{
		"checks":        "write",
		"contents":      "write",
		"deployments":   "write",
		"issues":        "write",
		"members":       "read",
		"merge_queues":  "read",
		"metadata":      "read",
		"pull_requests": "write",
		"statuses":      "read",
		"workflows":     "write",
	}
}

// Events are what app.yml subscribes to: all that is handled, but for those that
// every App gets anyway.
func Events() []string {
	return slices.DeleteFunc(webhooks.Events(), func(event string) bool {
		return event == "ping" || event == "installation" || event == "installation_repositories"
	})
}
