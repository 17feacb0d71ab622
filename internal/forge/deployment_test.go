package forge_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const deployments = shop + "/deployments"

// TestDeployments: only the App's own count, the newest first, whatever the order
// in which GitHub lists them and their statuses.
func TestDeployments(t *testing.T) {
	h := newHub(t)
	h.on("GET "+deployments, says(200, `[
	  {"id":3,"ref":"v1.7.1","environment":"Production","creator":{"id":41},"created_at":"2030-05-01T00:00:00Z"},
	  {"id":4,"ref":"v1.7.1","environment":"Production","creator":{"id":9},"created_at":"2030-05-02T00:00:00Z"},
	  {"id":5,"ref":"v1.7.1","environment":"Production","creator":{"id":41},"created_at":"2030-05-03T00:00:00Z"}]`))
	h.on("GET "+deployments+"/3/statuses", says(200, `[
	  {"id":30,"state":"pending"},{"id":31,"state":"failure","log_url":"https://ci.example/3","target_url":"https://ci.example/x"}]`))
	h.on("GET "+deployments+"/5/statuses", says(200, `[]`))
	got, err := h.repo().Deployments(t.Context(), "v1.7.1", "Production")
	want := []hotfix.Deployment{
		{ID: 5, Ref: "v1.7.1", Environment: "Production", CreatedAt: time.Date(2030, 5, 3, 0, 0, 0, 0, time.UTC)},
		{
			ID: 3, Ref: "v1.7.1", Environment: "Production", State: "failure", URL: "https://ci.example/3",
			CreatedAt: time.Date(2030, 5, 1, 0, 0, 0, 0, time.UTC),
		},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if query := h.sent("GET " + deployments)[0].query; query != "environment=Production&page=1&per_page=100&ref=v1.7.1" {
		t.Errorf("asked %s", query)
	}
}

// TestCreateDeploymentOnlyRecords: without auto_merge false GitHub would merge
// instead, and without required_contexts it would wait for every check.
func TestCreateDeploymentOnlyRecords(t *testing.T) {
	h := newHub(t)
	h.on("POST "+deployments, says(201, `{"id":3,"ref":"v1.7.1","environment":"Production"}`))
	repo := h.repo()
	made, err := repo.CreateDeployment(t.Context(), "v1.7.1", "Production", "Hotfix #34")
	if err != nil || made.ID != 3 || made.Ref != "v1.7.1" || made.State != "" {
		t.Errorf("got %+v, %v", made, err)
	}
	want := map[string]any{
		"ref": "v1.7.1", "environment": "Production", "description": "Hotfix #34", "task": "deploy",
		"auto_merge": false, "required_contexts": []any{},
	}
	if got := h.bodyOf("POST " + deployments); !reflect.DeepEqual(got, want) {
		t.Errorf("sent %v", got)
	}
	for status, want := range map[int]string{409: "refusal", 422: "refusal", 202: "plain", 500: "plain"} {
		h.on("POST "+deployments, says(status, `{"message":"no"}`))
		if _, err := repo.CreateDeployment(t.Context(), "v1.7.1", "Production", ""); fateOf(err, h.clock()) != want {
			t.Errorf("%d: got %v", status, err)
		}
	}
}
