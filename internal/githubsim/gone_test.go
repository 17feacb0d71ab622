package githubsim

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestWhoGoesAwayUndoesNothing asks for something and is gone at once: it is done
// all the same, to its end.
func TestWhoGoesAwayUndoesNothing(t *testing.T) {
	s := newServer(t)
	tip, err := s.alice.tip(s.ctx, shop, "main")
	s.must(err)
	ctx, goAway := context.WithCancel(s.ctx)
	goAway()
	body := `{"ref": "refs/heads/topic", "sha": "` + tip.Commit.SHA + `"}`
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/repos/alice/shop/git/refs", strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+alice)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != http.StatusCreated {
		t.Errorf("%d: %s", w.Code, w.Body)
	}
	if _, err := s.alice.tip(s.ctx, shop, "topic"); err != nil {
		t.Error(err)
	}
}
