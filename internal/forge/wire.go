package forge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel/attribute"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/trail"
)

const (
	// maxAnswer bounds an answer. The largest that is asked for is a page of 100
	// comments of 65,536 characters each.
	maxAnswer = 64 << 20
	// maxComplaint bounds the body of an answer that is an error.
	maxComplaint = 1 << 20
)

var errTooLarge = fmt.Errorf("the answer is larger than %d MB", maxAnswer>>20)

// wire is the lowest transport: all requests of one installation (or of the App
// itself) pass it. It ends answers that are too large, holds everything back
// while GitHub's budget is used up, and logs.
type wire struct {
	who  string
	base http.RoundTripper
	pace *pace // nil: nothing is held back before GitHub says so
	// allowed keeps changes from being sent; nil: none.
	allowed func(context.Context) error
	now     func() time.Time
	log     zerolog.Logger

	mu   sync.Mutex
	told told
	held *hotfix.Later // nil, or until when nothing is sent
}

func (a *App) newWire(who string) *wire {
	return &wire{who: who, base: a.base, allowed: a.allowed, now: a.now, log: a.log}
}

// RoundTrip implements http.RoundTripper. An exhausted budget is a *hotfix.Later.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) {
	leave, err := w.enter(req)
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, err
	}
	defer leave()
	if req.Header.Get("User-Agent") == "" {
		req = req.Clone(req.Context())
		req.Header.Set("User-Agent", userAgent)
	}
	started := w.now()
	resp, err := w.send(req)
	w.note(req, resp, started)
	if err != nil {
		return nil, err
	}
	w.tell(resp.Header)
	return w.judge(req.Context(), resp)
}

// send makes the request, as a span of its own.
func (w *wire) send(req *http.Request) (*http.Response, error) {
	_, end := trail.Request(req.Context(), req.Method+" GitHub", attribute.String("http.request.method", req.Method),
		attribute.String("url.path", req.URL.Path), attribute.String("hotfixbot.as", w.who))
	resp, err := w.base.RoundTrip(req)
	if err != nil {
		end(err)
		return nil, err
	}
	end(nil, attribute.Int("http.response.status_code", resp.StatusCode))
	return resp, nil
}

// enter lets a request pass, or tells why it must not be sent now.
func (w *wire) enter(req *http.Request) (leave func(), err error) {
	if later := w.holding(); later != nil {
		return nil, later
	}
	leave, err = w.pace.enter(req)
	if err != nil {
		return nil, err
	}
	if err := w.mayStill(req); err != nil { // it may have waited for another to end
		leave()
		return nil, err
	}
	return leave, nil
}

// mayStill is why a request must not be sent, if it must not: GitHub wants to hear nothing
// for a while, or the work is another process's by now.
func (w *wire) mayStill(req *http.Request) error {
	if later := w.holding(); later != nil {
		return later
	}
	if w.allowed != nil && costOf(req).write {
		return w.allowed(req.Context())
	}
	return nil
}

// judge reads errors whole, so that nobody has to close them, and tells an
// exhausted budget.
func (w *wire) judge(ctx context.Context, resp *http.Response) (*http.Response, error) {
	if resp.StatusCode < http.StatusBadRequest {
		w.foresee(ctx, resp.Header)
		resp.Body = &capped{body: resp.Body, left: maxAnswer}
		setResetAside(resp.Header)
		return resp, nil
	}
	complaint, err := io.ReadAll(io.LimitReader(resp.Body, maxComplaint))
	_ = resp.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("reading GitHub's %d answer: %w", resp.StatusCode, err)
	}
	if later, named := limited(resp, complaint, w.now()); later != nil {
		until, err := w.pace.hold(context.WithoutCancel(ctx), later.At, named)
		later.At = until
		w.hold(ctx, later)
		return nil, errors.Join(later, err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(complaint))
	setResetAside(resp.Header)
	return resp, nil
}

// foresee holds requests back when GitHub has said that the next one would be
// refused.
func (w *wire) foresee(ctx context.Context, header http.Header) {
	if w.pace == nil || header.Get(headerRemaining) != "0" {
		return
	}
	if at, told := waitUntil(header, w.now()); told {
		w.hold(ctx, &hotfix.Later{At: at, Why: "GitHub's rate limit is used up"})
	}
}

func (w *wire) holding() *hotfix.Later {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.held != nil && !w.now().Before(w.held.At) {
		w.held = nil
	}
	return w.held
}

func (w *wire) hold(ctx context.Context, later *hotfix.Later) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.held != nil && !later.At.After(w.held.At) {
		return // it was said already
	}
	w.held = later
	w.log.Warn().Ctx(ctx).Str("as", w.who).Time("until", later.At).Msg("github's budget is used up")
}

func (w *wire) note(req *http.Request, resp *http.Response, started time.Time) {
	line := w.log.Debug().Ctx(req.Context()).Str("as", w.who).Str("method", req.Method).Str("path", req.URL.Path).
		Dur("took", w.now().Sub(started))
	if resp != nil {
		line = line.Int("status", resp.StatusCode).Str("request", resp.Header.Get("X-GitHub-Request-Id")).
			Str("left", resp.Header.Get(headerRemaining))
	}
	line.Msg("github")
}

// capped is a body that fails when it is longer than it may be.
type capped struct {
	body io.ReadCloser
	left int64
}

// Read implements io.Reader.
func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return c.last(p)
	}
	if int64(len(p)) > c.left {
		p = p[:c.left]
	}
	n, err := c.body.Read(p)
	c.left -= int64(n)
	return n, err
}

// last tells a body that ends at the limit from one that goes on.
func (c *capped) last(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	n, err := c.body.Read(make([]byte, 1))
	switch {
	case n > 0:
		return 0, errTooLarge
	case err == nil:
		return 0, nil
	case errors.Is(err, io.EOF):
		return 0, io.EOF
	}
	return 0, err
}

// Close implements io.Closer.
func (c *capped) Close() error { return c.body.Close() }
