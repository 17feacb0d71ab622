package webhooks

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestWake(t *testing.T) {
	for name, test := range map[string]struct {
		event, body string
		want        []hotfix.RepositoryID
	}{
		"repository event":      {"push", `{"ref":"refs/heads/qa","repository":{"id":7}}`, []hotfix.RepositoryID{7}},
		"ping of the App":       {"ping", `{"zen":"Design for failure.","hook_id":30}`, nil},
		"unknown event":         {"star", `{"repository":{"id":7}}`, nil},
		"installed":             {"installation", `{"action":"created","repositories":[{"id":7},{"id":8}]}`, []hotfix.RepositoryID{7, 8}},
		"uninstalled":           {"installation", `{"action":"deleted","repositories":[{"id":7}]}`, []hotfix.RepositoryID{7}},
		"suspended":             {"installation", `{"action":"suspend"}`, nil},
		"added and removed":     {"installation_repositories", `{"repositories_added":[{"id":7},{"id":9}],"repositories_removed":[{"id":8},{"id":7}]}`, []hotfix.RepositoryID{7, 9, 8}},
		"no number of GitHub's": {"installation", `{"repositories":[{"id":-1},{"id":0},{"id":7},{"id":-9223372036854775808}]}`, []hotfix.RepositoryID{7}},
		// A fork's pull request names two repositories; the base's is "repository".
		"from a fork": {"pull_request", `{"repository":{"id":7},"pull_request":{"head":{"repo":{"id":8}}}}`, []hotfix.RepositoryID{7}},
		// Lists that belong to another event wake nobody.
		"foreign list": {"push", `{"repository":{"id":7},"repositories":[{"id":8}]}`, []hotfix.RepositoryID{7}},
	} {
		got, err := Wake(test.event, []byte(test.body))
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	if _, err := Wake("push", []byte(`[]`)); err == nil {
		t.Error("a list was read as a webhook")
	}
}

// As deep as encoding/json goes, and no deeper.
func TestDepth(t *testing.T) {
	for inner, want := range map[string]bool{"1": true, "{}": false} {
		body := strings.Repeat(`{"a":[`, deepest/2) + inner + strings.Repeat(`]}`, deepest/2)
		if _, err := members([]byte(body), "b"); (err == nil) != want || json.Valid([]byte(body)) != want {
			t.Errorf("%d levels around %s: %v", deepest, inner, err)
		}
	}
}

func TestEventsAreSorted(t *testing.T) {
	if !slices.IsSorted(Events()) {
		t.Error("Known searches a list that is not sorted")
	}
	for _, event := range Events() {
		if !Known(event) {
			t.Errorf("%s is not known", event)
		}
	}
}

func TestOnlyRequestedActionIsAnIntent(t *testing.T) {
	for event, body := range map[string]string{
		"check_run":   `{"action":"rerequested","check_run":{"id":1},"sender":{"login":"bob"}}`,
		"check_suite": `{"action":"requested_action","requested_action":{"identifier":"retry"}}`,
	} {
		e, err := parse([]byte(body))
		if err != nil || e.intent("guid", event, received) != nil {
			t.Errorf("%s: %v, %v", event, e.intent("guid", event, received), err)
		}
	}
}
