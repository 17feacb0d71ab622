package githubsim

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// visit is a look at a page of the website. The simulated website signs nobody in: it shows
// what everybody may see, and can only be read. The model's lock is held.
type visit struct {
	*GitHub
	ctx   context.Context
	repo  *Repo
	param func(string) string
}

// sight is what a page shows.
type sight struct {
	Title string
	Repo  *Repo
	Body  any
	name  string // of its template
}

// sights are the pages of a repository, by what follows its name.
var sights = map[string]func(*visit) (sight, error){
	"":                   (*visit).front,
	"/issues/:number":    (*visit).issue,
	"/pull/:number":      (*visit).pull,
	"/commit/*ref":       (*visit).commit,
	"/compare/*basehead": (*visit).compare,
	"/releases/tag/*tag": (*visit).tag,
	"/tree/*ref":         (*visit).tree,
}

// browse serves those pages.
func (g *GitHub) browse(e *gin.Engine) {
	for path, look := range sights {
		e.Match([]string{http.MethodGet, http.MethodHead}, "/:owner/:repo"+path, func(gc *gin.Context) { g.visited(gc, look) })
	}
}

// visited answers a look. What asks for JSON is no browser, and what names no repository and
// does not say that it is one neither: both are requests that the API does not know.
func (g *GitHub) visited(gc *gin.Context, look func(*visit) (sight, error)) {
	accept := gc.GetHeader("Accept")
	page := strings.Contains(accept, "text/html")
	v := &visit{GitHub: g, ctx: context.WithoutCancel(gc.Request.Context()), param: params(gc)}
	g.mu.Lock()
	r, _ := g.findRepo(v.param("owner"), v.param("repo"))
	if r != nil && r.role(nil) >= RoleRead {
		v.repo = r
	}
	if !page && (v.repo == nil || strings.Contains(accept, "json")) {
		g.mu.Unlock()
		g.unknown(gc.Writer, gc.Request)
		return
	}
	defer g.mu.Unlock()
	status, body, elsewhere := v.render(look)
	if elsewhere != nil {
		http.Redirect(gc.Writer, gc.Request, g.url+elsewhere.path, status)
	} else {
		header := gc.Writer.Header()
		header.Set("Content-Type", "text/html; charset=utf-8")
		header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		header.Set("Cache-Control", "no-store")
		gc.Writer.WriteHeader(status)
		_, _ = gc.Writer.Write(body) // the browser went away
	}
	g.note(gc.Request, gc.Request.URL.EscapedPath(), Actor{}, status, false)
}

// away is another page that shows what was asked for.
type away struct{ path string }

func (a *away) Error() string { return "it is at " + a.path }

// render makes the page; what is not there is a page, too.
func (v *visit) render(look func(*visit) (sight, error)) (status int, body []byte, elsewhere *away) {
	shown, status, err := sight{}, http.StatusOK, error(errNotFound)
	if v.repo != nil {
		shown, err = look(v)
	}
	var no *refusal
	switch {
	case err == nil:
	case errors.As(err, &elsewhere):
		return http.StatusFound, nil, elsewhere
	case missing(err), errors.As(err, &no):
		status, shown = http.StatusNotFound, sight{Title: "There is no such page", name: "nothing"}
	default:
		status, shown = http.StatusInternalServerError, sight{Title: "This could not be read", name: "nothing", Body: err.Error()}
	}
	shown.Repo = v.repo
	var page bytes.Buffer
	for _, part := range []string{"top", shown.name, "bottom"} {
		if err := sitePages.ExecuteTemplate(&page, part, shown); err != nil {
			page.WriteString(template.HTMLEscapeString(err.Error()))
			status = http.StatusInternalServerError
		}
	}
	return status, page.Bytes(), nil
}

// number is the number in the address.
func (v *visit) number() int {
	n, err := strconv.Atoi(v.param("number"))
	if err != nil {
		return 0
	}
	return n
}

// rest is the name in the address, which may hold slashes.
func (v *visit) rest(name string) string { return strings.TrimPrefix(v.param(name), "/") }

// path is the address of a page of the repository.
func (v *visit) path(parts ...string) string {
	return "/" + escapePath(v.repo.FullName()+"/"+strings.Join(parts, "/"))
}

//go:embed site.html
var siteText string

var sitePages = template.Must(template.New("site").Funcs(template.FuncMap{
	"short": func(sha string) string { return sha[:min(len(sha), 7)] },
	"path":  escapePath,
	"time":  func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") },
	"hunk":  hunk,
}).Parse(siteText))

// line is a line of a patch, with what it is: "add", "del", "at" or "".
type line struct{ Kind, Text string }

// hunk cuts a patch into lines.
func hunk(patch string) []line {
	var all []line
	for text := range strings.Lines(patch) {
		text = strings.TrimSuffix(text, "\n")
		kind := ""
		switch {
		case strings.HasPrefix(text, "+"):
			kind = "add"
		case strings.HasPrefix(text, "-"):
			kind = "del"
		case strings.HasPrefix(text, "@@"):
			kind = "at"
		}
		all = append(all, line{kind, text})
	}
	return all
}
