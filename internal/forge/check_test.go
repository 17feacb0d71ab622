package forge_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	creating    = "POST " + shop + "/check-runs"
	updating    = "PATCH " + shop + "/check-runs/8"
	annotations = "GET " + shop + "/check-runs/8/annotations"
)

func TestCheckRuns(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/commits/"+string(oidA)+"/check-runs", says(200, `{"total_count":2,"check_runs":[
	  {"id":8,"name":"Hotfix","head_sha":"`+string(oidA)+`","external_id":"x","status":"completed","conclusion":"failure",
	   "output":{"title":"T","summary":"S","annotations_count":1}},
	  {"id":9,"name":"Other","head_sha":"`+string(oidA)+`","status":"queued","output":{"annotations_count":0}}]}`))
	h.on(annotations, says(200, `[{"path":"a.go","start_line":3,"start_column":2,"message":"m"}]`))
	got, err := h.repo().CheckRuns(t.Context(), oidA)
	want := []hotfix.CheckRun{
		{ID: 8, Name: "Hotfix", Commit: oidA, ExternalID: "x", Status: "completed", Conclusion: "failure", Title: "T", Summary: "S",
			Annotations: []hotfix.Annotation{{Path: "a.go", Line: 3, Column: 2, Message: "m"}}},
		{ID: 9, Name: "Other", Commit: oidA, Status: "queued"},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v", got, err)
	}
	if query := h.sent("GET " + shop + "/commits/" + string(oidA) + "/check-runs")[0].query; !strings.Contains(query, "app_id=5") || !strings.Contains(query, "filter=latest") {
		t.Errorf("asked %s", query)
	}
}

// TestAnnotationsAreSentOnce: fifty a request, and never those that are there.
func TestAnnotationsAreSentOnce(t *testing.T) {
	h := newHub(t)
	h.on(creating, says(201, `{"id":8}`))
	h.on(updating, says(200, `{"id":8}`))
	run := hotfix.CheckRun{Name: "Hotfix", Commit: oidA, Status: "completed", Conclusion: "failure", Title: "T", Summary: "S"}
	for i := range 120 {
		run.Annotations = append(run.Annotations, hotfix.Annotation{Path: fmt.Sprint(i), Message: "m"})
	}
	repo := h.repo()
	made, err := repo.CreateCheckRun(t.Context(), run)
	if err != nil || made.ID != 8 {
		t.Fatalf("got %+v, %v", made, err)
	}
	counts := append(annotated(t, h.sent(creating)), annotated(t, h.sent(updating))...)
	if want := []int{50, 50, 20}; !reflect.DeepEqual(counts, want) {
		t.Errorf("sent %v annotations, want %v", counts, want)
	}

	h.on(annotations, says(200, `[{"path":"0","start_line":1,"message":"m"}]`))
	made.Annotations = made.Annotations[:2]
	if err := repo.UpdateCheckRun(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	if counts := annotated(t, h.sent(updating)); counts[len(counts)-1] != 1 {
		t.Errorf("sent %v annotations, want one that is new", counts)
	}
}

// TestAnnotationsThatGoTakeTheirCheckRunAlong: GitHub takes none away.
func TestAnnotationsThatGoTakeTheirCheckRunAlong(t *testing.T) {
	h := newHub(t)
	h.on(creating, says(201, `{"id":9}`))
	h.on(annotations, says(200, `[{"path":"0","start_line":1,"message":"m"},{"path":"gone","start_line":1,"message":"m"}]`))
	run := hotfix.CheckRun{
		ID: 8, Name: "Hotfix", Commit: oidA, Status: "completed", Conclusion: "failure", Title: "T", Summary: "S",
		Annotations: []hotfix.Annotation{{Path: "0", Message: "m"}},
	}
	if err := h.repo().UpdateCheckRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	if counts := annotated(t, h.sent(creating)); !reflect.DeepEqual(counts, []int{1}) || len(h.sent(updating)) != 0 {
		t.Errorf("sent %v annotations in new check runs, and %d updates", counts, len(h.sent(updating)))
	}
}

func annotated(t *testing.T, sent []request) (counts []int) {
	t.Helper()
	for _, r := range sent {
		var body struct {
			Output struct {
				Annotations []struct {
					Line  int    `json:"start_line"`
					Level string `json:"annotation_level"`
				} `json:"annotations"`
			} `json:"output"`
		}
		if err := json.Unmarshal([]byte(r.body), &body); err != nil {
			t.Fatal(err)
		}
		for _, a := range body.Output.Annotations {
			if a.Line != 1 || a.Level != "failure" {
				t.Errorf("sent %+v", a)
			}
		}
		counts = append(counts, len(body.Output.Annotations))
	}
	return counts
}

// TestAnUnfinishedCheckHasNoConclusion: GitHub would take the run for completed.
func TestAnUnfinishedCheckHasNoConclusion(t *testing.T) {
	h := newHub(t)
	h.on(creating, says(201, `{"id":8}`))
	if _, err := h.repo().CreateCheckRun(t.Context(), hotfix.CheckRun{Name: "Hotfix", Commit: oidA, Status: "in_progress"}); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{"name": "Hotfix", "head_sha": string(oidA), "status": "in_progress"}
	if got := h.bodyOf(creating); !reflect.DeepEqual(got, want) {
		t.Errorf("sent %v, want %v", got, want)
	}
}
