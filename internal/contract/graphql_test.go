package contract_test

import (
	"encoding/json"
	"net/http"
	"testing"
)

const (
	ready   = `mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft number } } }`
	closers = `query($n: Int!) { repository(owner: "o", name: "r") { issue(number: $n) {
		timelineItems(itemTypes: [CLOSED_EVENT, REOPENED_EVENT], last: 5) { nodes { __typename
			... on ClosedEvent { createdAt closer { __typename ... on PullRequest { number } ... on Commit { oid } } }
			... on ReopenedEvent { createdAt } } } } } }`
)

func TestGraphQL(t *testing.T) {
	t.Parallel()
	id := map[string]any{"id": "PR_1"}
	one := map[string]any{"n": 1}
	cases := []struct {
		name, query string
		variables   map[string]any
		answer      string
		want        string
	}{
		{"right", ready, id, `{"data":{"markPullRequestReadyForReview":{"pullRequest":{"isDraft":false,"number":7}}}}`, ""},
		{"an unknown field", `{ viewer { loginn } }`, nil, `{"data":null}`, `Cannot query field "loginn"`},
		{"no variable", ready, nil, `{"data":null}`, "variables"},
		{"a variable of the wrong type", ready, map[string]any{"id": true}, `{"data":null}`, "variables"},
		{"a variable too many", ready, map[string]any{"id": "PR_1", "x": 1}, `{"data":null}`, "$x is not declared"},
		{"no query at all", ``, nil, `{"data":null}`, "query"},
		{"a field is missing", ready, id, `{"data":{"markPullRequestReadyForReview":{"pullRequest":{"isDraft":false}}}}`, "number: asked for, and missing"},
		{"a field too many", ready, id, `{"data":{"markPullRequestReadyForReview":{"pullRequest":{"isDraft":false,"number":7,"id":"x"}}}}`, "id: nobody asked for it"},
		{"a wrong type", ready, id, `{"data":{"markPullRequestReadyForReview":{"pullRequest":{"isDraft":"no","number":7}}}}`, "isDraft: no is no Boolean"},
		{"an error", ready, id, `{"data":{"markPullRequestReadyForReview":null},"errors":[{"message":"Could not resolve","type":"NOT_FOUND","path":["markPullRequestReadyForReview"]}]}`, ""},
		{"an error of another shape", ready, id, `{"data":null,"errors":[{"msg":"no"}]}`, `unknown field "msg"`},
		{"nothing", ready, id, `{}`, "neither data nor errors"},
		{"fragments", closers, one, `{"data":{"repository":{"issue":{"timelineItems":{"nodes":[
			{"__typename":"ClosedEvent","createdAt":"2026-01-01T00:00:00Z","closer":{"__typename":"Commit","oid":"` + sha + `"}},
			{"__typename":"ClosedEvent","createdAt":"2026-01-01T00:00:00Z","closer":null},
			{"__typename":"ReopenedEvent","createdAt":"2026-01-01T00:00:00Z"}]}}}}}`, ""},
		{"a field of another type", closers, one, `{"data":{"repository":{"issue":{"timelineItems":{"nodes":[
			{"__typename":"ReopenedEvent","createdAt":"2026-01-01T00:00:00Z","closer":null}]}}}}}`, "closer: nobody asked for it"},
		{"a type that cannot be there", closers, one, `{"data":{"repository":{"issue":{"timelineItems":{"nodes":[
			{"__typename":"Issue"}]}}}}}`, `__typename "Issue" is no IssueTimelineItems`},
		{"a member that a fragment forgot", closers, one, `{"data":{"repository":{"issue":{"timelineItems":{"nodes":[
			{"__typename":"ClosedEvent","createdAt":"2026-01-01T00:00:00Z"}]}}}}}`, "closer: asked for, and missing"},
		{"null where it may not be", closers, one, `{"data":{"repository":{"issue":{"timelineItems":null}}}}`, "timelineItems: null"},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, s := canned(t, http.StatusOK, tt.answer)
			body, err := json.Marshal(map[string]any{"query": tt.query, "variables": tt.variables})
			if err != nil {
				t.Fatal(err)
			}
			ask(t, s.URL, "POST", "/graphql", string(body))
			wantViolation(t, c, tt.want)
		})
	}
}
