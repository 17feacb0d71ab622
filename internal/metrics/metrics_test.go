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
	m := metrics.New(kept{}, func() map[string]int64 { return map[string]int64{"accepted": 3} }, func() time.Time { return now })
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
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is missing", want)
		}
	}
	if strings.Contains(got, "secret") || strings.Contains(got, "acme") {
		t.Errorf("a name is in it:\n%s", got)
	}
}

// Without the database, what the process counts itself is told all the same.
func TestMetricsWithoutDatabase(t *testing.T) {
	m := metrics.New(kept{errors.New("away")}, func() map[string]int64 { return map[string]int64{"accepted": 3} }, func() time.Time { return now })
	if got := scrape(t, m); !strings.Contains(got, "hotfixbot_deliveries_total") || strings.Contains(got, "hotfixbot_queue") {
		t.Errorf("got\n%s", got)
	}
}
