package metrics

import (
	"net/http"
	"slices"
	"strings"
)

// Transport counts the requests to GitHub that go through it. nil: net/http's.
func (m *Metrics) Transport(base http.RoundTripper) http.RoundTripper {
	if base == nil {
		base = http.DefaultTransport
	}
	return counting{base: base, m: m}
}

type counting struct {
	base http.RoundTripper
	m    *Metrics
}

// RoundTrip implements http.RoundTripper.
func (c counting) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.base.RoundTrip(req)
	c.m.requests.WithLabelValues(method(req.Method), route(req.URL.Path), fate(resp, err)).Inc()
	return resp, err
}

func method(name string) string {
	switch name {
	case http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodPut, http.MethodDelete:
		return name
	}
	return "other"
}

// words are what may stand in a route; all else in a path is somebody's name, a number
// or an id.
var words = strings.Fields(`access_tokens app assignees check-runs collaborators comments commits compare contents
	deliveries deployments git graphql heads hook installation installations issues labels latest login merge oauth permission
	pulls reactions ref refs releases repos repositories requested_reviewers reviews rules rulesets statuses tags trees
	user users`)

// free are the words after which a name has any number of parts, which may be words, too.
var free = []string{"compare", "contents", "heads", "labels", "tags"}

// mostParts bounds the length of a route.
const mostParts = 8

// route is a path with "*" in place of names. A repository may be called "pulls", so
// that its name is never taken for a word.
func route(path string) string {
	parts := strings.Split(strings.Trim(strings.TrimPrefix(path, "/api/v3"), "/"), "/")
	var out strings.Builder
	for i, part := range parts[:min(len(parts), mostParts)] {
		named := parts[0] == "repos" && (i == 1 || i == 2)
		if i > 3 && slices.Contains(free, parts[i-1]) {
			out.WriteString("/*")
			break
		}
		if named || !slices.Contains(words, part) {
			part = "*"
		}
		out.WriteString("/" + part)
	}
	return out.String()
}

// fate is what became of a request.
func fate(resp *http.Response, err error) string {
	switch {
	case err != nil:
		return "lost"
	case resp.StatusCode == http.StatusNotModified:
		return "unchanged"
	case resp.StatusCode < http.StatusBadRequest:
		return "ok"
	case resp.StatusCode == http.StatusTooManyRequests, resp.Header.Get("Retry-After") != "",
		resp.StatusCode == http.StatusForbidden && resp.Header.Get("X-Ratelimit-Remaining") == "0":
		return "limited"
	case resp.StatusCode == http.StatusNotFound:
		return "missing"
	case resp.StatusCode < http.StatusInternalServerError:
		return "refused"
	}
	return "failed"
}
