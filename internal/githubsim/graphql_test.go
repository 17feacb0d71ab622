package githubsim

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/hotfixbot/hotfixbot/internal/contract"
)

// The schema that is served is a part of GitHub's own: same kinds, fields, types, arguments,
// defaults, members.
func TestSchemaIsGitHubs(t *testing.T) {
	t.Parallel()
	ours, err := graphQLSchema()
	if err != nil {
		t.Fatal(err)
	}
	github, err := contract.Schema()
	if err != nil {
		t.Fatal(err)
	}
	for name, def := range ours.Types {
		theirs := github.Types[name]
		if def.BuiltIn {
			continue
		}
		if theirs == nil || theirs.Kind != def.Kind {
			t.Errorf("%s %s is not GitHub's", def.Kind, name)
			continue
		}
		compareFields(t, def, theirs)
		for _, v := range def.EnumValues {
			if theirs.EnumValues.ForName(v.Name) == nil {
				t.Errorf("GitHub has no %s.%s", name, v.Name)
			}
		}
		for _, list := range [][2][]string{{def.Types, theirs.Types}, {def.Interfaces, theirs.Interfaces}} {
			for _, m := range list[0] {
				if !strings.Contains(" "+strings.Join(list[1], " ")+" ", " "+m+" ") {
					t.Errorf("GitHub's %s is no %s", name, m)
				}
			}
		}
	}
}

func compareFields(t *testing.T, ours, theirs *ast.Definition) {
	t.Helper()
	for _, f := range ours.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		g := theirs.Fields.ForName(f.Name)
		if g == nil || g.Type.String() != f.Type.String() || f.DefaultValue.String() != g.DefaultValue.String() {
			t.Errorf("%s.%s is not GitHub's", ours.Name, f.Name)
			continue
		}
		for _, a := range f.Arguments {
			b := g.Arguments.ForName(a.Name)
			if b == nil || a.Type.String() != b.Type.String() || a.DefaultValue.String() != b.DefaultValue.String() {
				t.Errorf("%s.%s(%s) is not GitHub's", ours.Name, f.Name, a.Name)
			}
		}
	}
}

// Each field of the schema has its answer, and no answer lacks its field.
func TestEveryFieldIsAnswered(t *testing.T) {
	t.Parallel()
	schema, err := graphQLSchema()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for name, def := range schema.Types {
		if def.BuiltIn || def.Kind != ast.Object {
			continue
		}
		for _, f := range def.Fields {
			known[name+"."+f.Name] = true
			if !strings.HasPrefix(f.Name, "__") && gqlFields[name+"."+f.Name] == nil {
				t.Errorf("no answer to %s.%s", name, f.Name)
			}
		}
	}
	for name := range gqlFields {
		if !known[name] {
			t.Errorf("%s is not in the schema", name)
		}
	}
}

// gql is a world that listens, held to GitHub's schema.
type gql struct {
	*world
	root string
}

func newGQL(t *testing.T) *gql {
	t.Helper()
	w := newWorld(t, TypeUser)
	s := httptest.NewServer(contract.ForTest(t).Handler(w))
	t.Cleanup(s.Close)
	w.SetURL(s.URL)
	return &gql{world: w, root: s.URL}
}

// ask sends a query and compares the answer: data, then the errors' types and paths.
func (q *gql) ask(token, query string, vars object, want string) {
	q.t.Helper()
	body, err := json.Marshal(object{"query": query, "variables": vars})
	if err != nil {
		q.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(q.t.Context(), http.MethodPost, q.root+"/graphql", bytes.NewReader(body))
	if err != nil {
		q.t.Fatal(err)
	}
	r.Header.Set("Authorization", "bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		q.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	var got, expected any
	if err := json.Unmarshal(text, &got); err != nil {
		q.t.Fatalf("%s: %s", answer.Status, text)
	}
	if o, ok := got.(object); ok {
		for _, e := range objects(o["errors"]) {
			delete(e, "locations")
		}
	}
	if err := json.Unmarshal([]byte(want), &expected); err != nil {
		q.t.Fatalf("%v: %s", err, want)
	}
	if !reflect.DeepEqual(got, expected) {
		q.t.Errorf("got %s\nwant %s", text, want)
	}
}

func objects(v any) []object {
	var out []object
	items, _ := v.([]any)
	for _, x := range items {
		out = append(out, x.(object))
	}
	return out
}

// token gives an installation token with the given permissions.
func (q *gql) token(permissions map[string]string) string {
	q.mu.Lock()
	defer q.mu.Unlock()
	t := &token{text: "ghs_" + strings.Repeat("x", 36), installation: q.at, permissions: permissions, expires: q.clock().Add(time.Hour)}
	q.tokens[t.text] = t
	return t.text
}

const turns = `query($n: Int!) { repository(owner: "acme", name: "shop") { issue(number: $n) { state
	timelineItems(itemTypes: [CLOSED_EVENT, REOPENED_EVENT], last: 5) { totalCount nodes { __typename
		... on ClosedEvent { actor { login __typename ... on Bot { databaseId } } closer { __typename ... on PullRequest { number } ... on Commit { oid messageHeadline } } }
		... on ReopenedEvent { actor { login } } } } } } }`

func TestWhoClosed(t *testing.T) {
	t.Parallel()
	q := newGQL(t)
	q.mu.Lock()
	q.closeIssue(q.by, q.issue, closing{reason: "completed", pull: q.pull})
	q.reopenIssue(Actor{User: q.app.Bot, App: q.app}, q.issue)
	q.closeIssue(q.by, q.issue, closing{reason: "completed", commit: q.second})
	q.reopenIssue(q.by, q.issue)
	q.closeIssue(Actor{User: q.app.Bot, App: q.app}, q.issue, closing{reason: "completed"})
	q.record(q.by, q.issue, "labeled") // not asked for
	bot := itoa(q.app.Bot.ID)
	q.mu.Unlock()
	q.ask("bob-token", turns, object{"n": 1}, `{"data":{"repository":{"issue":{"state":"CLOSED","timelineItems":{"totalCount":5,"nodes":[
		{"__typename":"ClosedEvent","actor":{"login":"alice","__typename":"User"},"closer":{"__typename":"PullRequest","number":2}},
		{"__typename":"ReopenedEvent","actor":{"login":"hotfixbot"}},
		{"__typename":"ClosedEvent","actor":{"login":"alice","__typename":"User"},"closer":{"__typename":"Commit","oid":"`+q.second+`","messageHeadline":"Add a cart"}},
		{"__typename":"ReopenedEvent","actor":{"login":"alice"}},
		{"__typename":"ClosedEvent","actor":{"login":"hotfixbot","__typename":"Bot","databaseId":`+bot+`},"closer":null}]}}}}}`)
}

func TestClosingReferences(t *testing.T) {
	t.Parallel()
	q := newGQL(t)
	const query = `{ a: repository(owner: "ACME", name: "shop") { pullRequest(number: 2) { ...p } } } fragment p on PullRequest {
		closingIssuesReferences(first: 5) { nodes { number repository { nameWithOwner databaseId } } pageInfo { hasNextPage } } }`
	q.ask("alice-token", query, nil, `{"data":{"a":{"pullRequest":{"closingIssuesReferences":{
		"nodes":[{"number":1,"repository":{"nameWithOwner":"acme/shop","databaseId":`+itoa(q.repo.ID)+`}}],"pageInfo":{"hasNextPage":false}}}}}}`)
	q.ask("alice-token", strings.Replace(query, "(first: 5)", "", 1), nil, `{"data":{"a":{"pullRequest":{"closingIssuesReferences":null}}},"errors":[
		{"type":"MISSING_PAGINATION_BOUNDARIES","path":["a","pullRequest","closingIssuesReferences"],
		"message":"You must provide a `+"`first` or `last` value to properly paginate the `closingIssuesReferences`"+` connection."}]}`)
}

const (
	makeReady = `mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id, clientMutationId: "m"}) { clientMutationId pullRequest { isDraft id } } }`
	makeDraft = `mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { pullRequest { isDraft } } }`
)

func TestDrafts(t *testing.T) {
	t.Parallel()
	q := newGQL(t)
	id := nodeID("PR", q.pull.ID)
	q.Take()
	q.ask("alice-token", makeDraft, object{"id": id}, `{"data":{"convertPullRequestToDraft":{"pullRequest":{"isDraft":true}}}}`)
	q.ask("bob-token", makeReady, object{"id": id}, `{"data":{"markPullRequestReadyForReview":null},"errors":[{"type":"FORBIDDEN",
		"path":["markPullRequestReadyForReview"],"message":"bob does not have the correct permissions to execute `+"`MarkPullRequestReadyForReview`"+`"}]}`)
	q.ask(q.token(map[string]string{"pull_requests": "write"}), makeReady, object{"id": id},
		`{"data":{"markPullRequestReadyForReview":{"clientMutationId":"m","pullRequest":{"isDraft":false,"id":"`+id+`"}}}}`)
	q.ask("alice-token", makeReady, object{"id": "PR_nothing"}, `{"data":{"markPullRequestReadyForReview":null},"errors":[{"type":"NOT_FOUND",
		"path":["markPullRequestReadyForReview"],"message":"Could not resolve to a node with the global id of 'PR_nothing'"}]}`)
	var events []string
	for _, d := range q.Take() {
		events = append(events, d.Event+"."+d.Action)
	}
	if got := strings.Join(events, " "); got != "pull_request.converted_to_draft pull_request.ready_for_review" {
		t.Errorf("events %s", got)
	}
	writes := 0
	for _, r := range q.Requests() {
		if r.Write {
			writes++
		}
	}
	if writes != 4 {
		t.Errorf("%d mutations were counted as writes", writes)
	}
}

const autoMerge = `mutation($id: ID!) { enablePullRequestAutoMerge(input: {pullRequestId: $id, mergeMethod: SQUASH}) {
	actor { login } pullRequest { autoMergeRequest { mergeMethod enabledBy { login } } } } }`

// Auto-merge is refused where GitHub refuses it.
func TestAutoMerge(t *testing.T) {
	t.Parallel()
	q := newGQL(t)
	id := object{"id": nodeID("PR", q.pull.ID)}
	refused := func(message string) string {
		return `{"data":{"enablePullRequestAutoMerge":null},"errors":[{"type":"UNPROCESSABLE","path":["enablePullRequestAutoMerge"],"message":"` + message + `"}]}`
	}
	q.ask("alice-token", autoMerge, id, refused("Auto merge is not allowed for this repository"))
	q.repo.Settings.AllowAutoMerge = true
	q.ask("alice-token", autoMerge, id, refused("Pull request Protected branch rules not configured for this branch"))
	set := &Ruleset{ID: 1, Repo: q.repo, Name: "main", Target: "branch", Enforcement: "active", Include: []string{"~DEFAULT_BRANCH"}, Rules: []Rule{{Type: "deletion"}}}
	q.repo.Rulesets = []*Ruleset{set}
	q.ask("alice-token", autoMerge, id, refused("Pull request Pull request is in clean status"))
	set.Rules = []Rule{{Type: "required_status_checks", Parameters: map[string]any{
		"required_status_checks": []any{map[string]any{"context": "ci"}},
	}}}
	forbidden := `{"data":{"enablePullRequestAutoMerge":null},"errors":[{"type":"FORBIDDEN","path":["enablePullRequestAutoMerge"],"message":"Resource not accessible by integration"}]}`
	q.ask(q.token(map[string]string{"pull_requests": "write"}), autoMerge, id, forbidden)
	q.ask(q.token(map[string]string{"pull_requests": "write", "contents": "write"}), autoMerge, id, `{"data":{"enablePullRequestAutoMerge":{
		"actor":{"login":"hotfixbot"},"pullRequest":{"autoMergeRequest":{"mergeMethod":"SQUASH","enabledBy":{"login":"hotfixbot"}}}}}}`)
	if q.pull.AutoMerge == nil || q.pull.AutoMerge.App != q.app {
		t.Errorf("auto-merge is %+v", q.pull.AutoMerge)
	}
	q.ask("alice-token", `mutation($id: ID!) { disablePullRequestAutoMerge(input: {pullRequestId: $id}) { pullRequest { autoMergeRequest { mergeMethod } } } }`,
		id, `{"data":{"disablePullRequestAutoMerge":{"pullRequest":{"autoMergeRequest":null}}}}`)
}

// A private repository is not there for who may not see it; permissions narrow an App.
func TestGraphQLAccess(t *testing.T) {
	t.Parallel()
	q := newGQL(t)
	q.repo.Private = true
	const query = `{ repository(owner: "acme", name: "shop") { isPrivate issue(number: 1) { title } } viewer { login } }`
	q.ask("bob-token", query, nil, `{"data":{"repository":null,"viewer":{"login":"bob"}},"errors":[{"type":"NOT_FOUND","path":["repository"],
		"message":"Could not resolve to a Repository with the name 'acme/shop'."}]}`)
	q.ask(q.token(map[string]string{"contents": "read"}), query, nil, `{"data":{"repository":{"isPrivate":true,"issue":null},"viewer":{"login":"hotfixbot[bot]"}},
		"errors":[{"type":"FORBIDDEN","path":["repository","issue"],"message":"Resource not accessible by integration"}]}`)
	q.ask("alice-token", `{ repository(owner: "acme", name: "shop") { issue(number: 2) { title } pullRequest(number: 9) { id } } }`, nil,
		`{"data":{"repository":{"issue":null,"pullRequest":null}},"errors":[
		{"type":"NOT_FOUND","path":["repository","issue"],"message":"Could not resolve to an Issue with the number of 2."},
		{"type":"NOT_FOUND","path":["repository","pullRequest"],"message":"Could not resolve to a PullRequest with the number of 9."}]}`)
	q.ask("wrong-token", query, nil, `{"message":"Bad credentials","documentation_url":"https://docs.github.com/rest","status":"401"}`)
}

// Every kind of node is found by the id that the REST API gives for it.
func TestNodes(t *testing.T) {
	t.Parallel()
	q := newGQL(t)
	q.mu.Lock()
	ids := map[string]any{
		"Repository": q.wireRepo(q.repo)["node_id"], "Issue": q.wireIssue(q.issue)["node_id"],
		"PullRequest": q.wirePull(q.pull)["node_id"], "User": q.wireUser(q.alice)["node_id"], "Bot": q.wireUser(q.app.Bot)["node_id"],
		"Commit": nodeIDOf("C", q.repo, q.topic),
	}
	q.mu.Unlock()
	for kind, id := range ids {
		q.ask("alice-token", `query($id: ID!) { node(id: $id) { __typename id } }`, object{"id": id},
			`{"data":{"node":{"__typename":"`+kind+`","id":"`+id.(string)+`"}}}`)
	}
}

// What the simulator does not answer is an error to the client and a violation to the test.
func TestUnknownQuery(t *testing.T) {
	t.Parallel()
	w := newWorld(t, TypeUser)
	s := httptest.NewServer(w) // no checker: the query is right by GitHub's schema, or wrong on purpose
	t.Cleanup(s.Close)
	q := &gql{world: w, root: s.URL}
	q.ask("alice-token", `{ viewer { loginn } }`, nil, `{"errors":[{"message":"Cannot query field \"loginn\" on type \"User\". Did you mean \"login\"?"}]}`)
	q.ask("alice-token", `{ viewer { twitterUsername } }`, nil, `{"errors":[{"message":"Cannot query field \"twitterUsername\" on type \"User\"."}]}`)
	if v := w.Violations(); len(v) != 2 {
		t.Errorf("violations %q", v)
	}
}
