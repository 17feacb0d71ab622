package forge

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/rs/zerolog"
)

// A change that is not allowed is not sent; who only asks is not asked.
func TestOnlyAllowedChangesAreSent(t *testing.T) {
	sent := map[string]int{}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { sent[r.Method]++ }))
	t.Cleanup(server.Close)
	no := errors.New("no")
	w := &wire{base: http.DefaultTransport, now: time.Now, log: zerolog.Nop(), allowed: func(context.Context) error { return no }}
	for _, tc := range []struct {
		method string
		asks   bool
		want   error
	}{{http.MethodGet, false, nil}, {http.MethodPost, true, nil}, {http.MethodPost, false, no}, {http.MethodDelete, false, no}} {
		ctx := t.Context()
		if tc.asks {
			ctx = context.WithValue(ctx, asking{}, true)
		}
		req, err := http.NewRequestWithContext(ctx, tc.method, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := w.RoundTrip(req)
		if !errors.Is(err, tc.want) {
			t.Errorf("%s, asks %v: %v", tc.method, tc.asks, err)
		}
		if err == nil {
			_ = answer.Body.Close()
		}
	}
	if sent[http.MethodGet] != 1 || sent[http.MethodPost] != 1 || len(sent) != 2 {
		t.Errorf("sent %v", sent)
	}
}
