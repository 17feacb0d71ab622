package dashboard_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// behindTheGate is everything but the health checks.
var behindTheGate = []string{"/", "/hotfixes", "/hotfixes/7/34", "/deliveries", "/live", "/assets/live.js", "/api/v1/boards", "/assets/style.css", "/nothing", "/api/nothing"}

func TestBoardsAreForThisMachine(t *testing.T) {
	p := pages(t, config(shelf{boards: []hotfix.Board{shop()}}))
	gone, leave := context.WithCancel(t.Context())
	leave() // so that a stream ends at once
	for name, c := range map[string]struct {
		peer, host string
		header     [2]string
		want       bool
	}{
		"loopback":           {peer: "127.0.0.1:5000", host: "127.0.0.1:8080", want: true},
		"another loopback":   {peer: "127.9.9.9:5000", host: "localhost", want: true},
		"IPv6":               {peer: "[::1]:5000", host: "[::1]:8080", want: true},
		"IPv6 without port":  {peer: "[::1]:5000", host: "[::1]", want: true},
		"IPv4 in IPv6":       {peer: "[::ffff:127.0.0.1]:5000", host: "LocalHost.:8080", want: true},
		"name of localhost":  {peer: "127.0.0.1:5000", host: "hotfixbot.localhost:8080", want: true},
		"another machine":    {peer: "192.0.2.1:5000", host: "localhost:8080"},
		"no address":         {peer: "@", host: "localhost:8080"},
		"proxy":              {peer: "127.0.0.1:5000", host: "localhost", header: [2]string{"X-Forwarded-For", "192.0.2.1"}},
		"empty proxy header": {peer: "127.0.0.1:5000", host: "localhost", header: [2]string{"X-Forwarded-For", ""}},
		"standard proxy":     {peer: "127.0.0.1:5000", host: "localhost", header: [2]string{"Forwarded", "for=192.0.2.1"}},
		"proxy of a host":    {peer: "127.0.0.1:5000", host: "localhost", header: [2]string{"X-Forwarded-Host", "bot.test"}},
		"via":                {peer: "127.0.0.1:5000", host: "localhost", header: [2]string{"Via", "1.1 proxy"}},
		"rebound name":       {peer: "127.0.0.1:5000", host: "mallory.test:8080"},
		"rebound trick":      {peer: "127.0.0.1:5000", host: "localhost.mallory.test"},
		"public address":     {peer: "127.0.0.1:5000", host: "192.0.2.1"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, path := range behindTheGate {
				req := httptest.NewRequestWithContext(gone, http.MethodGet, path, nil)
				req.RemoteAddr, req.Host = c.peer, c.host
				if c.header[0] != "" {
					req.Header.Set(c.header[0], c.header[1])
				}
				w := httptest.NewRecorder()
				p.ServeHTTP(w, req)
				if (w.Code != http.StatusForbidden) != c.want {
					t.Errorf("%s: %d", path, w.Code)
				}
				if !c.want && (strings.Contains(w.Body.String(), "acme") || !strings.Contains(w.Body.String(), "nobody can sign in")) {
					t.Errorf("%s says: %s", path, w.Body)
				}
			}
		})
	}
}

func TestEveryAnswerIsProtected(t *testing.T) {
	p := pages(t, config(shelf{}))
	far := httptest.NewRecorder()
	p.ServeHTTP(far, httptest.NewRequest(http.MethodGet, "/", nil))
	headers := map[string]http.Header{"from elsewhere": far.Header()}
	for _, path := range append(behindTheGate, "/healthz", "/readyz") {
		if path == "/live" {
			continue // it has no end
		}
		headers[path] = get(t, p, http.MethodGet, path).header
	}
	for place, header := range headers {
		policy := header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
			t.Errorf("%s: policy %q", place, policy)
		}
		if header.Get("X-Content-Type-Options") != "nosniff" || header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", place, header)
		}
	}
}
