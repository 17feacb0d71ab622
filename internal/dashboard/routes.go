package dashboard

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"runtime/debug"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// policy lets a page load its own style sheet, icon and script, ask its own server,
// and nothing else at all: nothing inline, no frame, no other host.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// routes is what is served. What stands before the gate is for everybody.
func (p *Pages) routes() *gin.Engine {
	gin.SetMode(gin.ReleaseMode) // else gin prints its routes
	router := gin.New()
	router.HandleMethodNotAllowed = true
	router.RedirectTrailingSlash = false
	router.Use(p.recover, protect)
	read(router, "/healthz", p.health)
	read(router, "/readyz", p.ready)
	read(router, "/metrics", p.metrics)
	read(router, "/badge/:owner/:repository/*environment", p.badge)
	read(router, "/api/v1/openapi.json", p.openAPI)
	router.Use(p.gate)
	read(router, "/", p.environments)
	read(router, "/hotfixes", p.hotfixes)
	read(router, "/hotfixes/:repository/:pull", p.hotfix)
	read(router, "/deliveries", p.operators, p.deliveries)
	router.POST("/deliveries/:guid/replay", p.operators, p.ownForm, p.replay)
	p.routePeople(router)
	router.GET("/live", p.live)
	p.routeAPI(router)
	read(router, "/assets/style.css", asset("text/css; charset=utf-8"))
	read(router, "/assets/icon.svg", asset("image/svg+xml"))
	read(router, "/assets/live.js", asset("text/javascript; charset=utf-8"))
	router.NoRoute(p.nothing)
	router.NoMethod(func(c *gin.Context) { p.fail(c, http.StatusMethodNotAllowed, "This can only be read.") })
	return router
}

// read serves GET and HEAD; gin would answer 405 to HEAD.
func read(router *gin.Engine, route string, handle ...gin.HandlerFunc) {
	router.GET(route, handle...)
	router.HEAD(route, handle...)
}

// routePeople is what there is for people who sign in.
func (p *Pages) routePeople(router *gin.Engine) {
	if p.config.SignIn == nil {
		return
	}
	read(router, "/sign-in", p.signIn)
	router.GET("/sign-in/github", p.signInAtGitHub)
	router.GET("/sign-in/callback", p.callback)
	router.POST("/hotfixes/:repository/:pull/ask", p.ownForm, p.ask)
	read(router, "/tokens", p.tokens)
	router.POST("/tokens", p.ownForm, p.issueToken)
	router.POST("/tokens/:id/revoke", p.ownForm, p.revokeToken)
	router.POST("/sign-out", p.ownForm, p.signOut)
}

// protect sets the headers that every answer has. Boards change at any time and
// are not for other sites: nothing is cached, framed or embedded.
func protect(c *gin.Context) {
	header := c.Writer.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Cross-Origin-Resource-Policy", "same-origin")
	header.Set("Cache-Control", "no-store")
}

// asset serves the embedded file that has the route's name.
func asset(kind string) gin.HandlerFunc {
	return func(c *gin.Context) {
		body, err := assets.ReadFile("assets/" + path.Base(c.FullPath()))
		if err != nil {
			c.Status(http.StatusNotFound)
			return
		}
		c.Data(http.StatusOK, kind, body)
	}
}

// nothing is the answer where there is nothing, or nothing for who asks.
func (p *Pages) nothing(c *gin.Context) {
	p.fail(c, http.StatusNotFound, "There is nothing at this address.")
}

// broken answers what could not be read: somebody has to sign in again, GitHub does not
// say who may see what, or, with 500, anything else. The error may name files, so only
// the log gets it.
func (p *Pages) broken(c *gin.Context, err error) {
	if gone := c.Request.Context().Err(); gone != nil && errors.Is(err, gone) {
		c.Abort()
		return // the client is gone
	}
	out, github := (*hotfix.SignedOut)(nil), (*unasked)(nil)
	switch {
	case errors.As(err, &out):
		p.signedOut(c)
		return
	case errors.As(err, &github):
		p.unanswered(c, err)
		return
	}
	p.config.Log.Error().Err(err).Str("route", c.FullPath()).Msg("a page could not be shown")
	p.fail(c, http.StatusInternalServerError, "This could not be read. The log says why; loading the page again may help.")
}

// fail answers with one sentence: as JSON under /api, else as a page.
func (p *Pages) fail(c *gin.Context, status int, sentence string) {
	c.Abort()
	if isAPI(c.Request) {
		c.JSON(status, gin.H{"error": sentence})
		return
	}
	title := http.StatusText(status)
	if status == http.StatusInternalServerError {
		title = "Something went wrong"
	}
	p.show(c, status, "fault.html", page{Title: title, Body: fault{Says: sentence, Back: "/", To: "All environments"}})
}

// fault is a page with one sentence, and the way back.
type fault struct{ Says, Back, To string }

// refuse tells somebody why what they asked for on a hotfix's page is not done.
func (p *Pages) refuse(c *gin.Context, status int, back, sentence string) {
	c.Abort()
	p.show(c, status, "fault.html", page{Title: "Nothing was done", Body: fault{Says: sentence, Back: back, To: "Back to the hotfix"}})
}

// misread tells somebody that the address asks for what there is not, and leads to all that
// there is.
func (p *Pages) misread(c *gin.Context, to, all, sentence string) {
	c.Abort()
	p.show(c, http.StatusBadRequest, "fault.html", page{Title: http.StatusText(http.StatusBadRequest), Body: fault{Says: sentence, Back: to, To: all}})
}

// recover answers 500 where a handler panicked. gin's own would write the
// request's headers to the log.
func (p *Pages) recover(c *gin.Context) {
	defer func() {
		if cause := recover(); cause != nil {
			p.config.Log.Error().Str("panic", fmt.Sprint(cause)).Bytes("stack", debug.Stack()).Msg("a page panicked")
			c.AbortWithStatus(http.StatusInternalServerError)
		}
	}()
	c.Next()
}
