package relay_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/relay"
)

func TestNewChannel(t *testing.T) {
	t.Parallel()
	to := "/k3v9"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/new" {
			t.Errorf("asked for %s", r.URL.Path)
		}
		if to != "" {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusTemporaryRedirect)
		}
	}))
	defer server.Close()
	if got, err := relay.NewChannel(t.Context(), server.URL+"/"); err != nil || got != server.URL+"/k3v9" {
		t.Error(got, err)
	}
	for _, strange := range []string{"", "/", "https://mallory.example/k3v9"} {
		to = strange
		if got, err := relay.NewChannel(t.Context(), server.URL); err == nil || !strings.Contains(err.Error(), "no channel") {
			t.Errorf("to %q: %q, %v", strange, got, err)
		}
	}
	server.Close()
	if _, err := relay.NewChannel(t.Context(), server.URL); err == nil || !strings.Contains(err.Error(), "cannot be reached") {
		t.Error(err)
	}
}
