package webhooks

import (
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/gin-gonic/gin"
	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// What the handler leaves in gin's context for the log.
const (
	deliveryKey = "delivery"
	outcomeKey  = "outcome"
	reasonKey   = "reason"
)

// note keeps what the log may say of a delivery: it is signed, so its names are
// GitHub's. Of a request that is not signed nothing is repeated.
func note(c *gin.Context, d hotfix.Delivery) { c.Set(deliveryKey, d) }

// record counts the request and writes one line about it.
func (r *Receiver) record(c *gin.Context) {
	start := r.config.Now()
	c.Next()
	o := outcome(c)
	r.count(o)
	line := r.config.Log.WithLevel(level(o)).Int("status", c.Writer.Status()).Str("outcome", string(o)).
		Dur("took", r.config.Now().Sub(start))
	if d, ok := c.Value(deliveryKey).(hotfix.Delivery); ok {
		line = line.Str("delivery", d.GUID).Str("event", d.Event).Str("action", d.Action).
			Int64("repository", int64(d.Repository))
	}
	if reason := c.GetString(reasonKey); reason != "" {
		line = line.Str("reason", reason)
	}
	if len(c.Errors) > 0 {
		line = line.Err(c.Errors.Last())
	}
	line.Msg("webhook")
}

func outcome(c *gin.Context) Outcome {
	if o, ok := c.Value(outcomeKey).(Outcome); ok {
		return o
	}
	if c.Writer.Status() >= http.StatusInternalServerError {
		return Failed
	}
	return Refused
}

func level(o Outcome) zerolog.Level {
	switch o {
	case Failed:
		return zerolog.ErrorLevel
	case Refused:
		return zerolog.WarnLevel
	case Ignored:
		return zerolog.DebugLevel
	default:
		return zerolog.InfoLevel
	}
}

// recover answers 500 where a handler panicked. gin's own would write the
// request's headers to the log.
func (r *Receiver) recover(c *gin.Context) {
	defer func() {
		if cause := recover(); cause != nil {
			line := r.config.Log.Error()
			if d, ok := c.Value(deliveryKey).(hotfix.Delivery); ok {
				line = line.Str("delivery", d.GUID)
			}
			line.Str("panic", fmt.Sprint(cause)).Bytes("stack", debug.Stack()).Msg("the receiver panicked")
			r.fail(c, fmt.Errorf("panic: %v", cause))
		}
	}()
	c.Next()
}
