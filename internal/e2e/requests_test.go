package e2e_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// What one hotfix may cost of GitHub's hourly budget, from its merge until it is
// solved, and a reconcile that finds nothing to do. An answer of 304 is free. Tokens
// are asked for as the App and last an hour; git has no such budget.
const (
	mostPaid   = 30
	mostAsked  = 5 // by a reconcile with nothing to do
	mostWrites = 18
)

// gatherClicks is how long the program waits for the other webhooks of one click.
const gatherClicks = 2 * time.Second

// TestRequestsOfOneHotfix counts them for the second hotfix of a repository: the first
// also makes two labels.
func TestRequestsOfOneHotfix(t *testing.T) {
	if watched {
		t.Skip("played without the race detector")
	}
	t.Parallel()
	s := &story{files: map[string]string{}, gather: gatherClicks}
	w := newWorld(t, s)
	w.clock.advance(time.Hour) // the App was not installed just now
	var paid, writes int
	for i, backports := range [][]int{{3, 4}, {7, 8}} {
		mark := w.github.Mark()
		if err := w.mergeOne(t.Context(), "acme/shop", i); err != nil {
			t.Fatal(err)
		}
		w.work(t)
		w.quiet(t)
		for _, pull := range backports {
			if _, err := w.github.Person("bob").Merge(t.Context(), "acme/shop", pull, "squash"); err != nil {
				t.Fatal(err)
			}
		}
		w.work(t)
		all := w.github.Requests()[mark:]
		paid, writes = len(payable(all)), len(writing(asInstallation(all)))
		t.Logf("hotfix %d cost %d requests, %d of them writes:%s", i+1, paid, writes, byRoute(payable(all)))
		w.quiet(t)
	}
	if paid > mostPaid || writes > mostWrites {
		t.Errorf("the second hotfix cost %d requests, of which %d are allowed", paid, mostPaid)
	}
	w.scraped(t)
	boards, err := w.app.Boards(t.Context())
	if err != nil || len(boards) != 1 || len(boards[0].Hotfixes) != 2 {
		t.Fatalf("%+v, %v", boards, err)
	}
	for _, status := range boards[0].Hotfixes {
		if status.State != "solved" {
			t.Errorf("#%d is %s", status.Key.Pull, status.State)
		}
	}
	if err := w.wrong(); err != nil {
		t.Error(err)
	}
}

// scraped holds that the metrics tell of what was done.
func (w *world) scraped(t *testing.T) {
	t.Helper()
	resp, err := http.Get("http://" + w.addr.String() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	for _, want := range []string{
		`hotfixbot_deliveries_total{outcome="accepted"}`, `hotfixbot_hotfixes{state="solved"} 2`, "hotfixbot_queue_repositories 0",
		`hotfixbot_github_requests_total{fate="ok",method="POST",route="/repos/*/*/pulls"} 4`, `hotfixbot_reconcile_seconds_count{outcome="done"}`,
	} {
		if err != nil || !strings.Contains(string(text), want) {
			t.Fatalf("the metrics lack %s: %d, %v\n%s", want, resp.StatusCode, err, text)
		}
	}
}

// quiet holds what a reconcile costs that finds nothing to do.
func (w *world) quiet(t *testing.T) {
	t.Helper()
	if err := w.sweep(t.Context()); err != nil { // the first look after the bot's own acts
		t.Fatal(err)
	}
	mark := w.github.Mark()
	if err := w.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	asked := slices.DeleteFunc(asInstallation(w.github.Requests()[mark:]), func(r githubsim.Request) bool {
		return !strings.HasPrefix(r.Path, "/repos/") // the sweep's own, for all repositories
	})
	if len(asked) > mostAsked || len(payable(asked)) > 0 {
		t.Errorf("a reconcile with nothing to do asked%s", byRoute(asked))
	}
}

// payable are the requests of the installation that count.
func payable(requests []githubsim.Request) []githubsim.Request {
	return slices.DeleteFunc(asInstallation(requests), func(r githubsim.Request) bool {
		return r.Status == 304 || !strings.HasPrefix(r.Path, "/repos/") && r.Path != "/graphql"
	})
}

var numberInPath = regexp.MustCompile(`/([0-9a-f]{40}(\.\.\.[0-9a-f]{40})?|[0-9]+|v[0-9.]+)\b`)

// byRoute counts requests by their route.
func byRoute(requests []githubsim.Request) string {
	counts := map[string]int{}
	for _, r := range requests {
		counts[fmt.Sprintf("%s %s %d", r.Method, numberInPath.ReplaceAllString(r.Path, "/…"), r.Status)]++
	}
	var lines strings.Builder
	for _, route := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&lines, "\n%4d %s", counts[route], route)
	}
	return lines.String()
}
