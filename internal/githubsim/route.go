package githubsim

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"
)

// route is one operation of the REST API.
type route struct {
	method, path string
	need         need
	run          func(*call) (answer, error)
}

// routes is everything that is served, but git.
func (g *GitHub) routes() []route {
	var all []route
	for _, group := range [][]route{
		metaRoutes(), appRoutes(), manifestRoutes(), userRoutes(), installationRoutes(), repoRoutes(), collaboratorRoutes(),
		contentRoutes(), branchRoutes(), commitRoutes(), gitDataRoutes(), ruleRoutes(),
		issueRoutes(), commentRoutes(), labelRoutes(), milestoneRoutes(), reactionRoutes(),
		pullRoutes(), reviewRoutes(), checkRoutes(), releaseRoutes(), deploymentRoutes(), deliveryRoutes(), graphQLRoutes(),
	} {
		all = append(all, group...)
	}
	return all
}

// newRouter makes the gin engine. Clients percent-encode slashes of refs and paths or do
// not: routing sees the path as it was sent, and parameters are decoded after.
func (g *GitHub) newRouter() http.Handler {
	gin.SetMode(gin.ReleaseMode)
	e := gin.New()
	e.UseRawPath = true
	e.UnescapePathValues = false
	e.RedirectTrailingSlash = false
	for path, tails := range byPath(g.routes()) {
		e.Any(path, func(gc *gin.Context) { g.choose(gc, tails) })
	}
	e.GET("/:owner/:repo/info/refs", func(gc *gin.Context) { g.gitAdvertise(gc.Writer, gc.Request, params(gc)) })
	e.POST("/:owner/:repo/git-upload-pack", func(gc *gin.Context) { g.gitUpload(gc.Writer, gc.Request, params(gc)) })
	e.POST("/:owner/:repo/git-receive-pack", func(gc *gin.Context) { g.gitReceive(gc.Writer, gc.Request, params(gc)) })
	g.website(e)
	g.browse(e)
	e.NoRoute(func(gc *gin.Context) { g.unknown(gc.Writer, gc.Request) })
	return e
}

// website is what people see in a browser: no part of the REST API.
func (g *GitHub) website(e *gin.Engine) {
	e.GET("/login/oauth/authorize", func(gc *gin.Context) { g.authorize(gc.Writer, gc.Request) })
	e.POST("/login/oauth/authorize", func(gc *gin.Context) { g.authorized(gc.Writer, gc.Request) })
	e.POST("/login/oauth/access_token", func(gc *gin.Context) { g.accessToken(gc.Writer, gc.Request) })
	for _, account := range []string{"", "/organizations/:organization"} {
		e.POST(account+"/settings/apps/new", func(gc *gin.Context) { g.newApp(gc.Writer, gc.Request, gc.Param("organization")) })
		e.POST(account+"/settings/apps", func(gc *gin.Context) { g.createApp(gc.Writer, gc.Request, gc.Param("organization")) })
	}
	e.GET("/favicon.ico", func(gc *gin.Context) { gc.Status(http.StatusNoContent) }) // browsers ask for it
	e.GET("/apps/:slug/installations/new", func(gc *gin.Context) { g.newInstallation(gc.Writer, gc.Request, gc.Param("slug")) })
	e.POST("/apps/:slug/installations/new", func(gc *gin.Context) { g.createInstallation(gc.Writer, gc.Request, gc.Param("slug")) })
}

// byPath groups routes by the path that gin knows. What follows a catch-all, as in
// "/commits/*ref/check-runs", is compared by choose, since gin knows nothing after one.
func byPath(all []route) map[string][]route {
	groups := map[string][]route{}
	for _, r := range all {
		head, _ := splitTail(r.path)
		groups[head] = append(groups[head], r)
	}
	return groups
}

// splitTail gives the part of a pattern up to its catch-all, and the segment after it.
func splitTail(pattern string) (head, tail string) {
	star := strings.Index(pattern, "/*")
	if star < 0 {
		return pattern, ""
	}
	end := strings.IndexByte(pattern[star+2:], '/')
	if end < 0 {
		return pattern, ""
	}
	return pattern[:star+2+end], pattern[star+2+end:]
}

// choose finds the route by method and by what follows the catch-all.
func (g *GitHub) choose(gc *gin.Context, group []route) {
	param, method := params(gc), gc.Request.Method
	if method == http.MethodHead {
		method = http.MethodGet // net/http leaves the body out
	}
	var found *route
	for _, rt := range group {
		head, tail := splitTail(rt.path)
		if rt.method != method || found != nil && tail == "" {
			continue
		}
		if tail == "" {
			found = &rt
			continue
		}
		star := head[strings.Index(head, "/*")+2:]
		if rest, ok := strings.CutSuffix(gc.Param(star), tail); ok && rest != "" {
			found = &rt
			param = replaceParam(param, star, decode(gc, rest))
		}
	}
	if found == nil {
		g.unknown(gc.Writer, gc.Request)
		return
	}
	g.serve(gc.Writer, gc.Request, *found, param)
}

// params reads decoded parameters.
func params(gc *gin.Context) func(string) string {
	return func(name string) string { return decode(gc, gc.Param(name)) }
}

func replaceParam(param func(string) string, name, value string) func(string) string {
	return func(n string) string {
		if n == name {
			return value
		}
		return param(n)
	}
}

// decode undoes percent-encoding where gin routed by the encoded path.
func decode(gc *gin.Context, s string) string {
	if gc.Request.URL.RawPath == "" {
		return s
	}
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	return s
}

// unknown answers what the simulator does not have, and remembers it.
func (g *GitHub) unknown(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	what := r.Method + " " + r.URL.EscapedPath()
	g.violations = append(g.violations, what)
	who, _, _ := g.authenticate(r)
	status := g.send(w, r, answer{status: http.StatusNotImplemented, body: object{
		"message": "the simulated GitHub does not know " + what, "documentation_url": docs, "status": "501",
	}})
	g.note(r, r.URL.EscapedPath(), who, status, false)
}
