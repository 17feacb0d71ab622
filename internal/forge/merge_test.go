package forge_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const merging = "PUT " + shop + "/pulls/34/merge"

// TestMergeSaysWhyItWasNot: what cannot be merged now is a refusal in GitHub's words.
func TestMergeSaysWhyItWasNot(t *testing.T) {
	for status, fate := range map[int]string{
		200: "success", 405: "refusal", 409: "refusal", 403: "refusal", 404: "gone: pull request #34", 422: "refusal", 500: "plain",
	} {
		h := newHub(t)
		h.on(merging, says(status, `{"merged":true,"sha":"`+string(oidB)+`","message":"not mergeable"}`))
		err := h.repo().Merge(t.Context(), 34, "squash", oidA)
		if fateOf(err, h.clock()) != fate {
			t.Errorf("%d: got %v", status, err)
		}
		if refusal := (*hotfix.Refusal)(nil); errors.As(err, &refusal) && refusal.Reason != "not mergeable" {
			t.Errorf("%d: the reason is %q", status, refusal.Reason)
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
