package contract

import (
	"net/url"
	"strings"
)

// route is the path of an operation, cut into segments.
type route struct {
	name     string // "GET /repos/{owner}/{repo}/git/ref/{ref+}", as in the description
	method   string
	template string // the path as OpenAPI writes it: without the +
	segments []string
	literals int
}

// newRoute reads the name of an operation.
func newRoute(name string) route {
	method, path, _ := strings.Cut(name, " ")
	r := route{name: name, method: method, segments: segments(path), template: strings.ReplaceAll(path, "+}", "}")}
	for _, s := range r.segments {
		if !isParameter(s) {
			r.literals++
		}
	}
	return r
}

// segments cuts an escaped path at its slashes.
func segments(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }

func isParameter(segment string) bool { return strings.HasPrefix(segment, "{") }

// isMulti tells a parameter whose value may hold slashes, such as a ref.
func isMulti(segment string) bool { return strings.HasSuffix(segment, "+}") }

// match lays a path's segments on the route's. What it gives has one element for each segment of
// the route, still escaped, with the slashes of multi-segment values escaped too.
func (r route) match(path []string) ([]string, bool) {
	extra := len(path) - len(r.segments)
	if extra < 0 {
		return nil, false
	}
	out := make([]string, 0, len(r.segments))
	for _, s := range r.segments {
		n := 1
		if isMulti(s) {
			n, extra = 1+extra, 0
		}
		value := strings.Join(path[:n], "%2F")
		if value == "" && isParameter(s) || value != s && !isParameter(s) {
			return nil, false
		}
		out, path = append(out, value), path[n:]
	}
	return out, len(path) == 0
}

// routes finds the operation of a request, by method.
type routes map[string][]route

func newRoutes(names []string) routes {
	all := routes{}
	for _, n := range names {
		r := newRoute(n)
		all[r.method] = append(all[r.method], r)
	}
	return all
}

// find gives the operation of a request and the escaped path under which the validator can match
// it. Where several match, the one with most literal segments is GitHub's: commits/x/status is
// the status of x, not the commit "x/status".
func (all routes) find(method, escaped string) (found route, path string, ok bool) {
	parts := segments(escaped)
	for _, r := range all[method] {
		if ok && r.literals <= found.literals {
			continue
		}
		if values, fits := r.match(parts); fits {
			found, path, ok = r, "/"+strings.Join(values, "/"), true
		}
	}
	return found, path, ok
}

// withPath gives a URL the escaped path.
func withPath(u *url.URL, escaped string) (*url.URL, error) {
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, err
	}
	out := *u
	out.Path, out.RawPath = plain, escaped
	return &out, nil
}
