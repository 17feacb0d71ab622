package githubsim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxBody is the greatest request that is read, in bytes: pushes of tests are small.
const maxBody = 256 << 20

// ServeHTTP answers REST, GraphQL and git, all on one root.
func (g *GitHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	switch f := g.faultOf(r, body); {
	case f.Drop:
		g.noteFault(r, 0)
		panic(http.ErrAbortHandler) // net/http's way to close without an answer
	case f.Lose:
		g.dispatch(&lost{header: http.Header{}}, r)
		panic(http.ErrAbortHandler)
	case f.Status != 0:
		g.noteFault(r, f.Status)
		for k, v := range f.Header {
			w.Header()[k] = v
		}
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, f.Body)
	default:
		g.dispatch(w, r)
	}
}

func (g *GitHub) faultOf(r *http.Request, body []byte) Fault {
	if g.fault == nil {
		return Fault{}
	}
	return g.fault(r, body)
}

// noteFault keeps a request that had no effect in the log.
func (g *GitHub) noteFault(r *http.Request, status int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	who, _, _ := g.authenticate(r)
	g.note(r, r.URL.EscapedPath(), who, status, false)
}

// lost is the writer of an answer that nobody gets.
type lost struct{ header http.Header }

func (l *lost) Header() http.Header         { return l.header }
func (l *lost) Write(p []byte) (int, error) { return len(p), nil }
func (l *lost) WriteHeader(int)             {}

// dispatch routes a request; "/repositories/ID/…" is another name for "/repos/o/r/…".
func (g *GitHub) dispatch(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/repositories/") {
		r = g.byRepositoryID(r)
	}
	g.router.ServeHTTP(w, r)
}

// byRepositoryID rewrites the path of a request that names a repository by number. One that
// names none stays, and finds no route.
func (g *GitHub) byRepositoryID(r *http.Request) *http.Request {
	g.mu.Lock()
	defer g.mu.Unlock()
	id, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.EscapedPath(), "/repositories/"), "/")
	name := "-/" + id
	for _, repo := range g.repos {
		if fmt.Sprint(repo.ID) == id {
			name = repo.FullName()
		}
	}
	raw := "/repos/" + name
	if rest != "" {
		raw += "/" + rest
	}
	path, err := url.PathUnescape(raw)
	if err != nil {
		return r
	}
	r2 := r.Clone(r.Context())
	r2.URL.Path, r2.URL.RawPath = path, ""
	if raw != path {
		r2.URL.RawPath = raw
	}
	return r2
}

// serve runs one REST request under the lock. A client that goes away meanwhile undoes
// nothing: the work is done to its end.
func (g *GitHub) serve(w http.ResponseWriter, r *http.Request, rt route, param func(string) string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client is gone
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	c := &call{
		GitHub: g, ctx: context.WithoutCancel(r.Context()), req: r, body: body, query: r.URL.Query(), param: param,
		write: r.Method != http.MethodGet && r.Method != http.MethodHead,
	}
	a, err := g.perform(c, rt)
	if err != nil {
		a = errorAnswer(err)
	}
	if a.status == http.StatusNotImplemented { // a part of an operation that is not simulated
		g.violations = append(g.violations, r.Method+" "+r.URL.EscapedPath())
	}
	for k, v := range g.rateHeaders(c.actor) {
		w.Header()[k] = v
	}
	status := g.send(w, r, a)
	if status == http.StatusNotModified {
		g.refund(c.actor)
	}
	g.note(r, r.URL.EscapedPath(), c.actor, status, c.write)
}

// perform authenticates, finds the repository, admits and runs.
func (g *GitHub) perform(c *call, rt route) (answer, error) {
	var err error
	if c.actor, c.token, err = g.authenticate(c.req); err != nil {
		return answer{}, err
	}
	if err := c.spend(c); err != nil {
		return answer{}, err
	}
	if owner := c.param("owner"); owner != "" {
		repo, elsewhere := g.findRepo(owner, c.param("repo"))
		if repo == nil {
			return answer{}, errNotFound
		}
		if elsewhere && sees(c.actor, c.token, repo) {
			return c.redirect(repo), nil
		}
		c.repo = repo
	}
	if err := c.admit(rt.need); err != nil {
		return answer{}, err
	}
	return rt.run(c)
}

// redirect leads from a repository's former name to its number, as GitHub does.
func (c *call) redirect(repo *Repo) answer {
	path := c.req.URL.EscapedPath()
	rest := strings.SplitN(path, "/", 5) // "", "repos", owner, name, rest
	to := fmt.Sprintf("%s/repositories/%d", c.url, repo.ID)
	if len(rest) == 5 {
		to += "/" + rest[4]
	}
	if c.req.URL.RawQuery != "" {
		to += "?" + c.req.URL.RawQuery
	}
	a := moved(to)
	if c.write {
		a.status = http.StatusTemporaryRedirect
	}
	c.write = false
	return a
}

// errorAnswer turns an error of a handler into an answer. What is no refusal is a fault of
// the simulator itself.
func errorAnswer(err error) answer {
	var r *refusal
	switch {
	case errors.As(err, &r):
		return r.answer()
	case missing(err):
		return errNotFound.answer()
	}
	return answer{status: http.StatusInternalServerError, body: object{
		"message": "Server Error: " + err.Error(), "documentation_url": docs, "status": "500",
	}}
}
