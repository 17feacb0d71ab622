package githubsim

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// got is an answer without its body.
type got struct {
	status int
	header http.Header
}

// get sends a GET with headers.
func (s *server) get(path string, header ...string) got {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.ctx, http.MethodGet, s.URL()+path, nil)
	s.must(err)
	req.Header.Set("Authorization", "Bearer "+alice)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	s.must(err)
	s.must(resp.Body.Close())
	return got{resp.StatusCode, resp.Header}
}

func TestETagAndPages(t *testing.T) {
	s := newServer(t)
	for i := range 5 {
		_, err := s.bob.OpenIssue(s.ctx, shop, fmt.Sprint("Issue ", i), "")
		s.must(err)
	}
	first := s.get("/repos/alice/shop/issues?per_page=2")
	link := first.header.Get("Link")
	want := fmt.Sprintf(`<%[1]s/repos/alice/shop/issues?page=2&per_page=2>; rel="next", <%[1]s/repos/alice/shop/issues?page=3&per_page=2>; rel="last"`, s.URL())
	if link != want {
		t.Errorf("Link is %s, want %s", link, want)
	}
	again := s.get("/repos/alice/shop/issues?per_page=2", "If-None-Match", first.header.Get("ETag"))
	if again.status != http.StatusNotModified {
		t.Errorf("unchanged: %d", again.status)
	}
	_, err := s.bob.OpenIssue(s.ctx, shop, "Another", "")
	s.must(err)
	if again = s.get("/repos/alice/shop/issues?per_page=2", "If-None-Match", first.header.Get("ETag")); again.status != 200 {
		t.Errorf("changed: %d", again.status)
	}
	for _, h := range []string{"X-GitHub-Request-Id", "X-RateLimit-Remaining", "X-GitHub-Media-Type", "Date"} {
		if again.header.Get(h) == "" {
			t.Errorf("no %s", h)
		}
	}
}

func TestUnknownRoute(t *testing.T) {
	s := newServer(t)
	if got := s.unchecked(alice, "GET", "/repos/alice/shop/stargazers", nil); got != 501 {
		t.Errorf("got %d", got)
	}
	if got := strings.Join(s.Violations(), ","); got != "GET /repos/alice/shop/stargazers" {
		t.Errorf("violations are %q", got)
	}
	s.mu.Lock()
	s.violations = nil // it was meant
	s.mu.Unlock()
}

func TestFaults(t *testing.T) {
	var next atomic.Pointer[Fault]
	s := newServer(t, func(o *Options) {
		o.Fault = func(r *http.Request, _ []byte) Fault {
			if f := next.Swap(nil); f != nil && r.Method == http.MethodPost {
				return *f
			}
			return Fault{}
		}
	})
	open := func(f Fault) error {
		next.Store(&f)
		_, err := s.bob.OpenIssue(s.ctx, shop, "One", "")
		return err
	}
	issues := func() int {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.model().Issues)
	}
	if err := open(Fault{Drop: true}); err == nil || issues() != 0 {
		t.Errorf("dropped: %v, %d issues", err, issues())
	}
	if err := open(Fault{Lose: true}); err == nil || issues() != 1 {
		t.Errorf("lost: %v, %d issues", err, issues())
	}
	s.refusedWith(open(Fault{Status: 502, Body: `{"message":"Server Error"}`, Header: http.Header{"Content-Type": {"application/json"}}}), 502)
	if issues() != 1 {
		t.Error("a 502 had an effect")
	}
}

func TestLimits(t *testing.T) {
	var later atomic.Int64
	s := newServer(t, func(o *Options) {
		o.Now = func() time.Time { return present.Add(time.Duration(later.Load())) }
	})
	s.SetLimits(Limits{PerHour: 6, ContentPerMinute: 2})
	for range 2 {
		_, err := s.bob.OpenIssue(s.ctx, shop, "One", "")
		s.must(err)
	}
	_, err := s.bob.OpenIssue(s.ctx, shop, "One", "")
	if words := s.refusedWith(err, 403); !strings.Contains(words, "secondary rate limit") {
		t.Errorf("refused with %q", words)
	}
	later.Store(int64(61 * time.Second))
	_, err = s.bob.OpenIssue(s.ctx, shop, "One", "")
	s.must(err)
	etag := s.get("/repos/alice/shop").header.Get("ETag")
	for range 9 { // free
		if got := s.get("/repos/alice/shop", "If-None-Match", etag).status; got != http.StatusNotModified {
			t.Fatalf("got %d", got)
		}
	}
	for range 5 {
		s.get("/repos/alice/shop")
	}
	over := s.get("/repos/alice/shop")
	if over.status != http.StatusForbidden || over.header.Get("X-RateLimit-Remaining") != "0" || over.header.Get("X-RateLimit-Reset") == "" {
		t.Errorf("over the limit: %d %v", over.status, over.header)
	}
}
