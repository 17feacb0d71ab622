package archtest_test

import (
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/webhooks"
)

// manifest is app.yml.
type manifest struct {
	Hook struct {
		URL    string `yaml:"url"`
		Active bool   `yaml:"active"`
	} `yaml:"hook_attributes"`
	Callbacks   []string          `yaml:"callback_urls"`
	Permissions map[string]string `yaml:"default_permissions"`
	Events      []string          `yaml:"default_events"`
}

func readManifest(t *testing.T) manifest {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "app.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := yaml.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestManifestSubscribesToWhatIsHandled: an event that is handled and not
// subscribed to never comes, one that is subscribed to and not handled is noise.
func TestManifestSubscribesToWhatIsHandled(t *testing.T) {
	m := readManifest(t)
	subscribed := slices.Sorted(slices.Values(m.Events))
	// Those that every App gets can't be subscribed to.
	// https://docs.github.com/en/webhooks/webhook-events-and-payloads
	handled := slices.DeleteFunc(webhooks.Events(), func(e string) bool {
		return slices.Contains([]string{"installation", "installation_repositories", "ping"}, e)
	})
	if !slices.Equal(subscribed, handled) {
		t.Errorf("app.yml subscribes to\n%v\nand package webhooks handles\n%v", subscribed, handled)
	}
	if !slices.Equal(subscribed, app.Events()) {
		t.Errorf("app.yml subscribes to\n%v\nand the simulated App to\n%v", subscribed, app.Events())
	}
	if !m.Hook.Active || !strings.HasSuffix(m.Hook.URL, webhooks.Path) {
		t.Errorf("app.yml's hook is %+v; the receiver is at %s", m.Hook, webhooks.Path)
	}
	if len(m.Callbacks) != 1 || !strings.HasSuffix(m.Callbacks[0], app.CallbackPath) {
		t.Errorf("app.yml sends who signs in to %v; the page is at %s", m.Callbacks, app.CallbackPath)
	}
}

// readable is the permission without which GitHub does not send an event.
// https://docs.github.com/en/webhooks/webhook-events-and-payloads
var readable = map[string]string{
	"check_run":           "checks",
	"check_suite":         "checks",
	"create":              "contents",
	"delete":              "contents",
	"deployment_status":   "deployments",
	"issue_comment":       "issues",
	"issues":              "issues",
	"label":               "issues",
	"merge_group":         "merge_queues",
	"pull_request":        "pull_requests",
	"pull_request_review": "pull_requests",
	"push":                "contents",
	"release":             "contents",
	"repository":          "metadata",
}

// use is something that the bot does on GitHub, and the permissions without
// which GitHub answers 403 or 404.
type use struct {
	what  string // as calls finds it, or words for what no call shows
	needs string // "checks:write contents:read"; empty: the App's own key, or nothing
}

// uses is the reviewed table of all uses. The source of each row is the
// operation's place on
// https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
var uses = []use{
	// As the App itself.
	{"Apps.Get", ""},
	{"Apps.CompleteAppManifest", ""}, // as nobody: the code is all that is needed
	{"Apps.GetInstallation", ""},
	{"Apps.ListInstallations", ""},
	{"Apps.CreateInstallationToken", ""},
	{"Apps.ListHookDeliveries", ""},
	{"Apps.RedeliverHookDelivery", ""},
	{"GET in Grants", ""},
	{"GET in Installations", ""},
	{"GET in Hook", ""},

	// As a person who signed in: what they may see is theirs, not the App's.
	{"Apps.ListUserInstallations", ""},
	{"Apps.ListUserRepos", "metadata:read"},

	{"Apps.ListRepos", "metadata:read"},
	{"Users.Get", ""}, // the bot's own account is public
	{"Repositories.Get", "metadata:read"},
	{"GET in standing", "metadata:read"}, // the role of who gives a command
	{"GET in BranchRules", "metadata:read"},
	{"GET in TagRules", "metadata:read"},
	{"GET in ruleset", "metadata:read"},
	{"GET in protection", "contents:read"}, // of a branch that everybody may read
	{"Repositories.GetContents", "contents:read"},
	{"Repositories.ListCommits", "contents:read"},
	{"Repositories.CompareCommits", "contents:read"},
	{"GET in unrelated", "contents:read"}, // whether a commit is there at all
	{"Repositories.GetReleaseByTag", "contents:read"},
	{"Repositories.GetLatestRelease", "contents:read"},
	{"Repositories.ListReleases", "contents:read"},
	{"GET in CreateRelease", "contents:read"}, // whether the tag is there at all
	{"Repositories.CreateRelease", "contents:write"},

	{"PullRequests.List", "pull_requests:read"},
	{"PullRequests.Get", "pull_requests:read"},
	{"PullRequests.ListCommits", "pull_requests:read"},
	{"PullRequests.ListReviews", "pull_requests:read"},
	{"PullRequests.Create", "pull_requests:write"},
	{"PullRequests.Edit", "pull_requests:write"},
	{"PullRequests.RequestReviewers", "pull_requests:write members:read"}, // members: for teams
	{"PullRequests.Merge", "contents:write"},
	{"autoMergeQuery", "pull_requests:write contents:write"}, // as for the merge itself
	{"linksQuery", "pull_requests:read issues:read"},

	// Those of pull requests go by pull_requests as well; issues need issues.
	{"Issues.Get", "issues:read"},
	{"Issues.ListByRepo", "issues:read"},
	{"Issues.ListComments", "issues:read"},
	{"Issues.Create", "issues:write"},
	{"Issues.Edit", "issues:write pull_requests:write"},
	{"Issues.CreateComment", "issues:write pull_requests:write"},
	{"Issues.EditComment", "issues:write pull_requests:write"},
	{"Issues.AddAssignees", "issues:write pull_requests:write"},
	{"Issues.CreateLabel", "issues:write"},
	{"GET in makeLabel", "issues:read"},
	{"POST in AddLabels", "issues:write pull_requests:write"},
	{"Reactions.ListIssueCommentReactions", "issues:read pull_requests:read"},
	{"Reactions.CreateIssueCommentReaction", "issues:write pull_requests:write"},
	{"turnsQuery", "issues:read"},

	{"Checks.ListCheckRunsForRef", "checks:read"},
	{"Checks.ListCheckRunAnnotations", "checks:read"},
	{"Checks.CreateCheckRun", "checks:write"},
	{"PATCH in patchCheckRun", "checks:write"},
	{"GET in Reports", "statuses:read"},

	{"Repositories.ListDeployments", "deployments:read"},
	{"Repositories.ListDeploymentStatuses", "deployments:read"},
	{"Repositories.CreateDeployment", "deployments:write"},
}

// otherUses are those that no call of package forge shows.
var otherUses = []use{
	{"git: pushing backport branches and tags", "contents:write"},
	{"git: pushing a hotfix that touches .github/workflows", "workflows:write"},
}

// laterUses are of work that is not there yet. Whoever installed the App would
// have to grant each new permission again, so they are asked for from the start.
var laterUses = []use{
	{"whether required statuses hold an automatic merge back (propagate.auto_merge)", "statuses:read"},
}

// TestEveryCallIsInTheTable keeps the table honest in both directions.
func TestEveryCallIsInTheTable(t *testing.T) {
	made := calls(t)
	for what, where := range made {
		if !slices.ContainsFunc(uses, func(u use) bool { return u.what == what }) {
			t.Errorf("%s: %s is not in the table; say there which permission it needs", where, what)
		}
	}
	for _, u := range uses {
		if made[u.what] == "" {
			t.Errorf("the table has %q, and package forge does not", u.what)
		}
	}
}

// TestManifestAsksForWhatIsNeeded: a permission too few is a refusal in
// somebody's repository, one too many a reason not to install the App.
func TestManifestAsksForWhatIsNeeded(t *testing.T) {
	m := readManifest(t)
	needed := map[string]string{}
	need := func(permission, level string) {
		if needed[permission] != "write" {
			needed[permission] = level
		}
	}
	for _, u := range slices.Concat(uses, otherUses, laterUses) {
		for _, n := range strings.Fields(u.needs) {
			permission, level, _ := strings.Cut(n, ":")
			need(permission, level)
		}
	}
	for _, event := range m.Events {
		if readable[event] == "" {
			t.Errorf("say in the table which permission the event %s needs", event)
		}
		need(readable[event], "read")
	}
	if !maps.Equal(m.Permissions, needed) {
		t.Errorf("app.yml asks for\n%v\nand needed is\n%v", m.Permissions, needed)
	}
	if !maps.Equal(m.Permissions, app.Permissions()) {
		t.Errorf("app.yml asks for\n%v\nand the simulated App gets\n%v", m.Permissions, app.Permissions())
	}
}

// calls finds what package forge asks of GitHub, with the place of one call:
// methods of go-github as "Service.Method", requests without one as "GET in
// Function", GraphQL by the name of the query.
func calls(t *testing.T) map[string]string {
	t.Helper()
	made := map[string]string{}
	for _, s := range sources(t) {
		if s.folder != "internal/forge" || s.tests {
			continue
		}
		for _, declaration := range s.syntax.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if what := asked(f.Name.Name, call); what != "" {
						made[what] = s.file
					}
				}
				return true
			})
		}
	}
	return made
}

// asked is what a call asks of GitHub, or "".
func asked(function string, call *ast.CallExpr) string {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	switch name := method.Sel.Name; {
	case name == "exists", name == "get" && len(call.Args) > 1:
		return "GET in " + function
	case (name == "query" || name == "ask" && function != "query") && len(call.Args) > 2:
		if query, ok := call.Args[2].(*ast.Ident); ok {
			return query.Name
		}
		return "a query that is not a constant in " + function
	case name == "NewRequest" && function != "fetch" && function != "ask":
		return requestMethod(call) + " in " + function
	}
	service, ok := method.X.(*ast.SelectorExpr)
	if ok && isClient(service.X) {
		return service.Sel.Name + "." + method.Sel.Name
	}
	return ""
}

// requestMethod is "GET" of http.MethodGet.
func requestMethod(call *ast.CallExpr) string {
	if constant, ok := call.Args[0].(*ast.SelectorExpr); ok {
		return strings.ToUpper(strings.TrimPrefix(constant.Sel.Name, "Method"))
	}
	return "something"
}

// isClient tells a go-github client by its name: client, r.client, a.client.
func isClient(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name == "client"
	case *ast.SelectorExpr:
		return x.Sel.Name == "client"
	}
	return false
}
