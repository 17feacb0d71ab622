package forge_test

import (
	"reflect"
	"strings"
	"testing"
)

const merging = "PUT " + shop + "/pulls/34/merge"

// TestMergeSaysWhetherItWas: what cannot be merged now is an answer, not an error.
func TestMergeSaysWhetherItWas(t *testing.T) {
	for status, c := range map[int]struct {
		merged bool
		fate   string
	}{
		200: {true, "success"}, 405: {false, "success"}, 409: {false, "success"},
		403: {false, "refusal"}, 404: {false, "gone: pull request #34"}, 422: {false, "refusal"}, 500: {false, "plain"},
	} {
		h := newHub(t)
		h.on(merging, says(status, `{"merged":true,"sha":"`+string(oidB)+`","message":"m"}`))
		merged, err := h.repo().Merge(t.Context(), 34, "squash", oidA)
		if merged != c.merged || fateOf(err, h.clock()) != c.fate {
			t.Errorf("%d: got %v, %v", status, merged, err)
		}
		if want := map[string]any{"merge_method": "squash", "sha": string(oidA)}; !reflect.DeepEqual(h.bodyOf(merging), want) {
			t.Errorf("sent %v", h.bodyOf(merging))
		}
	}
}

// TestAutoMerge: it is told once, by the node id, and a refusal is one.
func TestAutoMerge(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/pulls/34", says(200, `{"number":34,"node_id":"PR_x","auto_merge":null}`))
	h.on("POST /graphql", says(200, `{"data":{"enablePullRequestAutoMerge":{"pullRequest":{"number":34}}}}`))
	repo := h.repo()
	if err := repo.AutoMerge(t.Context(), 34, "squash"); err != nil {
		t.Error(err)
	}
	variables := h.bodyOf("POST /graphql")["variables"]
	if want := map[string]any{"id": "PR_x", "method": "SQUASH"}; !reflect.DeepEqual(variables, want) {
		t.Errorf("sent %v", variables)
	}
	h.on("POST /graphql", says(200, `{"data":{"enablePullRequestAutoMerge":null},"errors":[{"type":"UNPROCESSABLE",
	  "path":["enablePullRequestAutoMerge"],"message":"Pull request Pull request is in clean status"}]}`))
	err := repo.AutoMerge(t.Context(), 34, "merge")
	if fateOf(err, h.clock()) != "refusal" || !strings.Contains(err.Error(), "telling pull request #34 to merge by itself") ||
		!strings.Contains(err.Error(), "clean status") {
		t.Errorf("got %v", err)
	}
	h.on("GET "+shop+"/pulls/34", says(200, `{"number":34,"node_id":"PR_x","auto_merge":{"merge_method":"squash"}}`))
	if err := repo.AutoMerge(t.Context(), 34, "merge"); err != nil || len(h.sent("POST /graphql")) != 2 {
		t.Errorf("told again: %v", err)
	}
}
