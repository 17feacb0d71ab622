package forge_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// paced is an App that shares its budget with others of the same purses.
func (h *hub) paced(purses forge.Purses) *forge.App {
	h.t.Helper()
	app, err := forge.New(forge.Config{
		AppID: 5, Key: testKey(), APIURL: h.URL, WebURL: "https://hub.example", Now: h.clock, Purses: purses,
		Transport: h.contract.Transport(h.Client().Transport),
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return app
}

// closeMany writes until it is put off.
func closeMany(t *testing.T, app *forge.App) (made int, later *hotfix.Later) {
	t.Helper()
	repo, err := app.Repository(t.Context(), 100)
	for made = 0; err == nil; made++ {
		err = repo.SetIssueOpen(t.Context(), 3, false)
	}
	if !errors.As(err, &later) || !later.Own {
		t.Fatalf("after %d writes: %v", made, err)
	}
	return made - 1, later
}

func TestWritesArePaced(t *testing.T) {
	h, purses := newHub(t), &purses{}
	h.on("PATCH "+shop+"/issues/3", says(200, `{"number":3}`))
	app := h.paced(purses)
	made, later := closeMany(t, app)
	if n := len(h.sent("PATCH " + shop + "/issues/3")); n != made || n > 20 || n < 15 {
		t.Fatalf("%d were sent at once, of %d", n, made)
	}
	if wait := later.At.Sub(h.clock()); wait <= 0 || wait > time.Minute {
		t.Fatalf("the next may be made after %s", wait)
	}
	// Another process shares the budget, and so does this one after a restart.
	repo, err := h.paced(purses).Repository(t.Context(), 100)
	if err == nil {
		err = repo.SetIssueOpen(t.Context(), 3, false)
	}
	if later = nil; !errors.As(err, &later) || !later.Own {
		t.Fatalf("another process: %v", err)
	}
	h.wait(later.At.Sub(h.clock()))
	if err := repo.SetIssueOpen(t.Context(), 3, false); err != nil {
		t.Fatalf("when it was told to come: %v", err)
	}
}

// A reconcile that needed less than its turn leaves the rest to others.
func TestTurnIsGivenBack(t *testing.T) {
	h, purses := newHub(t), &purses{}
	h.on("PATCH "+shop+"/issues/3", says(200, `{"number":3}`))
	h.on("GET /installation/repositories", says(200, `{"total_count":2,"repositories":[`+repository(100, "shop")+`,`+repository(200, "desk")+`]}`))
	h.on("GET /repos/acme/desk", says(200, repository(200, "desk")))
	h.on("GET /repos/acme/desk/pulls", says(200, `[]`))
	h.on("PATCH /repos/acme/desk/issues/3", says(200, `{"number":3}`))
	app := h.paced(purses)
	_, later := closeMany(t, app)
	h.wait(later.At.Sub(h.clock()))
	desk, err := app.Repository(t.Context(), 200)
	if err != nil {
		t.Fatal(err)
	}
	if err := desk.SetIssueOpen(t.Context(), 3, false); err == nil {
		t.Fatal("the turn of another repository was taken")
	}
	if err := app.Rest(t.Context(), 100, nil); err != nil {
		t.Fatal(err)
	}
	if err := desk.SetIssueOpen(t.Context(), 3, false); err != nil {
		t.Errorf("after the turn was given back: %v", err)
	}
}

// No reconcile is begun that would have to be given up for want of points.
func TestReadsArePaced(t *testing.T) {
	h := newHub(t)
	h.on("GET "+shop+"/collaborators/bob/permission", says(200, `{"permission":"write","role_name":"write","user":{"login":"bob","permissions":{"push":true}}}`))
	app := h.paced(&purses{})
	repo, err := app.Repository(t.Context(), 100)
	n := 0
	for ; err == nil && n < 2000; n++ {
		_, err = repo.Permission(t.Context(), "bob")
	}
	var later *hotfix.Later
	if !errors.As(err, &later) || !later.Own || n > 900 || n < 700 {
		t.Fatalf("after %d reads: %v", n, err)
	}
	if _, err := app.Repository(t.Context(), 100); !errors.As(err, &later) || !later.Own {
		t.Errorf("a reconcile was begun: %v", err)
	}
	h.wait(later.At.Sub(h.clock()) + 2*time.Minute)
	if _, err := app.Repository(t.Context(), 100); err != nil {
		t.Errorf("two minutes later: %v", err)
	}
}

// What GitHub says to one process holds the others back, too; and the last request
// that it allows is the last that is sent.
func TestGitHubsWordHoldsAllProcesses(t *testing.T) {
	h, purses := newHub(t), &purses{}
	first, second := h.paced(purses), h.paced(purses)
	repo, err := first.Repository(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	h.on("PATCH "+shop+"/issues/3", says(http.StatusForbidden, `{"message":"slow down"}`, "Retry-After: 77"))
	var later *hotfix.Later
	if err := repo.SetIssueOpen(t.Context(), 3, false); !errors.As(err, &later) || later.Own {
		t.Fatalf("%v", err)
	}
	if _, err := second.Repository(t.Context(), 100); !errors.As(err, &later) || later.Own || !later.At.Equal(h.clock().Add(77*time.Second)) {
		t.Errorf("another process: %v", err)
	}
}

// Where GitHub refuses again and names no time, the wait doubles.
func TestWaitDoublesWhereGitHubNamesNoTime(t *testing.T) {
	h := newHub(t)
	app := h.paced(&purses{})
	h.on("PATCH "+shop+"/issues/3", says(http.StatusForbidden, `{"message":"slow down","documentation_url":"https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits"}`))
	for _, want := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute} {
		repo, err := app.Repository(t.Context(), 100)
		if err != nil {
			t.Fatal(err)
		}
		var later *hotfix.Later
		if err := repo.SetIssueOpen(t.Context(), 3, false); !errors.As(err, &later) || later.At.Sub(h.clock()) != want {
			t.Fatalf("%v, not in %s", err, want)
		}
		h.wait(want + 10*time.Second) // the burst is gone
	}
}

// purses are forge.Purses of one process.
type purses struct {
	mu   sync.Mutex
	kept map[int64][]byte
}

// Purse implements forge.Purses.
func (m *purses) Purse(_ context.Context, installation int64, change func(kept []byte) ([]byte, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept, err := change(m.kept[installation])
	if err != nil {
		return err
	}
	if m.kept == nil {
		m.kept = map[int64][]byte{}
	}
	m.kept[installation] = kept
	return nil
}

// Spent implements forge.Purses.
func (m *purses) Spent(_ context.Context, installation int64) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept[installation], nil
}
