package dashboard

import (
	"context"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// readyWithin is shorter than what probes wait for by themselves, so that they
// see the reason.
const readyWithin = 5 * time.Second

// health says that the process lives, and nothing else: a broken database is no
// reason to kill it.
func (p *Pages) health(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// ready says whether work is accepted.
func (p *Pages) ready(c *gin.Context) {
	ctx, cancel := context.WithTimeout(c.Request.Context(), readyWithin)
	defer cancel()
	if err := p.config.Ready(ctx); err != nil {
		c.String(http.StatusServiceUnavailable, "not ready: %s\n", err)
		return
	}
	c.String(http.StatusOK, "ready\n")
}
