package setup_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestPingsThatDoNotArrive(t *testing.T) {
	t.Parallel()
	s := begin(t)
	s.answers = []hotfix.Sending{
		{Status: "failed to connect to host", Code: 502}, {Status: "Invalid HTTP Response: 404", Code: 404},
		{Status: "Invalid HTTP Response: 401", Code: 401}, {Status: "OK", Code: 200, Arrived: true}, {},
	}
	s.get(s.setup.Entry())
	s.get("/created?code=c&state=" + s.sendOff(public))
	for _, want := range []string{
		"did not get through to https://bot.acme.example/webhooks/github: failed to connect to host (502)", "Something else than hotfixbot answered",
		"whose signature does not fit", "did not arrive here", "has not said what became of it",
	} {
		p := s.until(want)
		s.says(p, http.StatusOK, "Have GitHub ping again")
		s.post("/again", nil)
	}
	s.until("has not said what became of it")
	s.mu.Lock()
	s.listError = errors.New("GitHub answered 401")
	s.mu.Unlock()
	s.post("/again", nil)
	s.says(s.until("could not be asked for its ping"), http.StatusOK, "its clock")
	if _, err := s.setup.Accept(t.Context(), hotfix.Delivery{Event: "ping"}); err != nil { // late, but there
		t.Error(err)
	}
	s.until("Ready")
}

// TestHooksTurnAway everything but a signed ping, and after it, too.
func TestHooksTurnAway(t *testing.T) {
	t.Parallel()
	s := begin(t)
	deliver := func(event, secret string) int {
		req := httptest.NewRequest(http.MethodPost, "/webhooks/github", nil)
		req.Header.Set("X-GitHub-Event", event)
		req.Header.Set("Secret", secret)
		w := httptest.NewRecorder()
		s.setup.Hooks().ServeHTTP(w, req)
		return w.Code
	}
	if got := deliver("ping", ""); got != http.StatusServiceUnavailable {
		t.Errorf("before the secret is known: %d", got)
	}
	s.get(s.setup.Entry())
	s.get("/created?code=c&state=" + s.sendOff(public))
	for _, step := range []struct {
		event, secret string
		want          int
	}{
		{"installation", secrets[1], 503}, {"ping", "wrong", 401}, {"ping", secrets[1], 200}, {"installation", secrets[1], 503}, {"ping", secrets[1], 200},
	} {
		if got := deliver(step.event, step.secret); got != step.want {
			t.Errorf("%s: %d, want %d", step.event, got, step.want)
		}
	}
	s.until("Ready")
}
