package e2e_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"github.com/hotfixbot/hotfixbot/webhooks"
)

// receiver is where the App's webhooks go, and browsers: one address for all the Apps
// that run in a world, one after the other or beside each other.
type receiver struct {
	url  string // of the webhooks
	root string // of the page
	mu   sync.Mutex
	to   []net.Addr
	n    int // requests so far
}

// newReceiver makes one whose webhooks are checked by a handler before they are passed on.
func newReceiver(t *testing.T, check func(next http.Handler) http.Handler) *receiver {
	t.Helper()
	r := &receiver{}
	proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(r.next()) }}
	mux := http.NewServeMux()
	mux.Handle(webhooks.Path, check(proxy))
	mux.Handle("/", proxy)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	r.root, r.url = server.URL, server.URL+webhooks.Path
	return r
}

// forward sends all that comes to these Apps from now on, in turn.
func (r *receiver) forward(to ...net.Addr) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.to = to
}

// next is the App whose turn it is.
func (r *receiver) next() *url.URL {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	return &url.URL{Scheme: "http", Host: r.to[r.n%len(r.to)].String()}
}

// post sends a webhook that GitHub did not send, and gives the status.
func (r *receiver) post(ctx context.Context, header http.Header, body []byte) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.next().JoinPath(webhooks.Path).String(), bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header = header
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}
