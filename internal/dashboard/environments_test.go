package dashboard_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// page is a page with these boards as a browser reads it.
func page(t *testing.T, path string, boards ...hotfix.Board) *html.Node {
	t.Helper()
	got := get(t, pages(t, config(shelf{boards: boards})), http.MethodGet, path)
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		t.Fatalf("%s: %d %v", path, got.status, got.header)
	}
	return got.tree(t)
}

// table is the first table of that class.
func table(t *testing.T, root *html.Node, class string) *html.Node {
	t.Helper()
	for _, table := range all(root, "table") {
		if attribute(table, "class") == class {
			return table
		}
	}
	t.Fatalf("no table %s in: %s", class, words(root))
	return nil
}

// lines holds a table to what it has to say.
func lines(t *testing.T, table *html.Node, want ...string) {
	t.Helper()
	if got := rows(table); !slices.Equal(got, want) {
		t.Errorf("the table says:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestEnvironmentsShowTheStory(t *testing.T) {
	root := page(t, "/", shop())
	lines(t, table(t, root, "matrix"),
		"Application | Production main hotfixes land here | QA qa | Development dev",
		"shop | 1.7.1+ changes since v1.7.1not solved: v1.7.1 | 1.8.0+ 3 commits since v1.8.0 | 1.9.0misses v1.7.1")
	lines(t, table(t, root, "hotfixes"),
		"Hotfix | Release | On its way | State",
		"Stop losing items #34 by alice, merged 30 minutes ago | v1.7.1 | QA contained Development conflicted | open")
	if text := words(root); !strings.Contains(text, "Finished last: An older fix v1.7.0, solved. 1 finished hotfix") {
		t.Errorf("nothing leads to the finished ones: %s", text)
	}
}

func TestOnlyTheLandingEnvironmentIsRed(t *testing.T) {
	var red []string
	for _, a := range all(page(t, "/", shop()), "a") {
		if class := strings.Fields(attribute(a, "class")); slices.Contains(class, "version") && slices.Contains(class, "red") {
			red = append(red, words(a))
		}
	}
	if !slices.Equal(red, []string{"1.7.1+"}) {
		t.Errorf("red are %q", red)
	}
}

func TestEnvironmentsLinkToGitHub(t *testing.T) {
	board := shop()
	board.Environments[2].Branch = "release/dev #1"
	var links []string
	for _, a := range all(page(t, "/", board), "a") {
		links = append(links, attribute(a, "href"))
	}
	for _, want := range []string{
		"https://github.test/acme/shop",
		"https://github.test/acme/shop/pull/34",
		"https://github.test/acme/shop/releases/tag/v1.7.1",
		"https://github.test/acme/shop/compare/v1.7.1...main",
		"https://github.test/acme/shop/tree/release/dev%20%231",
		"/hotfixes/7/34",
		"/hotfixes?repository=acme%2Fshop",
	} {
		if !slices.Contains(links, want) {
			t.Errorf("no link to %s", want)
		}
	}
}

// TestEachApplicationHasItsLine: a hotfix is told where its application is, and one
// that touches none is told, too.
func TestEachApplicationHasItsLine(t *testing.T) {
	board := shop()
	board.Applications = []string{"shop", "api"}
	board.Environments[0].Runs = []hotfix.Running{
		{Application: "shop", Version: "1.7.1", Tag: "shop-v1.7.1"}, {Application: "api", Version: "2.0.4", Tag: "api-v2.0.4", Mark: "+", Ahead: 1},
	}
	board.Environments[1].Runs, board.Environments[2].Runs = nil, nil
	board.Hotfixes[1].Versions = []hotfix.Tagged{{Application: "api", Tag: "api-v2.0.4"}}
	elsewhere := board.Hotfixes[1]
	elsewhere.Key.Pull, elsewhere.Versions = 35, nil
	board.Hotfixes = append(board.Hotfixes, elsewhere)
	root := page(t, "/", board)
	lines(t, table(t, root, "matrix"),
		"Application | Production main hotfixes land here | QA qa | Development dev",
		"shop | 1.7.1 | no release | no release",
		"api | 2.0.4+ 1 commit since api-v2.0.4not solved: api-v2.0.4 | no release | no releasemisses api-v2.0.4",
		"other paths | no releasenot solved: #35 | no release | no releasemisses #35")
}

func TestEnvironmentsWithPreProductionAndGaps(t *testing.T) {
	board := shop()
	board.Applications = []string{"eCommerce"}
	board.Environments = []hotfix.EnvironmentState{
		{Environment: hotfix.Environment{Name: "Production", Branch: "main"}, Runs: []hotfix.Running{{Version: "1.7.0", Tag: "v1.7.0"}}},
		{Environment: hotfix.Environment{Name: "Pre-Production", Branch: "preprod", Landing: true}, Red: true},
		{Environment: hotfix.Environment{Name: "Development", Branch: "dev"}, Absent: true},
	}
	forced := board.Hotfixes[1]
	forced.Key.Pull, forced.Versions, forced.State = 35, []hotfix.Tagged{{}}, hotfix.StateForced
	board.Hotfixes = append(board.Hotfixes, forced)
	board.Hotfixes[1].Stages = []hotfix.StageStanding{{Environment: "Production", Branch: "main", State: hotfix.StageWaits}}
	board.Problems = []hotfix.Problem{{What: "the branch `dev` does not exist", Remedy: "create it", Topic: hotfix.TopicMissingBranch}}
	board.Notes = []string{"`remind` has no effect yet"}
	root := page(t, "/", board)
	lines(t, table(t, root, "matrix"),
		"Application | Production main | Pre-Production preprod hotfixes land here | Development dev",
		"eCommerce | 1.7.0misses v1.7.1 | no releasenot solved: v1.7.1, #35 (closed by force) | no such branchmisses v1.7.1, #35 (closed by force)")
	for _, want := range []string{"The branch dev does not exist. Remedy: Create it. What this means", "remind has no effect yet."} {
		if !strings.Contains(words(root), want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestModulesHaveARedPlusWhereTheyMissAHotfix(t *testing.T) {
	board := shop()
	status := &board.Hotfixes[1]
	status.Modules, status.Compare = []string{"cart", "checkout"}, map[string]string{"dev": "https://github.test/acme/shop/compare/dev...main"}
	other := *status
	other.Key.Pull, other.Modules = 35, []string{"cart"}
	other.Standings = []hotfix.Standing{{Environment: "QA", Branch: "qa", Verdict: hotfix.VerdictSkipped}}
	board.Hotfixes = append(board.Hotfixes, other)
	want := []string{
		"Module | QA | Development",
		"cart | skipped | + misses it compare",
		"checkout | has it | + misses it compare",
	}
	lines(t, table(t, page(t, "/", board), "modules"), want...)
	want[1] = "cart | has it | + misses it compare" // of the one hotfix
	lines(t, table(t, page(t, "/hotfixes/7/34", board), "modules"), want...)
}

func TestEnvironmentsWithNothing(t *testing.T) {
	if text := words(page(t, "/")); !strings.Contains(text, "No repository yet") {
		t.Errorf("no repository: %s", text)
	}
	board := shop()
	board.Hotfixes = nil
	if text := words(page(t, "/", board)); !strings.Contains(text, "No hotfix is in flight") {
		t.Errorf("no hotfix: %s", text)
	}
	if text := words(page(t, "/?repository=nowhere", board)); !strings.Contains(text, "No repository has “nowhere” in its name") {
		t.Errorf("no such repository: %s", text)
	}
}

// names are the repositories of a page, in order.
func names(root *html.Node) []string {
	var out []string
	for _, h2 := range all(root, "h2") {
		out = append(out, words(h2))
	}
	return out
}

// TestManyRepositories: those that wait for a person come first, and the others are
// found by name or page by page.
func TestManyRepositories(t *testing.T) {
	busy, broken := shop(), hotfix.Board{Repository: 9, Name: "zoo/tools", Problems: []hotfix.Problem{{What: "1 mistake in `.github/hotfix.yml`"}}}
	busy.Name = "zoo/shop"
	var boards []hotfix.Board
	for i := range 30 {
		boards = append(boards, hotfix.Board{Repository: hotfix.RepositoryID(100 + i), Name: fmt.Sprintf("acme/calm-%02d", i)})
	}
	boards = append(boards, busy, broken)
	first := page(t, "/", boards...)
	if got := names(first); len(got) != 20 || got[0] != "zoo/tools" || got[1] != "zoo/shop" || got[2] != "acme/calm-00" {
		t.Errorf("the first page has %q", got)
	}
	if text := words(first); !strings.Contains(text, "1 to 20 of 32 repositories") {
		t.Errorf("it does not say what it is: %s", text)
	}
	if got := names(page(t, "/?page=2", boards...)); len(got) != 12 || got[11] != "acme/calm-29" {
		t.Errorf("the second page has %q", got)
	}
	if got := names(page(t, "/?repository=CALM-1", boards...)); len(got) != 10 {
		t.Errorf("by name: %q", got)
	}
	if got := names(page(t, "/?repository=zoo%2Fshop", boards...)); !slices.Equal(got, []string{"zoo/shop"}) {
		t.Errorf("by its whole name: %q", got)
	}
}
