package webhooks

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"regexp"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/trail"
)

const (
	// maxBody is GitHub's own cap on a delivery.
	// https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap
	maxBody = 25 << 20
	// acceptWithin leaves room to answer before GitHub gives a delivery up after
	// 10 s.
	acceptWithin = 8 * time.Second
)

// Shapes of the headers that are stored and logged.
var (
	guidShape  = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)
	eventShape = regexp.MustCompile(`^[a-z_]{1,64}$`)
)

// refusal is an answer that accepts nothing.
type refusal struct {
	status int
	text   string
}

// Error is the text of the answer.
func (r *refusal) Error() string { return r.text }

// receive is the way of one delivery.
func (r *Receiver) receive(c *gin.Context) {
	body, err := r.authentic(c.Writer, c.Request)
	if err != nil {
		r.fail(c, err)
		return
	}
	delivery, wakes, err := r.read(c.Request.Header, body)
	if err != nil {
		r.fail(c, err)
		return
	}
	note(c, delivery)
	if !Known(delivery.Event) {
		r.answer(c, Ignored, delivery)
		return
	}
	ctx, end := trail.Delivery(c.Request.Context(), delivery)
	ctx, cancel := context.WithTimeout(ctx, acceptWithin)
	defer cancel()
	fresh, err := r.config.Acceptor.Accept(ctx, delivery, wakes...)
	end(err)
	switch {
	case err != nil:
		_ = c.Error(err) // for the log; it may name files, so it is not sent
		r.fail(c, &refusal{http.StatusServiceUnavailable, "the delivery could not be stored; redeliver it later"})
	case !fresh:
		r.answer(c, Duplicate, delivery)
	default:
		r.answer(c, Accepted, delivery)
	}
}

// authentic reads the body and makes sure that GitHub signed it.
func (r *Receiver) authentic(w http.ResponseWriter, req *http.Request) ([]byte, error) {
	if kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type")); kind == "application/x-www-form-urlencoded" {
		return nil, &refusal{http.StatusUnsupportedMediaType, "the body is a form; set the webhook's content type to application/json"}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, &refusal{http.StatusRequestEntityTooLarge, "the body is larger than 25 MB"}
	}
	if err != nil {
		return nil, &refusal{http.StatusBadRequest, "the body could not be read"}
	}
	if !signed(req.Header.Get("X-Hub-Signature-256"), body, r.config.Secrets) {
		return nil, &refusal{http.StatusUnauthorized, "X-Hub-Signature-256 is missing or wrong"}
	}
	return body, nil
}

// read makes a delivery of a signed body, and tells what it wakes.
func (r *Receiver) read(header http.Header, body []byte) (hotfix.Delivery, []hotfix.RepositoryID, error) {
	guid, event := header.Get("X-GitHub-Delivery"), header.Get("X-GitHub-Event")
	if !guidShape.MatchString(guid) {
		return hotfix.Delivery{}, nil, &refusal{http.StatusBadRequest, "X-GitHub-Delivery is missing or malformed"}
	}
	if !eventShape.MatchString(event) {
		return hotfix.Delivery{}, nil, &refusal{http.StatusBadRequest, "X-GitHub-Event is missing or malformed"}
	}
	e, err := parse(body)
	if err != nil {
		return hotfix.Delivery{}, nil, &refusal{http.StatusBadRequest, "the body is not the JSON of a webhook"}
	}
	now, wakes := r.config.Now(), e.wakes(event)
	if r.config.Own(e.Sender.ID) && echo(event, e.Action) {
		wakes = nil
	}
	return hotfix.Delivery{
		GUID: guid, Event: event, Action: e.Action,
		Installation: e.Installation.ID, Repository: e.Repository.ID,
		ReceivedAt: now, Body: body, Intent: e.intent(guid, event, now),
	}, wakes, nil
}

func (r *Receiver) answer(c *gin.Context, o Outcome, d hotfix.Delivery) {
	c.Set(outcomeKey, o)
	c.JSON(http.StatusAccepted, gin.H{"status": o, "delivery": d.GUID})
}

func (r *Receiver) fail(c *gin.Context, err error) {
	var known *refusal
	if !errors.As(err, &known) {
		known = &refusal{http.StatusInternalServerError, "internal error"}
	}
	c.Set(reasonKey, known.text)
	c.AbortWithStatusJSON(known.status, gin.H{"error": known.text})
}
