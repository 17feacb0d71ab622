package githubsim

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"time"
)

// hookTimeout is how long GitHub waits for an answer to a webhook (docs, "Best practices for using webhooks").
const hookTimeout = 10 * time.Second

// maxHookAnswer is how much of an answer the deliveries API keeps, in bytes.
const maxHookAnswer = 64 << 10

// Deliver sends deliveries one after the other, in the order given, each once: GitHub never
// repeats a delivery by itself. The error joins those that failed; the deliveries API knows of
// all.
func (g *GitHub) Deliver(ctx context.Context, list ...*Delivery) error {
	var failed []error
	for _, d := range list {
		a := g.send1(ctx, d)
		if !a.ok() {
			failed = append(failed, fmt.Errorf("webhook %s: %s", d, a.status))
		}
	}
	return errors.Join(failed...)
}

// Miss records deliveries as failed without sending them, as if nobody had listened.
func (g *GitHub) Miss(list ...*Delivery) {
	for _, d := range list {
		a := g.newAttempt(d)
		a.failed(errNobodyListens)
		g.hooks.keep(a)
	}
}

// Pump delivers what is queued, in order, as it comes, until the context ends.
func (g *GitHub) Pump(ctx context.Context) {
	for {
		for _, d := range g.Take() {
			if ctx.Err() != nil {
				g.hooks.add(d)
				continue
			}
			g.send1(ctx, d)
		}
		select {
		case <-ctx.Done():
			return
		case <-g.hooks.news:
		}
	}
}

// send1 makes one attempt and keeps what came of it.
func (g *GitHub) send1(ctx context.Context, d *Delivery) *attempt {
	a := g.newAttempt(d)
	began := time.Now()
	if err := g.post(ctx, a); err != nil {
		a.failed(err)
	}
	a.duration = time.Since(began)
	g.hooks.keep(a)
	return a
}

// newAttempt looks up where the App's webhooks go now.
func (g *GitHub) newAttempt(d *Delivery) *attempt {
	g.mu.Lock()
	defer g.mu.Unlock()
	return &attempt{
		ID: g.nextID("delivery"), delivery: d, url: d.app.Hook.URL, at: g.clock(),
		sent: g.hookHeaders(d), got: map[string]string{},
	}
}

// hookHeaders are those of every delivery, signed with the App's one secret of this moment: by
// SHA-256 and, as GitHub still does, by SHA-1.
func (g *GitHub) hookHeaders(d *Delivery) map[string]string {
	hook := d.app.Hook
	h := map[string]string{
		"Accept": "*/*", "Content-Type": "application/json", "User-Agent": "GitHub-Hookshot/5b3acee",
		"X-GitHub-Event": d.Event, "X-GitHub-Delivery": d.GUID, "X-GitHub-Hook-ID": itoa(hook.ID),
		"X-GitHub-Hook-Installation-Target-Type": "integration",
		"X-GitHub-Hook-Installation-Target-ID":   itoa(d.app.ID),
	}
	if hook.Secret != "" {
		h["X-Hub-Signature"] = "sha1=" + hookMAC(sha1.New, hook.Secret, d.Body)
		h["X-Hub-Signature-256"] = "sha256=" + hookMAC(sha256.New, hook.Secret, d.Body)
	}
	return h
}

func hookMAC(h func() hash.Hash, secret string, body []byte) string {
	m := hmac.New(h, []byte(secret))
	m.Write(body)
	return hex.EncodeToString(m.Sum(nil))
}

// newHookClient makes the client that webhooks are sent with. Redirects are not followed.
func newHookClient() *http.Client {
	return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// post sends an attempt.
func (g *GitHub) post(ctx context.Context, a *attempt) error {
	ctx, cancel := context.WithTimeout(ctx, g.patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, a.url, bytes.NewReader(a.delivery.Body))
	if err != nil {
		return err
	}
	for k, v := range a.sent {
		r.Header.Set(k, v)
	}
	answer, err := g.hookClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxHookAnswer))
	if err != nil {
		return err
	}
	a.code, a.answer, a.status = answer.StatusCode, string(text), "OK"
	for k := range answer.Header {
		a.got[k] = answer.Header.Get(k)
	}
	if !a.ok() {
		a.status = fmt.Sprintf("Invalid HTTP Response: %d", a.code)
	}
	return nil
}

var errNobodyListens = errors.New("connection refused")

// failed records an attempt that got no answer, in the words and with the codes that the
// deliveries API has for it (reported, not promised).
func (a *attempt) failed(err error) {
	var slow net.Error
	if errors.As(err, &slow) && slow.Timeout() {
		a.status, a.code = "timed out", http.StatusGatewayTimeout
		return
	}
	a.status, a.code = "failed to connect to host", http.StatusBadGateway
}

// keep remembers an attempt.
func (h *hooks) keep(a *attempt) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.attempts = append(h.attempts, a)
}
