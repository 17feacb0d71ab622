package dashboard_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/net/html"

	"github.com/hotfixbot/hotfixbot/internal/dashboard"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const landed = hotfix.OID("4f2d9a7c1b3e5f60718293a4b5c6d7e8f9012345")

var merged = time.Date(2026, 3, 2, 8, 34, 0, 0, time.UTC)

// shelf is boards and histories to show; err, when set, is all it answers.
type shelf struct {
	boards   []hotfix.Board
	history  []hotfix.Event
	receipts []hotfix.Receipt
	debts    []hotfix.Debt
	err      error
}

func (s shelf) Mark(context.Context) (hotfix.Mark, error) {
	return hotfix.Mark{Boards: "3", Deliveries: "5"}, s.err
}

func (s shelf) Receipts(_ context.Context, limit int) ([]hotfix.Receipt, error) {
	return s.receipts[:min(limit, len(s.receipts))], s.err
}

func (s shelf) Debts(context.Context) ([]hotfix.Debt, error) { return s.debts, s.err }

func (s shelf) Boards(context.Context) ([]hotfix.Board, error) { return s.boards, s.err }

func (s shelf) History(_ context.Context, _ hotfix.RepositoryID, pull int) ([]hotfix.Event, error) {
	var lines []hotfix.Event
	for _, event := range s.history {
		if event.Pull == pull {
			lines = append(lines, event)
		}
	}
	return lines, s.err
}

func ready(context.Context) error { return nil }

// everything is all that pages show.
type everything interface {
	dashboard.Boards
	dashboard.Deliveries
}

// replayed knows one delivery, and breaks at another.
func replayed(_ context.Context, guid string) (bool, error) {
	if guid == "broken" {
		return false, errors.New("disk /secret/place is full")
	}
	return guid == "g1", nil
}

// now is half an hour after the hotfix of the story was merged.
func now() time.Time { return merged.Add(30 * time.Minute) }

func config(all everything) dashboard.Config {
	return dashboard.Config{
		Boards: all, Deliveries: all, Replay: replayed, Ready: ready, Now: now, Look: time.Millisecond, Name: "hotfixbot", WebURL: "https://github.test", Log: zerolog.Nop(),
	}
}

func pages(tb testing.TB, c dashboard.Config) *dashboard.Pages {
	tb.Helper()
	p, err := dashboard.New(c)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// answer is what a browser on this machine got.
type answer struct {
	status int
	header http.Header
	body   string
}

// get asks over a real loopback connection.
func get(t *testing.T, p *dashboard.Pages, method, path string) answer {
	t.Helper()
	server := httptest.NewServer(p)
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

// tree is the page as a browser reads it.
func (a answer) tree(t *testing.T) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(a.body))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// all are the elements of that name, in order.
func all(n *html.Node, name string) []*html.Node {
	var found []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name {
			found = append(found, d)
		}
	}
	return found
}

// words is what a person reads of an element.
func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// rows are a table's lines, the cells divided by " | ".
func rows(table *html.Node) []string {
	var out []string
	for _, tr := range all(table, "tr") {
		var cells []string
		for c := range tr.ChildNodes() {
			if c.Type == html.ElementNode {
				cells = append(cells, words(c))
			}
		}
		out = append(out, strings.Join(cells, " | "))
	}
	return out
}

// shop is a repository in the middle of the story: a hotfix in production, in QA,
// in conflict with Development.
func shop() hotfix.Board {
	return hotfix.Board{
		Repository: 7, Name: "acme/shop",
		Environments: []hotfix.EnvironmentState{
			{Environment: hotfix.Environment{Name: "Production", Branch: "main", Landing: true}, Runs: []hotfix.Running{{Version: "1.7.1", Tag: "v1.7.1", Mark: "+"}}, Red: true},
			{Environment: hotfix.Environment{Name: "QA", Branch: "qa"}, Runs: []hotfix.Running{{Version: "1.8.0", Tag: "v1.8.0", Mark: "+", Ahead: 3}}},
			{Environment: hotfix.Environment{Name: "Development", Branch: "dev"}, Runs: []hotfix.Running{{Version: "1.9.0", Tag: "v1.9.0"}}},
		},
		Hotfixes: []hotfix.Status{solvedOne(30, "v1.7.0"), {
			Key: hotfix.Key{Repository: 7, Pull: 34}, Title: "Stop losing items", URL: "https://github.test/acme/shop/pull/34",
			Author: "alice", MergedAt: merged, Landing: "Production", Issue: 33, State: hotfix.StateOpen, Versions: []hotfix.Tagged{{Tag: "v1.7.1"}},
			Landed: hotfix.Landing{Commit: landed, Method: hotfix.MergedBySquash, Evidence: "the diffs are the same"},
			Standings: []hotfix.Standing{
				{Environment: "QA", Branch: "qa", Verdict: hotfix.VerdictContained, Pull: 41, Proof: &hotfix.Proof{Kind: hotfix.ProofMerged, Commit: landed, Pull: 41, Person: "bob"}},
				{
					Environment: "Development", Branch: "dev", Verdict: hotfix.VerdictConflicted, Pull: 42, PullURL: "https://github.test/acme/shop/pull/42",
					Conflicts: []hotfix.PathConflict{{Path: "cart.go", Kind: hotfix.ConflictContent}, {Path: "logo.png", Kind: hotfix.ConflictBinary}}, Unresolved: []string{"cart.go"},
					Awaited: []string{"alice", "acme/shops"},
				},
			},
		}},
	}
}

func solvedOne(pull int, tag string) hotfix.Status {
	contained := func(env, branch string) hotfix.Standing {
		return hotfix.Standing{Environment: env, Branch: branch, Verdict: hotfix.VerdictContained, Proof: &hotfix.Proof{Kind: hotfix.ProofEmptyPick, Commit: landed}}
	}
	return hotfix.Status{
		Key: hotfix.Key{Repository: 7, Pull: pull}, Title: "An older fix", URL: "https://github.test/acme/shop/pull/30", Author: "bob",
		MergedAt: merged.Add(-24 * time.Hour), Landing: "Production", State: hotfix.StateSolved, Versions: []hotfix.Tagged{{Tag: tag}},
		Standings: []hotfix.Standing{contained("QA", "qa"), contained("Development", "dev")},
	}
}

func TestNewWantsItsParts(t *testing.T) {
	good := config(shelf{})
	for name, spoil := range map[string]func(*dashboard.Config){
		"no boards":     func(c *dashboard.Config) { c.Boards = nil },
		"no deliveries": func(c *dashboard.Config) { c.Deliveries = nil },
		"no replay":     func(c *dashboard.Config) { c.Replay = nil },
		"no ready":      func(c *dashboard.Config) { c.Ready = nil },
		"no web URL":    func(c *dashboard.Config) { c.WebURL = "" },
		"no scheme":     func(c *dashboard.Config) { c.WebURL = "github.test" },
		"a script":      func(c *dashboard.Config) { c.WebURL = "javascript:alert(1)" },
	} {
		t.Run(name, func(t *testing.T) {
			bad := good
			spoil(&bad)
			if _, err := dashboard.New(bad); err == nil {
				t.Error("it was taken")
			}
		})
	}
}

func TestAFailureIsToldToTheLogOnly(t *testing.T) {
	var log bytes.Buffer
	c := config(shelf{boards: []hotfix.Board{shop()}, err: errors.New("disk /secret/place is full")})
	c.Log = zerolog.New(&log)
	p := pages(t, c)
	for _, path := range []string{"/", "/hotfixes", "/hotfixes/7/34", "/deliveries", "/api/v1/boards"} {
		log.Reset()
		got := get(t, p, http.MethodGet, path)
		if got.status != http.StatusInternalServerError || strings.Contains(got.body, "secret") {
			t.Errorf("%s: %d %s", path, got.status, got.body)
		}
		if !strings.Contains(log.String(), "/secret/place") {
			t.Errorf("%s: the log does not say why: %s", path, log.String())
		}
	}
}

func TestOnlyReading(t *testing.T) {
	p := pages(t, config(shelf{}))
	for _, path := range []string{"/", "/hotfixes", "/deliveries", "/healthz", "/readyz", "/api/v1/boards", "/assets/style.css", "/assets/live.js"} {
		if got := get(t, p, http.MethodHead, path); got.status != http.StatusOK || got.body != "" {
			t.Errorf("HEAD %s: %d, %d bytes", path, got.status, len(got.body))
		}
		if got := get(t, p, http.MethodPost, path); got.status != http.StatusMethodNotAllowed {
			t.Errorf("POST %s: %d", path, got.status)
		}
	}
}

type explosive struct{ shelf }

func (explosive) Boards(context.Context) ([]hotfix.Board, error) { panic("boom") }

func TestAPanicIsAnAnswer(t *testing.T) {
	var log bytes.Buffer
	c := config(explosive{})
	c.Log = zerolog.New(&log)
	if got := get(t, pages(t, c), http.MethodGet, "/"); got.status != http.StatusInternalServerError {
		t.Errorf("status %d", got.status)
	}
	if !strings.Contains(log.String(), "boom") {
		t.Errorf("log: %s", log.String())
	}
}
