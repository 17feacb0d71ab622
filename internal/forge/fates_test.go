package forge_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// TestFates holds every kind of answer to the fate that it means, and a write to
// being sent once.
func TestFates(t *testing.T) {
	const (
		comments  = "POST " + shop + "/issues/12/comments"
		secondary = `{"message":"no","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`
		plain     = `{"message":"Resource not accessible by integration","documentation_url":"https://docs.github.com/rest","status":"403"}`
	)
	reset := time.Date(2030, 5, 4, 3, 30, 0, 0, time.UTC)
	resetHeader := fmt.Sprintf("X-RateLimit-Reset: %d", reset.Unix())
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string // of fateOf
		sent   int
	}{
		"not found":              {says(404, `{"message":"Not Found"}`), "gone: #12", 1},
		"deleted":                {says(410, `{"message":"This issue was deleted"}`), "gone: #12", 1},
		"no permission":          {says(403, plain), "refusal", 1},
		"primary limit":          {says(403, plain, "X-RateLimit-Remaining: 0", resetHeader), "later 27m59s", 1},
		"primary limit, 429":     {says(429, plain, "X-RateLimit-Remaining: 0", resetHeader), "later 27m59s", 1},
		"primary limit, past":    {says(403, plain, "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 1700000000"), "later 1m0s", 1},
		"retry after":            {says(403, secondary, "Retry-After: 90"), "later 1m30s", 1},
		"retry after, 429":       {says(429, secondary, "Retry-After: 90", "X-RateLimit-Remaining: 0", resetHeader), "later 1m30s", 1},
		"secondary, no time":     {says(403, secondary, "X-RateLimit-Remaining: 4000", resetHeader), "later 1m0s", 1},
		"429 alone":              {says(429, `{"message":"no"}`), "later 1m0s", 1},
		"unprocessable":          {says(422, `{"message":"Validation Failed","errors":[{"code":"custom","message":"body is too long"}]}`), "refusal", 1},
		"conflict":               {says(409, `{"message":"Git Repository is empty."}`), "refusal", 1},
		"teapot":                 {says(418, `{"message":"short and stout"}`), "refusal", 1},
		"broken":                 {says(500, `{"message":"Server Error"}`), "plain", 1},
		"a page instead of JSON": {says(502, `<html>`), "plain", 1},
		"unavailable":            {says(503, `{"message":"busy"}`, "Retry-After: 5"), "plain", 1},
		"hung up":                {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "plain", 1},
		"half an answer":         {says(201, `{"id":1`), "plain", 1},
		"bad credentials":        {says(401, `{"message":"Bad credentials"}`), "plain", 2},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHub(t)
			h.on(comments, c.answer)
			repo := h.repo()
			_, err := repo.Comment(t.Context(), 12, "hello")
			if got := fateOf(err, h.clock()); got != c.want {
				t.Errorf("fate is %q (%v), want %q", got, err, c.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error holds a token: %v", err)
			}
			if sent := len(h.sent(comments)); sent != c.sent {
				t.Errorf("the write was sent %d times, want %d", sent, c.sent)
			}
		})
	}
}

func fateOf(err error, now time.Time) string {
	var gone *hotfix.Gone
	var refusal *hotfix.Refusal
	var later *hotfix.Later
	switch {
	case err == nil:
		return "success"
	case errors.As(err, &gone):
		return "gone: " + gone.What
	case errors.As(err, &refusal):
		return "refusal"
	case errors.As(err, &later):
		return "later " + later.At.Sub(now).String()
	}
	return "plain"
}

// TestRefusalNamesTheRemedy: GitHub's own word for the permission is preferred,
// and its reasons are told.
func TestRefusalNamesTheRemedy(t *testing.T) {
	h := newHub(t)
	h.on("POST "+shop+"/issues/12/comments", inTurn(
		says(403, `{"message":"no"}`, "X-Accepted-GitHub-Permissions: issues=write; pull_requests=write"),
		says(403, `{"message":"no"}`),
		says(422, `{"message":"Validation Failed","errors":[{"field":"base","code":"invalid"},{"code":"custom","message":"x"}]}`),
	))
	repo := h.repo()
	for _, want := range []string{
		`"issues: write or pull requests: write"`, `"Issues: write"`,
		"commenting on #12 was refused by GitHub (422): Validation Failed: base invalid: x",
	} {
		_, err := repo.Comment(t.Context(), 12, "hello")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not say %s", err, want)
		}
	}
}

// TestNothingIsSentWhileTheBudgetIsUsedUp: one answer holds back the whole
// installation, until the clock says otherwise.
func TestNothingIsSentWhileTheBudgetIsUsedUp(t *testing.T) {
	h := newHub(t)
	route := "GET " + shop + "/issues/12"
	h.on(route, inTurn(says(429, `{}`, "Retry-After: 60"), says(200, `{"number":12,"repository_url":"https://api.github.com/repos/acme/shop","state":"open"}`)))
	repo := h.repo()
	for range 3 {
		_, err := repo.ClosedBy(t.Context(), 12)
		if got := fateOf(err, h.clock()); got != "later 1m0s" {
			t.Fatalf("fate is %q", got)
		}
	}
	if n := len(h.sent(route)); n != 1 {
		t.Fatalf("asked %d times while held back, want once", n)
	}
	h.wait(time.Minute)
	if _, err := repo.ClosedBy(t.Context(), 12); err != nil {
		t.Fatal(err)
	}
}

// TestTokenIsRenewedOnce: a revoked token is replaced, and the write arrives whole.
func TestTokenIsRenewedOnce(t *testing.T) {
	h := newHub(t)
	route := "POST " + shop + "/issues/12/comments"
	h.on(route, inTurn(says(401, `{"message":"Bad credentials"}`), says(201, `{"id":3,"user":{"id":41}}`)))
	comment, err := h.repo().Comment(t.Context(), 12, "hello")
	if err != nil {
		t.Fatal(err)
	}
	sent := h.sent(route)
	if len(sent) != 2 || sent[0].body != sent[1].body || sent[0].auth == sent[1].auth {
		t.Errorf("sent %+v, want the same body with two tokens", sent)
	}
	if comment.ID != 3 || !comment.ByBot {
		t.Errorf("got %+v", comment)
	}
}

// TestNoTokenSaysNothingAboutTheThing: a pull request is not gone because the
// installation is.
func TestNoTokenSaysNothingAboutTheThing(t *testing.T) {
	for status, want := range map[int]string{404: "plain", 403: "refusal", 401: "plain", 500: "plain"} {
		h := newHub(t)
		repo := h.repo()
		h.on("GET "+shop+"/pulls/34", says(401, `{"message":"Bad credentials"}`))
		h.on("POST /app/installations/7/access_tokens", says(status, `{"message":"no"}`))
		_, err := repo.Pull(t.Context(), 34)
		if got := fateOf(err, h.clock()); got != want {
			t.Errorf("%d: fate is %q (%v), want %q", status, got, err, want)
		}
	}
}

// TestOnlyTheInjectedClockCounts: go-github would hold back by the machine's clock
// whatever follows an answer with nothing left.
func TestOnlyTheInjectedClockCounts(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/issues/12", says(200, `{"number":12,"repository_url":"https://api.github.com/repos/acme/shop","state":"open"}`,
		"X-RateLimit-Remaining: 0", fmt.Sprintf("X-RateLimit-Reset: %d", time.Now().Add(time.Hour).Unix())))
	repo := h.repo()
	for range 2 {
		if _, err := repo.ClosedBy(t.Context(), 12); err != nil {
			t.Error(err)
		}
	}
}
