package webhooks

import (
	"bytes"
	"encoding/json"
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// events are those that the bot has a use for. The App's manifest subscribes to
// them, except for ping and the two about installations, which every App gets.
var events = []string{
	"check_run", "check_suite", "create", "delete", "deployment_status",
	"installation", "installation_repositories", "issue_comment", "issues",
	"label", "merge_group", "ping", "pull_request", "pull_request_review", "push",
	"release", "repository",
}

// Events are the names of the events that are accepted, sorted.
func Events() []string { return slices.Clone(events) }

// Known reports whether an event is accepted; others are answered and dropped.
func Known(event string) bool {
	_, known := slices.BinarySearch(events, event)
	return known
}

// Wake tells which repositories a delivery concerns: each once, in the order in
// which the body names them; none for an event that is not Known. The error says
// that the body is not JSON of a webhook's shape.
func Wake(event string, body []byte) ([]hotfix.RepositoryID, error) {
	e, err := parse(body)
	if err != nil {
		return nil, err
	}
	return e.wakes(event), nil
}

// envelope is what is read of a body. go-github's types would do, and would read
// all of the 25 MB that a body may have.
type envelope struct {
	Action       string
	Repository   identified
	Installation struct {
		ID int64 `json:"id"`
	}
	Repositories        []identified // installation
	RepositoriesAdded   []identified // installation_repositories
	RepositoriesRemoved []identified // installation_repositories
	Sender              struct {
		ID    int64  `json:"id"`
		Login string `json:"login"`
	}
	CheckRun struct {
		ID         int64      `json:"id"`
		ExternalID string     `json:"external_id"`
		HeadSHA    hotfix.OID `json:"head_sha"`
	}
	RequestedAction *struct {
		Identifier string `json:"identifier"`
	}
}

type identified struct {
	ID hotfix.RepositoryID
}

// UnmarshalJSON reads the id alone: a repository is a quarter of its body.
func (r *identified) UnmarshalJSON(repository []byte) error {
	if bytes.Equal(repository, []byte("null")) {
		return nil
	}
	id, err := members(repository, "id")
	if err != nil || id[0] == nil {
		return err
	}
	return json.Unmarshal(id[0], &r.ID)
}

func parse(body []byte) (e envelope, err error) {
	parts, err := members(body, "action", "installation", "repositories", "repositories_added", "repositories_removed",
		"sender", "check_run", "requested_action", "repository")
	if err != nil {
		return e, err
	}
	for i, into := range []any{
		&e.Action, &e.Installation, &e.Repositories, &e.RepositoriesAdded, &e.RepositoriesRemoved,
		&e.Sender, &e.CheckRun, &e.RequestedAction,
	} {
		if err == nil && parts[i] != nil {
			err = json.Unmarshal(parts[i], into)
		}
	}
	if last := parts[len(parts)-1]; err == nil && last != nil {
		err = e.Repository.UnmarshalJSON(last) // not by encoding/json, which would go over it first
	}
	return e, err
}

// wakes collects the repositories. Those that were taken away from the App are
// among them: the bot has to notice.
func (e envelope) wakes(event string) []hotfix.RepositoryID {
	if !Known(event) {
		return nil
	}
	named := []identified{e.Repository}
	switch event {
	case "installation":
		named = e.Repositories
	case "installation_repositories":
		named = slices.Concat(e.RepositoriesAdded, e.RepositoriesRemoved)
	}
	var ids []hotfix.RepositoryID
	seen := map[hotfix.RepositoryID]bool{}
	for _, repository := range named {
		if repository.ID > 0 && !seen[repository.ID] { // 0: the body names none; GitHub counts from 1
			seen[repository.ID] = true
			ids = append(ids, repository.ID)
		}
	}
	return ids
}

// echo reports whether an event, when the App itself caused it, tells nothing but
// what the App did: the reconcile that did it knows, and one that was killed is made
// again anyway. A merge may be made by GitHub in the App's name, much later. (It also
// closes linked issues in the name of who merged; the reconciler looks for that.)
func echo(event, action string) bool {
	switch event {
	case "check_run", "check_suite", "create", "delete", "issue_comment", "issues", "label", "push", "release":
		return true
	case "pull_request":
		return action != "closed"
	}
	return false
}

// intent is the button press that the event is, or nil. GitHub sends it only to
// the App that owns the check run.
func (e envelope) intent(guid, event string, now time.Time) *hotfix.Intent {
	if event != "check_run" || e.Action != "requested_action" || e.RequestedAction == nil {
		return nil
	}
	return &hotfix.Intent{
		ID: guid, Person: e.Sender.Login, Command: e.RequestedAction.Identifier,
		Object: e.CheckRun.ExternalID, CheckRun: e.CheckRun.ID, Commit: e.CheckRun.HeadSHA, At: now,
	}
}
