package dashboard

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// readyWithin bounds the question whether work is accepted, so that a probe gets
// an answer with a reason where the database hangs.
const readyWithin = 5 * time.Second

// health says that the process lives, and nothing else: a broken database is no
// reason to kill it.
func (p *Pages) health(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// ready says whether work is accepted. The reason why not may name files and
// hosts: clients elsewhere are referred to the log.
func (p *Pages) ready(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), readyWithin)
	defer cancel()
	err := p.config.Ready(ctx)
	if err == nil {
		c.String(http.StatusOK, "ready\n")
		return
	}
	p.config.Log.Warn().Err(err).Msg("not ready")
	reason := "the log says why"
	if local(c.Request) {
		reason = err.Error()
	}
	c.String(http.StatusServiceUnavailable, "not ready: %s\n", reason)
}

// metrics are for programs on this machine, which sign in nowhere.
func (p *Pages) metrics(c *gin.Context) {
	switch {
	case p.config.Metrics == nil:
		c.Status(http.StatusNotFound)
	case !local(c.Request):
		c.String(http.StatusForbidden, "the metrics are served to this machine alone\n")
	default:
		p.config.Metrics.ServeHTTP(c.Writer, c.Request)
	}
}
