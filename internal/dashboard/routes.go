package dashboard

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"runtime/debug"
	"strings"

	"github.com/gin-gonic/gin"
)

// policy lets a page load its own style sheet, icon and script, ask its own server,
// and nothing else at all: nothing inline, no frame, no other host.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// routes is what is served. Whatever stands behind the gate is for this machine.
func (p *Pages) routes() *gin.Engine {
	gin.SetMode(gin.ReleaseMode) // else gin prints its routes
	router := gin.New()
	router.HandleMethodNotAllowed = true
	router.RedirectTrailingSlash = false
	router.Use(p.recover, protect)
	read(router, "/healthz", p.health)
	read(router, "/readyz", p.ready)
	router.Use(p.gate)
	read(router, "/", p.environments)
	read(router, "/hotfixes", p.hotfixes)
	read(router, "/hotfixes/:repository/:pull", p.hotfix)
	read(router, "/deliveries", p.deliveries)
	router.POST("/deliveries/:guid/replay", p.ownForm, p.replay)
	router.GET("/live", p.live)
	read(router, "/api/v1/boards", p.boards)
	read(router, "/assets/style.css", asset("text/css; charset=utf-8"))
	read(router, "/assets/icon.svg", asset("image/svg+xml"))
	read(router, "/assets/live.js", asset("text/javascript; charset=utf-8"))
	router.NoRoute(func(c *gin.Context) { p.fail(c, http.StatusNotFound, "There is nothing at this address.") })
	router.NoMethod(func(c *gin.Context) { p.fail(c, http.StatusMethodNotAllowed, "This can only be read.") })
	return router
}

// read serves GET and HEAD; gin would answer 405 to HEAD.
func read(router *gin.Engine, route string, handle gin.HandlerFunc) {
	router.GET(route, handle)
	router.HEAD(route, handle)
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

// ownForm lets pass only what was sent from a page of the same origin, or by no
// browser at all: another site can make a browser on this machine send a form.
func (p *Pages) ownForm(c *gin.Context) {
	if err := p.origin.Check(c.Request); err != nil {
		p.fail(c, http.StatusForbidden, "This was not sent from a page of the bot's own. Open the page and try it there.")
	}
}

// broken answers 500. The error may name files, so only the log gets it.
func (p *Pages) broken(c *gin.Context, err error) {
	if errors.Is(err, c.Request.Context().Err()) {
		return // the client is gone
	}
	p.config.Log.Error().Err(err).Str("route", c.FullPath()).Msg("a page could not be shown")
	p.fail(c, http.StatusInternalServerError, "This could not be read. The log says why; loading the page again may help.")
}

// fail answers with one sentence: as JSON under /api, else as a page.
func (p *Pages) fail(c *gin.Context, status int, sentence string) {
	c.Abort()
	if strings.HasPrefix(c.Request.URL.Path, "/api/") {
		c.JSON(status, gin.H{"error": sentence})
		return
	}
	title := http.StatusText(status)
	if status == http.StatusInternalServerError {
		title = "Something went wrong"
	}
	p.show(c, status, "fault.html", page{Title: title, Body: sentence})
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
