package dashboard_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestHealthAndReadiness(t *testing.T) {
	c := config(shelf{err: errors.New("no boards")})
	var sick error
	c.Ready = func(context.Context) error { return sick }
	p := pages(t, c)
	if got := get(t, p, http.MethodGet, "/readyz"); got.status != http.StatusOK {
		t.Errorf("ready: %d %s", got.status, got.body)
	}
	sick = errors.New("open /secret/place: disk full")
	if got := get(t, p, http.MethodGet, "/healthz"); got.status != http.StatusOK {
		t.Errorf("alive with a sick database: %d %s", got.status, got.body)
	}
	got := get(t, p, http.MethodGet, "/readyz")
	if got.status != http.StatusServiceUnavailable || !strings.Contains(got.body, "disk full") {
		t.Errorf("not ready: %d %s", got.status, got.body)
	}
}

func TestProbesFromElsewhere(t *testing.T) {
	c := config(shelf{})
	c.Ready = func(context.Context) error { return errors.New("open /secret/place: disk full") }
	p := pages(t, c)
	for path, want := range map[string]int{"/healthz": http.StatusOK, "/readyz": http.StatusServiceUnavailable} {
		w := httptest.NewRecorder()
		p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil)) // from 192.0.2.1
		if w.Code != want || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestReadinessIsAskedWithATimeLimit(t *testing.T) {
	c := config(shelf{})
	c.Ready = func(ctx context.Context) error {
		if _, limited := ctx.Deadline(); !limited {
			t.Error("a database that hangs would hang the probe")
		}
		return nil
	}
	get(t, pages(t, c), http.MethodGet, "/readyz")
}

// Metrics are for this machine: a program there signs in nowhere, and anybody else sees
// nothing.
func TestMetricsAreForThisMachine(t *testing.T) {
	c := config(shelf{})
	c.Metrics = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("counted 1\n")) })
	p := pages(t, c)
	if got := get(t, p, http.MethodGet, "/metrics"); got.status != http.StatusOK || got.body != "counted 1\n" {
		t.Errorf("here: %d %s", got.status, got.body)
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil)) // from 192.0.2.1
	if w.Code != http.StatusForbidden || strings.Contains(w.Body.String(), "counted") {
		t.Errorf("from elsewhere: %d %s", w.Code, w.Body)
	}
	if got := get(t, pages(t, config(shelf{})), http.MethodGet, "/metrics"); got.status != http.StatusNotFound {
		t.Errorf("without metrics: %d", got.status)
	}
}
