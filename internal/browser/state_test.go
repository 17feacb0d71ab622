package browser_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

var noon = time.Date(2026, 3, 6, 12, 0, 0, 0, time.UTC)

// shelf is what is shown; it can be changed while pages are open.
type shelf struct {
	mu     sync.Mutex
	mark   int
	boards []hotfix.Board
	broken error
}

func (s *shelf) change(how func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mark++
	how()
}

func (s *shelf) Boards(context.Context) ([]hotfix.Board, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.boards, s.broken
}

func (s *shelf) History(context.Context, hotfix.RepositoryID, int) ([]hotfix.Event, error) {
	return []hotfix.Event{{At: noon, Pull: 1, Environment: long, From: "proposed", To: "skipped", Ground: hotfix.Ground{Person: "bob", Reason: long}}}, nil
}

func (s *shelf) Mark(context.Context) (hotfix.Mark, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return hotfix.Mark{Boards: fmt.Sprint(s.mark), Deliveries: fmt.Sprint(s.mark)}, nil
}

func (s *shelf) Receipts(context.Context, int) ([]hotfix.Receipt, error) {
	return []hotfix.Receipt{{GUID: "b0f6b8a0-17b1-11f1-8a0e-7d1f3c1a2b3c", Event: "pull_request_review", Action: "submitted", Repository: 1, ReceivedAt: noon, State: hotfix.ReceiptFailed}}, nil
}

func (s *shelf) Debts(context.Context) ([]hotfix.Debt, error) {
	return []hotfix.Debt{
		{Repository: 1, Since: noon, Why: "sweep", Attempts: 7, NotBefore: noon, Problem: "observe: read the pull requests: GitHub answered 502 " + long},
		{Repository: 9, Since: noon, Why: "delivery b0f6b8a0-17b1-11f1-8a0e-7d1f3c1a2b3c"},
	}, nil
}

// serve shows a shelf until the test ends.
func serve(t *testing.T, s *shelf) string {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close) // after the streams were ended
	server.Config.Handler = shown(t, s)
	server.Start()
	return server.URL
}

// long is what nobody expected: a word without end, and much of everything.
var long = strings.Repeat("Donaudampfschifffahrtsgesellschaftskapitaen", 4) + " and a sentence that goes on, and on, and on, until it has no breath left"

// longBoard has everything in every state, under the longest names.
func longBoard() hotfix.Board {
	board := hotfix.Board{Repository: 1, Name: "acme/" + strings.Repeat("repository-", 8), Applications: []string{long, "api"}}
	board.Problems = []hotfix.Problem{{What: long, Remedy: "rename `" + strings.ReplaceAll(long, " ", "/") + "`"}}
	board.Notes = []string{long}
	status := hotfix.Status{
		Key: hotfix.Key{Repository: 1, Pull: 1}, Title: long, Author: "alice", MergedAt: noon.Add(-90 * 24 * time.Hour), Landing: "Production",
		Landed: hotfix.Landing{Commit: "4f2d9a7c1b3e5f60718293a4b5c6d7e8f9012345", Evidence: long}, Issue: 2, State: hotfix.StateOpen,
		Versions: []hotfix.Tagged{{Application: long, Tag: strings.Repeat("release-", 12) + "v1.7.1"}}, HeldOpenBy: "bob", Modules: []string{long, "cart"},
	}
	verdicts := []hotfix.Verdict{
		hotfix.VerdictContained, hotfix.VerdictSkipped, hotfix.VerdictProposed, hotfix.VerdictConflicted,
		hotfix.VerdictDeclined, hotfix.VerdictLost, hotfix.VerdictWaiting, hotfix.VerdictPending,
	}
	board.Environments = []hotfix.EnvironmentState{{Environment: hotfix.Environment{Name: "Production", Branch: "main", Landing: true}, Red: true}}
	for i, verdict := range verdicts {
		env := hotfix.Environment{Name: fmt.Sprintf("Environment-%d", i), Branch: fmt.Sprintf("a/branch/with/a/long/name/%d", i)}
		board.Environments = append(board.Environments, hotfix.EnvironmentState{
			Environment: env, Runs: []hotfix.Running{{Application: long, Version: "2026.1100.12345", Tag: strings.Repeat("release-", 6) + "v2026.1100.12345", Mark: "+", Ahead: 12345}},
		})
		status.Standings = append(status.Standings, hotfix.Standing{
			Environment: env.Name, Branch: env.Branch, Verdict: verdict, Pull: 40 + i, By: "carol", Reason: long,
			Conflicts: []hotfix.PathConflict{{Path: strings.ReplaceAll(long, " ", "/"), Kind: hotfix.ConflictContent}}, Unresolved: []string{strings.ReplaceAll(long, " ", "/")},
			Awaited: []string{"alice", "bob", "acme/the-team-with-a-long-name"}, Superseded: []int{20, 30},
		})
	}
	board.Hotfixes = append(board.Hotfixes, status)
	for i := range 60 {
		small := status
		small.Key.Pull, small.Standings, small.State = 100+i, status.Standings[:2], hotfix.StateSolved
		board.Hotfixes = append(board.Hotfixes, small)
	}
	return board
}

// TestLongStates looks at what is longer than anybody expects.
func TestLongStates(t *testing.T) {
	t.Parallel()
	b := open(t)
	url := serve(t, &shelf{boards: []hotfix.Board{longBoard()}})
	for name, path := range map[string]string{"long-environments": "/", "long-hotfixes": "/hotfixes", "long-hotfix": "/hotfixes/1/1", "long-deliveries": "/deliveries"} {
		b.visit(url + path)
		inspect(b, name)
	}
}

// TestEmptyAndBrokenStates looks at what there is before anything is there, and when
// something is wrong; an open page tells when the server is gone and comes back.
func TestEmptyAndBrokenStates(t *testing.T) {
	t.Parallel()
	b := open(t)
	s := &shelf{}
	url := serve(t, s)
	b.visit(url + "/hotfixes")
	b.contains("No hotfix yet")
	inspect(b, "empty-hotfixes")
	b.visit(url + "/")
	b.contains("No repository yet")
	inspect(b, "empty")
	s.change(func() { s.boards = []hotfix.Board{{Repository: 1, Name: "acme/shop"}} })
	b.until(`document.querySelector("h2").textContent === "acme/shop"`)

	s.change(func() { s.broken = errors.New("disk full") })
	b.until(`document.getElementById("live").dataset.state === "lost"`)
	b.contains("acme/shop") // what was known is kept
	b.complaints()          // the browser notes the answer 500
	b.visit(url + "/")
	b.contains("Something went wrong", "The log says why")
	b.complaints()
	inspect(b, "broken")
	b.visit(url + "/nowhere")
	b.contains("Not Found")
}

// TestFocusStaysWhereItIs: what is replaced while somebody is on it with the keyboard
// keeps the focus.
func TestFocusStaysWhereItIs(t *testing.T) {
	t.Parallel()
	b := open(t)
	board := hotfix.Board{Repository: 1, Name: "acme/shop"}
	s := &shelf{boards: []hotfix.Board{board}}
	b.visit(serve(t, s) + "/")
	b.until(`document.getElementById("live").textContent === "Live"`)
	evaluate[bool](b, `document.querySelector("h2 a").focus(), true`)
	board.Notes = []string{"something is new"}
	s.change(func() { s.boards = []hotfix.Board{board} })
	b.until(`document.body.innerText.includes("Something is new")`)
	if at := evaluate[string](b, `document.activeElement.textContent`); at != "acme/shop" {
		t.Errorf("the focus went to %q", at)
	}
	quiet(b, "the page with a focus")
}
