package forge_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// TestIssueTurns: who closed and reopened an issue, and by what. What lies in
// other repositories is not mistaken for something in this one.
func TestIssueTurns(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/issues/12", says(200, `{"number":12,"repository_url":"https://api.github.com/repos/acme/shop","state":"open","state_reason":"reopened","title":"Cart","user":{"login":"hotfixbot[bot]","id":41},"labels":[{"name":"hotfix"}]}`))
	h.on("POST /graphql", says(200, `{"data":{"repository":{"issue":{"timelineItems":{"nodes":[
	  {"__typename":"ClosedEvent","createdAt":"2030-05-01T00:00:00Z","actor":{"__typename":"User","login":"alice"},
	   "closer":{"__typename":"PullRequest","number":34,"repository":{"databaseId":100}}},
	  {"__typename":"ReopenedEvent","createdAt":"2030-05-01T00:01:00Z","actor":{"__typename":"Bot","login":"hotfixbot","databaseId":41}},
	  {"__typename":"ClosedEvent","createdAt":"2030-05-01T00:02:00Z","actor":{"__typename":"User","login":"bob"},"closer":{"__typename":"Commit","oid":"`+string(oidA)+`"}},
	  {"__typename":"ReopenedEvent","createdAt":"2030-05-01T00:03:00Z","actor":{"__typename":"Bot","login":"other","databaseId":42}},
	  {"__typename":"ClosedEvent","createdAt":"2030-05-01T00:04:00Z","actor":null,"closer":null},
	  {"__typename":"ClosedEvent","createdAt":"2030-05-01T00:05:00Z","actor":{"__typename":"User","login":"bob"},
	   "closer":{"__typename":"PullRequest","number":34,"repository":{"databaseId":999}}},
	  null]}}}},
	  "errors":[{"type":"FORBIDDEN","path":["repository","issue","timelineItems","nodes",6],"message":"no"}]}`))
	got, err := h.repo().Issue(t.Context(), 12)
	if err != nil {
		t.Fatal(err)
	}
	minute := func(n int) time.Time { return time.Date(2030, 5, 1, 0, n, 0, 0, time.UTC) }
	want := []hotfix.Turn{
		{At: minute(0), Closed: true, By: "alice", CloserPull: 34},
		{At: minute(1), By: "hotfixbot[bot]", ByBot: true},
		{At: minute(2), Closed: true, By: "bob", CloserCommit: oidA},
		{At: minute(3), By: "other[bot]"},
		{At: minute(4), Closed: true},
		{At: minute(5), Closed: true, By: "bob"},
	}
	if !reflect.DeepEqual(got.Turns, want) {
		t.Errorf("got  %+v\nwant %+v", got.Turns, want)
	}
	if !got.ByBot || !got.HasLabel("HOTFIX") || got.IsPull || !got.Open {
		t.Errorf("got %+v", got)
	}
}

// TestAPullRequestHasNoTurns: GraphQL's issue(number:) would not find it.
func TestAPullRequestHasNoTurns(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/issues/34", says(200, `{"number":34,"repository_url":"https://api.github.com/repos/acme/shop","state":"closed","closed_by":{"login":"bob"},"pull_request":{"url":"x"}}`))
	repo := h.repo()
	if got, err := repo.Issue(t.Context(), 34); err != nil || !got.IsPull || got.Turns != nil {
		t.Errorf("got %+v, %v", got, err)
	}
	if by, err := repo.ClosedBy(t.Context(), 34); err != nil || by != "bob" {
		t.Errorf("closed by %q, %v", by, err)
	}
}

func TestLinks(t *testing.T) {
	h := newHub(t)
	h.on("POST /graphql", says(200, `{"data":{"repository":{"pull35":{"mergedBy":null,"closingIssuesReferences":{"nodes":[]}},"pull34":{"mergedBy":{"__typename":"Bot","login":"queue"},"closingIssuesReferences":{"nodes":[
	  {"number":13,"repository":{"databaseId":999}},null,{"number":12,"repository":{"databaseId":100}},{"number":5,"repository":{"databaseId":100}}]}}}}}`))
	got, err := h.repo().Links(t.Context(), 34, 35)
	if want := (map[int]hotfix.Links{34: {Closes: []int{12, 5}, MergedBy: "queue[bot]"}, 35: {}}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	variables, _ := h.bodyOf("POST /graphql")["variables"].(map[string]any)
	if want := map[string]any{"owner": "acme", "name": "shop"}; !reflect.DeepEqual(variables, want) {
		t.Errorf("asked with %v", variables)
	}
}

func TestDraftIsNoRelease(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/releases", says(200, `[{"id":2,"tag_name":"v1.7.2","draft":true},{"id":1,"tag_name":"v1.7.1"}]`))
	got, err := h.repo().Releases(t.Context())
	if err != nil || len(got) != 1 || got[0].Tag != "v1.7.1" {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestGraphQLFates: GraphQL refuses with status 200.
func TestGraphQLFates(t *testing.T) {
	for want, c := range map[string]struct{ body, header string }{
		"gone: pull request #34": {`{"data":{"repository":{"pull34":null}},"errors":[{"type":"NOT_FOUND","path":["repository","pull34"],"message":"Could not resolve"}]}`, "X: y"},
		"refusal":                {`{"data":{"repository":null},"errors":[{"type":"FORBIDDEN","path":["repository"],"message":"Resource not accessible by integration"}]}`, "X: y"},
		"later 1m0s":             {`{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}`, "X: y"},
		"later 30s":              {`{"errors":[{"type":"RATE_LIMITED","message":"API rate limit exceeded"}]}`, "Retry-After: 30"},
		"plain":                  {`{"data":null,"errors":[{"message":"Something went wrong"}]}`, "X: y"},
	} {
		h := newHub(t)
		h.on("POST /graphql", says(200, c.body, c.header))
		_, err := h.repo().Links(t.Context(), 34)
		if got := fateOf(err, h.clock()); got != want {
			t.Errorf("fate is %q (%v), want %q", got, err, want)
		}
	}
}

func TestComments(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/issues/comments", says(200, `[
	  {"id":1,"body":"/hotfix status","html_url":"u","user":{"login":"alice","id":9,"type":"User"},"issue_url":"https://api.github.com/repos/acme/shop/issues/12",
	   "created_at":"2030-05-01T00:00:00Z","updated_at":"2030-05-01T00:00:00Z","reactions":{"confused":1,"eyes":2}},
	  {"id":2,"user":{"login":"hotfixbot[bot]","id":41,"type":"Bot"},"issue_url":"x/issues/34","created_at":"2030-05-01T00:00:00Z","updated_at":"2030-05-01T00:00:01Z"},
	  {"id":3,"user":null,"issue_url":"x/issues/34","created_at":"2030-05-01T00:00:00Z","updated_at":"2030-05-01T00:00:00Z"}]`))
	since := time.Date(2030, 5, 1, 2, 0, 0, 0, time.FixedZone("", 7200))
	got, err := h.repo().Comments(t.Context(), since)
	at := time.Date(2030, 5, 1, 0, 0, 0, 0, time.UTC)
	want := []hotfix.Comment{
		{ID: 1, Issue: 12, Author: "alice", Body: "/hotfix status", URL: "u", CreatedAt: at, Confused: 1, Eyes: 2},
		{ID: 2, Issue: 34, Author: "hotfixbot[bot]", ByBot: true, Machine: true, CreatedAt: at, Edited: true},
		{ID: 3, Issue: 34, CreatedAt: at},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
	}
	if query := h.sent("GET " + shop + "/issues/comments")[0].query; query != "direction=asc&page=1&per_page=100&since=2030-05-01T00%3A00%3A00Z&sort=created" {
		t.Errorf("asked %s", query)
	}
}

func TestReactionsAreTheAppsOwn(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/issues/comments/3/reactions", says(200, `[{"content":"eyes","user":{"id":9}},{"content":"confused","user":{"id":41}}]`))
	got, err := h.repo().Reactions(t.Context(), 3)
	if want := []string{"confused"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestMissingLabelsAreMade, with their colour; one that somebody else made in
// between is as good, and a name that GitHub does not want is told.
func TestMissingLabelsAreMade(t *testing.T) {
	h := newHub(t)
	const there, making = "GET " + shop + "/labels/a/b %", "POST " + shop + "/labels"
	h.on("GET "+shop+"/labels/hotfix", says(404, `{}`))
	h.on(there, says(404, `{}`))
	h.on(making, inTurn(says(201, `{}`), says(422, `{"message":"Validation Failed","errors":[{"code":"already_exists"}]}`),
		says(422, `{"message":"Validation Failed","errors":[{"code":"invalid"}]}`)))
	h.on("POST "+shop+"/issues/12/labels", says(200, `[]`))
	repo := h.repo()
	if err := repo.AddLabels(t.Context(), 12, "hotfix", "a/b %"); err != nil {
		t.Fatal(err)
	}
	if sent := h.sent(making); !strings.Contains(sent[0].body, `"color":"d73a4a"`) || !strings.Contains(sent[1].body, `"name":"a/b %"`) {
		t.Errorf("made %+v", sent)
	}
	if sent := h.sent("POST " + shop + "/issues/12/labels"); len(sent) != 1 || strings.TrimSpace(sent[0].body) != `{"labels":["hotfix","a/b %"]}` {
		t.Errorf("added %+v", sent)
	}
	if err := repo.AddLabels(t.Context(), 12, "a/b %"); fateOf(err, h.clock()) != "refusal" {
		t.Errorf("got %v", err)
	}
}

// An issue that was never closed costs one request that is free when it is asked for
// again.
func TestIssueThatWasNeverClosed(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/issues/12", says(200, `{"number":12,"repository_url":"https://api.github.com/repos/acme/shop","state":"open","state_reason":null,"title":"Cart","user":{"login":"bob","id":7}}`))
	got, err := h.repo().Issue(t.Context(), 12)
	if err != nil || got.Turned || len(got.Turns) > 0 || len(h.sent("POST /graphql")) > 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// An issue that was transferred: GitHub answers with where it is now (docs, "Get an
// issue"). It was taken for the issue here that has its new number.
func TestAMovedIssueIsNotAnotherOfThisRepository(t *testing.T) {
	h := newHub(t)
	repo := h.repo()
	for number, moved := range map[int]string{12: "77", 13: "13"} {
		h.on(fmt.Sprintf("GET %s/issues/%d", shop, number), says(301, `{}`, "Location: "+h.URL+"/repositories/200/issues/"+moved))
		h.on("GET /repositories/200/issues/"+moved, says(200, `{"number":`+moved+`,"state":"open","user":{"id":41},"repository_url":"https://api.github.com/repos/acme/tracker"}`))
		got, err := repo.Issue(t.Context(), number)
		if want := fmt.Sprintf("gone: #%d", number); fateOf(err, h.clock()) != want {
			t.Errorf("issue #%d moved away is read as #%d of this repository: %v", number, got.Number, err)
		}
	}
}
