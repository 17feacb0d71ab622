package githubsim

import (
	"html"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// look gets a page as a program that says what it accepts does.
func (w *world) look(path, accept string) *httptest.ResponseRecorder {
	w.t.Helper()
	req := httptest.NewRequest(http.MethodGet, w.url+path, nil)
	req.Header.Set("Accept", accept)
	got := httptest.NewRecorder()
	w.ServeHTTP(got, req)
	return got
}

const browser = "text/html,application/xhtml+xml,*/*;q=0.8"

var anchors = regexp.MustCompile(`(?:href|src)="([^"]*)"`)

// TestTheWebsiteShowsWhatThereIs walks through all pages from the first one.
func TestTheWebsiteShowsWhatThereIs(t *testing.T) {
	w := newWorld(t, TypeOrganization)
	w.pull.Issue.Comments = []*Comment{{ID: 9, Issue: w.pull.Issue, User: w.bob, Body: "Good. See #1, not x#1 or #77.\n<!-- hidden -->"}}
	w.move("refs/tags/v1.0.0", zeroSHA, w.first)
	w.move("refs/heads/release/1.x", zeroSHA, w.first)
	w.repo.Releases = []*Release{{TagName: "v1.0.0", Name: "v1.0.0", Body: "* the first, #2", Repo: w.repo, Author: w.bob, PublishedAt: new(w.clock())}}
	pages := map[string]string{}
	for open := []string{"/acme/shop"}; len(open) > 0; open = open[1:] {
		path, _, _ := strings.Cut(strings.TrimPrefix(open[0], w.url), "#")
		if _, seen := pages[path]; seen {
			continue
		}
		got := w.look(path, browser)
		if to := got.Header().Get("Location"); got.Code == http.StatusFound {
			open = append(open, to)
		} else if got.Code != http.StatusOK || !strings.HasPrefix(got.Header().Get("Content-Type"), "text/html") {
			t.Errorf("%s: %d %s", path, got.Code, got.Body)
		}
		pages[path] = html.UnescapeString(got.Body.String())
		for _, link := range anchors.FindAllStringSubmatch(got.Body.String(), -1) {
			open = append(open, html.UnescapeString(link[1]))
		}
	}
	pages["/compare"] = html.UnescapeString(w.look("/acme/shop/compare/main...hotfix/cart", "*/*").Body.String())
	for path, says := range map[string][]string{
		"/acme/shop/issues/1":              {"Carts lose items", "open", "Every second one.", "bob"},
		"/acme/shop/pull/2":                {"Fix the cart", `id="issuecomment-9"`, `<a href="/acme/shop/issues/1">#1</a>, not x#1 or #77.`, "+3", "cart.txt"},
		"/acme/shop/commit/" + w.second:    {"Add a cart", "It is small.", "Alice", "+2"},
		"/acme/shop/releases/tag/v1.0.0":   {"Release v1.0.0", "latest", "<li>the first, <a"},
		"/acme/shop/tree/release/1.x":      {"base.txt", "Begin"},
		"/acme/shop/tree/main":             {"cart.txt", "Add a cart"},
		"/compare":                         {"has 1 commit that", "Fix the cart", "-2", "+3"},
		"/acme/shop/tree/" + "hotfix/cart": {"cart.txt"},
		"/acme/shop/issues/" + "2":         nil, // leads to the pull request
	} {
		page, seen := pages[path]
		if !seen {
			t.Errorf("nothing leads to %s", path)
		}
		for _, words := range says {
			if !strings.Contains(page, words) {
				t.Errorf("%s does not say %q:\n%s", path, words, page)
			}
		}
		if strings.Contains(page, "hidden") {
			t.Errorf("%s shows a hidden comment", path)
		}
	}
	if got := w.Violations(); len(got) > 0 {
		t.Errorf("unknown: %v", got)
	}
}

// TestTheWebsiteEscapes plants what would be HTML, scripts or other sites.
func TestTheWebsiteEscapes(t *testing.T) {
	w := newWorld(t, TypeUser)
	w.issue.Title = `<script>alert("title")</script>`
	w.issue.Body = "<img src=x onerror=alert(1)>\n\n<script>alert(2)</script>\n\n[a](javascript:alert(3)) [b](https://evil.example/x) ![c](https://evil.example/y.png) <https://evil.example/z> [d](" + w.url + ".evil.example/)"
	page := w.look("/acme/shop/issues/1", browser).Body.String()
	for _, link := range anchors.FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(link[1], "/acme/shop") {
			t.Errorf("it links to %s", link[1])
		}
	}
	if regexp.MustCompile(`(?i)<(script|img)|<[^>]*\son\w+=`).MatchString(page) {
		t.Errorf("it holds what people wrote as HTML:\n%s", page)
	}
	if !strings.Contains(page, "&lt;script&gt;alert(&#34;title&#34;)&lt;/script&gt;") {
		t.Errorf("the title is not shown:\n%s", page)
	}
}

// TestTheWebsiteShowsNobodyMore: what is private or absent is the same page, and what is no
// browser's request stays an unknown one.
func TestTheWebsiteShowsNobodyMore(t *testing.T) {
	w := newWorld(t, TypeUser)
	absent := strings.ReplaceAll(w.look("/acme/other/issues/1", browser).Body.String(), "other", "shop")
	w.repo.Private = true
	hidden := w.look("/acme/shop/issues/1", browser)
	if hidden.Code != http.StatusNotFound || hidden.Body.String() != absent {
		t.Errorf("private: %d\n%s\nabsent:\n%s", hidden.Code, hidden.Body, absent)
	}
	w.repo.Private = false
	for _, path := range []string{"/issues/3", "/issues/x", "/pull/77", "/commit/" + strings.Repeat("0", 40), "/compare/main", "/compare/main...no", "/releases/tag/v9", "/tree/no", "/tree/-x"} {
		if got := w.look("/acme/shop"+path, browser); got.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, got.Code)
		}
	}
	before := len(w.Violations())
	unknown := []string{"/acme/shop/pull/2", "/acme/shop", "/repos/acme/pull/2"}
	for _, path := range unknown {
		if got := w.look(path, "application/vnd.github+json"); got.Code != http.StatusNotImplemented {
			t.Errorf("%s as JSON: %d", path, got.Code)
		}
	}
	if got := w.Violations()[before:]; len(got) != len(unknown) || slices.Contains(got, "") {
		t.Errorf("unknown: %v", got)
	}
}
