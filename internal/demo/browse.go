package demo

import (
	"net/http"
	"regexp"
	"strings"
)

// pages are what the bot's texts and its page link to on GitHub, and what the
// REST API has of it. The simulated GitHub has no pages of its own.
var pages = []struct {
	page *regexp.Regexp
	rest string
}{
	{regexp.MustCompile(`^/([^/]+/[^/]+)/pull/(\d+)$`), "/repos/$1/pulls/$2"},
	{regexp.MustCompile(`^/([^/]+/[^/]+)/issues/(\d+)$`), "/repos/$1/issues/$2"},
	{regexp.MustCompile(`^/([^/]+/[^/]+)/releases/tag/(.+)$`), "/repos/$1/git/ref/tags/$2"},
	{regexp.MustCompile(`^/([^/]+/[^/]+)/commit/([0-9a-f]+)$`), "/repos/$1/commits/$2"},
	{regexp.MustCompile(`^/([^/]+/[^/]+)/compare/(.+)$`), "/repos/$1/compare/$2"},
	{regexp.MustCompile(`^/([^/]+/[^/]+)/tree/(.+)$`), "/repos/$1/branches/$2"},
	{regexp.MustCompile(`^/(` + repository + `)/?$`), "/repos/$1"},
}

// browsable sends a browser that follows a link to what there is to see: the
// JSON of the same thing.
func browsable(github http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && strings.Contains(r.Header.Get("Accept"), "text/html") {
			for _, p := range pages {
				if p.page.MatchString(r.URL.Path) {
					http.Redirect(w, r, p.page.ReplaceAllString(r.URL.Path, p.rest), http.StatusFound)
					return
				}
			}
		}
		github.ServeHTTP(w, r)
	})
}
