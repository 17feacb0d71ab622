package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// TestRelay: the channel is away at first, breaks after the first event, and sends
// one of 5 MB; bodies arrive byte for byte.
func TestRelay(t *testing.T) {
	bodies := []string{`{"a" : 1.0,"b":"\u2028<>","n":12345678901234567890}`, `{"big":"` + strings.Repeat("x", 5<<20) + `"}`}
	var connected atomic.Int32
	channel := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := int(connected.Add(1)) - 2
		if n < 0 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = fmt.Fprint(w, "retry: 1\n\nevent: ready\ndata: {}\n\nevent: ping\ndata: {}\n\n")
		if n < len(bodies) {
			_, _ = fmt.Fprintf(w, "id: %d\ndata: {\"host\":\"smee.io\",\"cookie\":\"x\",\"x-github-event\":\"push\",\"x-github-delivery\":\"g%d\",\"x-hub-signature-256\":\"sha256=ab\",\"content-type\":\"application/json\",\"body\":%s,\"query\":{},\"timestamp\":1}\n\n", n, n, bodies[n])
			return // the connection breaks
		}
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	defer channel.Close()
	type got struct {
		header http.Header
		body   string
	}
	arrived := make(chan got, 2)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		arrived <- got{r.Header, string(body)}
		w.WriteHeader(http.StatusAccepted)
	}))
	defer receiver.Close()
	ctx, stop := context.WithCancel(t.Context())
	passed, ended := make(chan string, 2), make(chan error, 1)
	go func() {
		ended <- Relay{
			Channel: channel.URL, To: receiver.URL, Client: &http.Client{},
			Passed: func(event, guid string, status int, err error) { passed <- fmt.Sprint(event, guid, status, err) },
			Lost:   func(error, time.Duration) {},
		}.Run(ctx)
	}()
	for i, body := range bodies {
		var g got
		select {
		case g = <-arrived:
		case err := <-ended:
			t.Fatalf("ended early: %v", err)
		}
		line := <-passed
		h := g.header
		if g.body != body || h.Get("X-GitHub-Event") != "push" || h.Get("X-Hub-Signature-256") != "sha256=ab" || h.Get("Content-Type") != "application/json" || h.Get("Cookie") != "" {
			t.Errorf("event %d: %v %.80q", i, h, g.body)
		}
		if want := fmt.Sprintf("pushg%d202 <nil>", i); line != want {
			t.Errorf("said %q, want %q", line, want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestNoChannel(t *testing.T) {
	page := httptest.NewServer(http.NotFoundHandler())
	defer page.Close()
	err := Relay{Channel: page.URL, Client: &http.Client{}}.Run(t.Context())
	if err == nil {
		t.Error("a page that is not there was taken for a channel")
	}
}

// TestSlowReceiver: a receiver that never answers keeps back one delivery, not all.
func TestSlowReceiver(t *testing.T) {
	channel := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for n := range 2 {
			_, _ = fmt.Fprintf(w, "data: {\"x-github-event\":\"push\",\"x-github-delivery\":\"g%d\",\"body\":{}}\n\n", n)
		}
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}))
	defer channel.Close()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-GitHub-Delivery") == "g0" {
			_, _ = io.Copy(io.Discard, r.Body) // only then the server sees that nobody waits any more
			<-r.Context().Done()
		}
	}))
	defer receiver.Close()
	ctx, stop := context.WithCancel(t.Context())
	passed, ended := make(chan string, 2), make(chan error, 1)
	go func() {
		ended <- Relay{
			Channel: channel.URL, To: receiver.URL, Client: &http.Client{}, Patience: 100 * time.Millisecond,
			Passed: func(_, guid string, status int, err error) {
				passed <- fmt.Sprint(guid, status, errors.Is(err, context.DeadlineExceeded))
			},
			Lost: func(error, time.Duration) {},
		}.Run(ctx)
	}()
	for _, want := range []string{"g00 true", "g1200 false"} {
		if got := <-passed; got != want {
			t.Errorf("passed %s, want %s", got, want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
