package forge

import (
	"net/http"
	"sync"
)

// renewing is an authenticated transport that is rebuilt when GitHub answers 401:
// a token can be revoked long before it expires, and ghinstallation cannot drop
// one. The request is then sent once more, whatever its method, because a request
// without valid credentials has no effect.
type renewing struct {
	fresh func() http.RoundTripper

	mu      sync.Mutex
	current http.RoundTripper
}

func newRenewing(fresh func() http.RoundTripper) *renewing {
	return &renewing{fresh: fresh, current: fresh()}
}

// RoundTrip implements http.RoundTripper.
func (r *renewing) RoundTrip(req *http.Request) (*http.Response, error) {
	used := r.get()
	resp, err := used.RoundTrip(req)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	again, ok := repeatable(req)
	if !ok {
		return resp, nil
	}
	_ = resp.Body.Close()
	r.drop(used)
	return r.get().RoundTrip(again)
}

func (r *renewing) get() http.RoundTripper {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.current
}

// drop replaces a transport, unless another request did so already.
func (r *renewing) drop(used http.RoundTripper) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.current == used {
		r.current = r.fresh()
	}
}

// repeatable is the request with its body unread.
func repeatable(req *http.Request) (*http.Request, bool) {
	again := req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return again, true
	}
	if req.GetBody == nil {
		return nil, false
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, false
	}
	again.Body = body
	return again, true
}
