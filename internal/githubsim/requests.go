package githubsim

import (
	"net/http"
	"time"
)

// Request is a line of the request log.
type Request struct {
	Seq    int // from 1
	Time   time.Time
	Actor  string // login, or the App's slug when the App itself asks; "" = anonymous
	Method string
	Path   string
	Status int // 0 when the connection was dropped without an answer
	Write  bool
}

// Requests gives the log of all requests so far, oldest first.
func (g *GitHub) Requests() []Request {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]Request(nil), g.requests...)
}

// Mark gives the number of the latest request; Requests()[Mark():] are those after it.
func (g *GitHub) Mark() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.requests)
}

// Violations lists the requests that the simulator does not know. A test fails unless it is
// empty.
func (g *GitHub) Violations() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return append([]string(nil), g.violations...)
}

// note keeps a request in the log. The lock is held.
func (g *GitHub) note(r *http.Request, path string, who Actor, status int, write bool) {
	g.requests = append(g.requests, Request{
		Seq: len(g.requests) + 1, Time: g.clock(), Actor: who.name(),
		Method: r.Method, Path: path, Status: status, Write: write,
	})
}

// name is the actor as the log knows it.
func (a Actor) name() string {
	switch {
	case a.User != nil:
		return a.User.Login
	case a.App != nil:
		return a.App.Slug
	}
	return ""
}
