package dashboard_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestFrontShowsTheStory(t *testing.T) {
	got := get(t, pages(t, config(shelf{boards: []hotfix.Board{shop()}})), http.MethodGet, "/")
	if got.status != http.StatusOK || !strings.HasPrefix(got.header.Get("Content-Type"), "text/html") {
		t.Fatalf("%d %v", got.status, got.header)
	}
	tables := all(got.tree(t), "table")
	if len(tables) != 2 {
		t.Fatalf("%d tables", len(tables))
	}
	wantEnvironments := []string{
		"Environment | Version | Hotfixes",
		"Production main | 1.7.1+ compare | not solved: v1.7.1",
		"QA qa | 1.8.0+ compare | nothing missing",
		"Development dev | 1.9.0 | misses v1.7.1",
	}
	if lines := rows(tables[0]); !slices.Equal(lines, wantEnvironments) {
		t.Errorf("environments:\n%s", strings.Join(lines, "\n"))
	}
	wantHotfixes := []string{
		"Hotfix | Release | QA | Development | State",
		"#34 Stop losing items alice, 2026-03-02 08:34 UTC · history | v1.7.1 | contained #41, merged by bob as 4f2d9a7 | conflicted #42 waits for a person to resolve it | open",
		"#30 An older fix bob, 2026-03-01 08:34 UTC · history | v1.7.0 | contained Picking it there changes nothing at 4f2d9a7 | contained Picking it there changes nothing at 4f2d9a7 | solved",
	}
	if lines := rows(tables[1]); !slices.Equal(lines, wantHotfixes) {
		t.Errorf("hotfixes:\n%s", strings.Join(lines, "\n"))
	}
}

func TestOnlyTheLandingEnvironmentIsRed(t *testing.T) {
	got := get(t, pages(t, config(shelf{boards: []hotfix.Board{shop()}})), http.MethodGet, "/")
	var red []string
	for _, a := range all(got.tree(t), "a") {
		if class := strings.Fields(attribute(a, "class")); slices.Contains(class, "version") && slices.Contains(class, "red") {
			red = append(red, words(a))
		}
	}
	if !slices.Equal(red, []string{"1.7.1+"}) {
		t.Errorf("red are %q", red)
	}
}

func TestFrontLinksToGitHub(t *testing.T) {
	board := shop()
	board.Environments[2].Branch = "release/dev #1"
	got := get(t, pages(t, config(shelf{boards: []hotfix.Board{board}})), http.MethodGet, "/")
	var links []string
	for _, a := range all(got.tree(t), "a") {
		links = append(links, attribute(a, "href"))
	}
	for _, want := range []string{
		"https://github.test/acme/shop",
		"https://github.test/acme/shop/pull/34",
		"https://github.test/acme/shop/pull/41",
		"https://github.test/acme/shop/commit/" + string(landed),
		"https://github.test/acme/shop/releases/tag/v1.7.1",
		"https://github.test/acme/shop/compare/v1.7.1...main",
		"https://github.test/acme/shop/tree/release/dev%20%231",
		"/hotfixes/7/34",
	} {
		if !slices.Contains(links, want) {
			t.Errorf("no link to %s", want)
		}
	}
}

func TestFrontShowsEachApplication(t *testing.T) {
	board := shop()
	board.Environments[0].Runs = []hotfix.Running{
		{Application: "shop", Version: "1.7.1", Tag: "shop-v1.7.1"}, {Application: "api", Version: "2.0.4", Tag: "api-v2.0.4", Mark: "+"},
	}
	board.Hotfixes[1].Versions = []hotfix.Tagged{{Application: "shop", Tag: "shop-v1.7.1"}, {Application: "api", Tag: "api-v2.0.4"}}
	root := get(t, pages(t, config(shelf{boards: []hotfix.Board{board}})), http.MethodGet, "/").tree(t)
	tables := all(root, "table")
	if got, want := rows(tables[0])[1], "Production main | shop 1.7.1api 2.0.4+ compare | not solved: shop-v1.7.1, api-v2.0.4"; got != want {
		t.Errorf("the environment reads %q", got)
	}
	if got := rows(tables[1])[1]; !strings.Contains(got, "| shop-v1.7.1, api-v2.0.4 |") {
		t.Errorf("the hotfix reads %q", got)
	}
}

func TestFrontWithPreProductionAndGaps(t *testing.T) {
	board := shop()
	board.Environments = []hotfix.EnvironmentState{
		{Environment: hotfix.Environment{Name: "Production", Branch: "main"}, Runs: []hotfix.Running{{Version: "1.7.0", Tag: "v1.7.0"}}},
		{Environment: hotfix.Environment{Name: "Pre-Production", Branch: "preprod", Landing: true}, Red: true},
		{Environment: hotfix.Environment{Name: "Staging", Branch: "staging"}, Runs: []hotfix.Running{{Version: "1.8.0", Tag: "v1.8.0"}}},
		{Environment: hotfix.Environment{Name: "Development", Branch: "dev"}, Absent: true},
	}
	forced := board.Hotfixes[1]
	forced.Key.Pull, forced.Versions, forced.State = 35, []hotfix.Tagged{{}}, hotfix.StateForced
	board.Hotfixes = append(board.Hotfixes, forced)
	board.Problems = []hotfix.Problem{{What: "the branch `dev` does not exist", Remedy: "create it"}}
	board.Notes = []string{"`remind` has no effect yet"}
	root := get(t, pages(t, config(shelf{boards: []hotfix.Board{board}})), http.MethodGet, "/").tree(t)
	want := []string{
		"Environment | Version | Hotfixes",
		"Production main | 1.7.0 | –",
		"Pre-Production preprod | no release | not solved: v1.7.1, #35 forced",
		"Staging staging | 1.8.0 | nothing missing",
		"Development dev | no such branch | misses v1.7.1, #35 forced",
	}
	tables := all(root, "table")
	if lines := rows(tables[0]); !slices.Equal(lines, want) {
		t.Errorf("environments:\n%s", strings.Join(lines, "\n"))
	}
	if line := rows(tables[1])[1]; !strings.Contains(line, "v1.7.1 | not asked for | conflicted") {
		t.Errorf("an environment without a standing: %s", line)
	}
	var items []string
	for _, li := range all(root, "li") {
		items = append(items, words(li))
	}
	if want := []string{"The branch dev does not exist. Remedy: Create it.", "remind has no effect yet."}; !slices.Equal(items, want) {
		t.Errorf("problems and notes: %q", items)
	}
}

func TestFrontWithNothing(t *testing.T) {
	if got := get(t, pages(t, config(shelf{})), http.MethodGet, "/"); !strings.Contains(got.body, "No repository yet") {
		t.Errorf("no repository: %s", got.body)
	}
	board := shop()
	board.Hotfixes = nil
	if got := get(t, pages(t, config(shelf{boards: []hotfix.Board{board}})), http.MethodGet, "/"); !strings.Contains(got.body, "No hotfix yet") {
		t.Errorf("no hotfix: %s", got.body)
	}
}

func TestOldHotfixesAreFoldedAway(t *testing.T) {
	board := shop()
	for i := range 20 {
		board.Hotfixes = append(board.Hotfixes, solvedOne(i+1, fmt.Sprintf("v1.6.%d", i)))
	}
	root := get(t, pages(t, config(shelf{boards: []hotfix.Board{board}})), http.MethodGet, "/").tree(t)
	details := all(root, "details")
	if len(details) != 1 || words(all(details[0], "summary")[0]) != "16 older hotfixes, finished" {
		t.Fatalf("%d details", len(details))
	}
	if shown := rows(all(root, "table")[1]); len(shown) != 1+1+5 || !strings.HasPrefix(shown[1], "#34 ") || !strings.HasPrefix(shown[2], "#30 ") {
		t.Errorf("shown:\n%s", strings.Join(shown, "\n"))
	}
	if folded := rows(all(details[0], "table")[0]); len(folded) != 1+16 {
		t.Errorf("folded away: %d", len(folded)-1)
	}
}

func TestSeveralRepositoriesHaveAnOverview(t *testing.T) {
	calm, broken := shop(), hotfix.Board{Repository: 9, Name: "acme/tools", Problems: []hotfix.Problem{{What: "1 mistake in `.github/hotfix.yml`"}}}
	calm.Repository, calm.Name, calm.Hotfixes = 8, "acme/docs", nil
	root := get(t, pages(t, config(shelf{boards: []hotfix.Board{shop(), calm, broken}})), http.MethodGet, "/").tree(t)
	var items []string
	for _, li := range all(all(root, "nav")[0], "li") {
		items = append(items, words(li))
	}
	want := []string{"acme/shop 1 in flight", "acme/docs nothing in flight", "acme/tools waits for you"}
	if !slices.Equal(items, want) {
		t.Errorf("overview: %q", items)
	}
}
