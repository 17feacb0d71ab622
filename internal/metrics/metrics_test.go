package metrics_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/metrics"
)

var now = time.Date(2030, 5, 6, 7, 8, 9, 0, time.UTC)

type kept struct{ broken error }

func (k kept) Boards(context.Context) ([]hotfix.Board, error) {
	return []hotfix.Board{{Name: "acme/secret", Hotfixes: []hotfix.Status{{
		State: "open", MergedAt: now.Add(-time.Hour), Title: "secret title",
		Standings: []hotfix.Standing{{Environment: "secret", Verdict: hotfix.VerdictContained}, {Verdict: hotfix.VerdictProposed}},
	}}}}, k.broken
}

func (k kept) Debts(context.Context) ([]hotfix.Debt, error) {
	return []hotfix.Debt{{Since: now.Add(-time.Minute)}, {Since: now}}, k.broken
}

func sources(from kept) metrics.Sources {
	return metrics.Sources{
		Kept:       from,
		Deliveries: func() map[string]int64 { return map[string]int64{"accepted": 3} },
		Wakes:      func() map[string]int64 { return map[string]int64{"joined": 5} },
		Budgets: func(context.Context) (list []hotfix.Budget, err error) {
			for id := range int64(60) { // the fewer its id has, the more it has left
				list = append(list, hotfix.Budget{Installation: 60 - id, Paced: id != 59, Writes: int(id), Points: 840, Told: id == 0, Limit: 5000, Remaining: 17})
			}
			return list, from.broken
		},
		Now: func() time.Time { return now },
	}
}

// answers gives one status after the other.
type answers []int

func (a *answers) RoundTrip(req *http.Request) (*http.Response, error) {
	status := (*a)[0]
	*a = (*a)[1:]
	if status == 0 {
		return nil, errors.New("lost")
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: http.NoBody, Request: req}, nil
}

func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestMetrics: what is counted, and that no name which somebody chose is in it.
func TestMetrics(t *testing.T) {
	m := metrics.New(sources(kept{}))
	transport := m.Transport(&answers{200, 304, 404, 422, 429, 502, 0, 200})
	for _, path := range []string{
		"/repos/acme/secret/pulls", "/repos/acme/pulls/pulls", "/api/v3/repos/acme/secret/git/ref/tags/secret", "/repos/acme/secret/labels",
		"/repos/acme/secret/issues/12/comments", "/graphql", "/repos/acme/secret/contents/.github/secret/x/y", "/secret",
	} {
		resp, err := transport.RoundTrip(httptest.NewRequest(http.MethodGet, "https://api.github.test"+path, nil))
		if err == nil {
			err = resp.Body.Close()
		}
		if err != nil && err.Error() != "lost" {
			t.Fatal(err)
		}
	}
	for _, err := range []error{nil, &hotfix.Due{}, &hotfix.Later{Own: true}, &hotfix.Later{}, errors.New("secret")} {
		m.Reconciled(time.Second, err)
	}
	m.Git("fetch", time.Second)
	move(m)
	got := scrape(t, m)
	for _, want := range []string{
		`hotfixbot_github_requests_total{fate="ok",method="GET",route="/repos/*/*/pulls"} 1`,
		`hotfixbot_github_requests_total{fate="unchanged",method="GET",route="/repos/*/*/pulls"} 1`,
		`hotfixbot_github_requests_total{fate="missing",method="GET",route="/repos/*/*/git/ref/tags/*"} 1`,
		`hotfixbot_github_requests_total{fate="refused",method="GET",route="/repos/*/*/labels"} 1`,
		`hotfixbot_github_requests_total{fate="limited",method="GET",route="/repos/*/*/issues/*/comments"} 1`,
		`hotfixbot_github_requests_total{fate="failed",method="GET",route="/graphql"} 1`,
		`hotfixbot_github_requests_total{fate="lost",method="GET",route="/repos/*/*/contents/*"} 1`,
		`hotfixbot_github_requests_total{fate="ok",method="GET",route="/*"} 1`,
		`hotfixbot_reconcile_seconds_count{outcome="done"} 2`, `outcome="budget"} 1`, `outcome="later"} 1`, `outcome="failed"} 1`,
		`hotfixbot_deliveries_total{outcome="accepted"} 3`, "hotfixbot_queue_repositories 2", "hotfixbot_queue_oldest_seconds 60",
		`hotfixbot_hotfixes{state="open"} 1`, `hotfixbot_missing{verdict="proposed"} 1`, "hotfixbot_missing_oldest_seconds 3600", "go_goroutines",
		`hotfixbot_wakes_total{fate="joined"} 5`, `hotfixbot_git_seconds_count{operation="fetch"} 1`,
		`hotfixbot_budget_writes{installation="60"} 0`, `hotfixbot_budget_points{installation="60"} 840`,
		`hotfixbot_github_limit{installation="60"} 5000`, `hotfixbot_github_remaining{installation="60"} 17`,
		`hotfixbot_propagation_seconds_sum{below="1"} 3600`, `hotfixbot_propagation_seconds_count{below="1"} 1`,
		`hotfixbot_propagation_seconds_count{below="more"} 1`,
		`hotfixbot_solved_seconds_sum{state="solved"} 3600`, `hotfixbot_solved_seconds_count{state="solved"} 1`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Contains(got, "secret") || strings.Contains(got, "acme") {
		t.Errorf("a name is in it:\n%s", got)
	}
}

// move tells of a hotfix of an hour ago that came to the first and the seventh of its
// environments and was solved, and of what is no such thing.
func move(m *metrics.Metrics) {
	board := hotfix.Board{Hotfixes: []hotfix.Status{{Key: hotfix.Key{Pull: 3}, MergedAt: now.Add(-time.Hour)}}}
	for _, name := range []string{"secret", "b", "c", "d", "e", "f", "g"} {
		board.Hotfixes[0].Standings = append(board.Hotfixes[0].Standings, hotfix.Standing{Environment: name})
	}
	m.Moved(board, []hotfix.Event{
		{Pull: 3, Environment: "secret", From: "proposed", To: "contained"},
		{Pull: 3, Environment: "g", From: "pending", To: "contained"},
		{Pull: 3, From: "ready", To: "solved"},
		{Pull: 3, Environment: "b", To: "contained"},                        // seen first so: the database was lost
		{Pull: 3, Environment: "c", From: "lost", To: "contained"},          // counted when it came there first
		{Pull: 3, Environment: "d", From: "contained", To: "contained"},     // another proof
		{Pull: 3, Environment: "e", From: "pending", To: "proposed"},        // not there yet
		{Pull: 3, Environment: "secret-up", From: "x", To: "contained"},     // not below the landing one
		{Pull: 4, Environment: "secret", From: "proposed", To: "contained"}, // not on the board
		{Pull: 3, To: "solved"},
		{Pull: 3, From: "solved", To: "forced"},
	})
}

// An App that everybody may install has a bounded number of series: the installations
// with the least left.
func TestMostInstallationsAreLeftOut(t *testing.T) {
	got := scrape(t, metrics.New(sources(kept{})))
	if n := strings.Count(got, "hotfixbot_budget_writes{"); n != 50 || strings.Contains(got, `hotfixbot_budget_points{installation="1"}`) {
		t.Errorf("%d installations:\n%s", n, got)
	}
}

// Without the database, what the process counts itself is told all the same.
func TestMetricsWithoutDatabase(t *testing.T) {
	m := metrics.New(sources(kept{errors.New("away")}))
	if got := scrape(t, m); !strings.Contains(got, "hotfixbot_deliveries_total") || strings.Contains(got, "hotfixbot_queue") {
		t.Errorf("got\n%s", got)
	}
}
