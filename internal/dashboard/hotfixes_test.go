package dashboard_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// numbered are the numbers of the hotfixes that a page lists.
func numbered(root *html.Node) string {
	var out []string
	for _, th := range all(root, "th") {
		if attribute(th, "scope") == "row" {
			_, number, _ := strings.Cut(words(th), "#")
			number, _, _ = strings.Cut(number, " ")
			out = append(out, number)
		}
	}
	return strings.Join(out, " ")
}

func TestHotfixesAreFiltered(t *testing.T) {
	board, other := shop(), shop()
	other.Repository, other.Name = 8, "acme/docs"
	other.Hotfixes = []hotfix.Status{other.Hotfixes[1]}
	other.Hotfixes[0].Key = hotfix.Key{Repository: 8, Pull: 50}
	other.Hotfixes[0].State, other.Hotfixes[0].MergedAt = hotfix.StateReady, merged.Add(-40*24*time.Hour)
	for query, want := range map[string]string{
		"":                                      "34 50 30", // in flight, then the newest
		"?repository=shop":                      "34 30",
		"?repository=acme%2Fdocs":               "50",
		"?state=flight":                         "34 50",
		"?state=solved":                         "30",
		"?state=ready":                          "50",
		"?age=1d":                               "34",
		"?age=7d":                               "34 30",
		"?age=over-30d":                         "50",
		"?repository=shop&state=solved&age=30d": "30",
	} {
		if got := numbered(page(t, "/hotfixes"+query, board, other)); got != want {
			t.Errorf("%q lists %s, want %s", query, got, want)
		}
	}
	p := pages(t, config(shelf{boards: []hotfix.Board{board}}))
	for path, want := range map[string]string{
		"/hotfixes?state=nonsense":           "There is no state “nonsense”. It is one of: flight, open, ready, solved, forced, reverted.",
		"/hotfixes?state=open&age=2d":        "There is no age “2d”. It is one of: 1d, 7d, 30d, over-3d, over-30d.",
		"/deliveries?state=%3Cscript%3E":     "There is no state “<script>”. It is one of: waiting, failed, served.",
		"/api/v1/boards?state=open":          "The API has no parameter state: it answers with everything that there is at the address.",
		"/api/v1/boards/acme/shop?x=1&age=1": "The API has no parameter age: it answers with everything that there is at the address.",
	} {
		got := get(t, p, http.MethodGet, path)
		if says := words(got.tree(t)); got.status != http.StatusBadRequest || !strings.Contains(says, want) {
			t.Errorf("%s: %d %s", path, got.status, says)
		}
	}
	root := page(t, "/hotfixes?state=forced&repository=shop", board, other)
	if text := words(root); !strings.Contains(text, "None of 3 hotfixes is like that.") {
		t.Errorf("nothing fits: %s", text)
	}
	for _, o := range all(root, "option") {
		if attribute(o, "value") == "forced" {
			if o.Attr[len(o.Attr)-1].Key != "selected" {
				t.Error("the form forgets what was chosen")
			}
		}
	}
}

func TestHotfixesComePageByPage(t *testing.T) {
	board := shop()
	for i := range 70 {
		board.Hotfixes = append(board.Hotfixes, solvedOne(100+i, fmt.Sprintf("v1.6.%d", i)))
	}
	first := page(t, "/hotfixes?repository=acme%2Fshop", board)
	if got := strings.Fields(numbered(first)); len(got) != 50 || got[0] != "34" {
		t.Errorf("the first page has %v", got)
	}
	var next string
	for _, a := range all(first, "a") {
		if attribute(a, "rel") == "next" {
			next = attribute(a, "href")
		}
	}
	if next != "/hotfixes?page=2&repository=acme%2Fshop" {
		t.Fatalf("the next page is %q", next)
	}
	if got := strings.Fields(numbered(page(t, next, board))); len(got) != 22 {
		t.Errorf("the second page has %v", got)
	}
}

func TestNoHotfixYet(t *testing.T) {
	if text := words(page(t, "/hotfixes", hotfix.Board{Name: "acme/shop"})); !strings.Contains(text, "No hotfix yet") {
		t.Errorf("it says %s", text)
	}
}

func TestDeliveriesTellWhatWaitsAndWhatFailed(t *testing.T) {
	all := shelf{
		boards: []hotfix.Board{shop()},
		receipts: []hotfix.Receipt{
			{GUID: "g3", Event: "push", Repository: 7, ReceivedAt: merged, State: hotfix.ReceiptFailed},
			{GUID: "g2", Event: "pull_request", Action: "closed", Repository: 8, ReceivedAt: merged, State: hotfix.ReceiptWaiting},
			{GUID: "g1", Event: "ping", ReceivedAt: merged, State: hotfix.ReceiptServed},
		},
		debts: []hotfix.Debt{
			{Repository: 7, Since: merged, Attempts: 2, NotBefore: merged.Add(time.Minute), Problem: "GitHub answered 502", Why: "delivery g3"},
			{Repository: 8, Since: merged, Why: "delivery g2"},
		},
	}
	p := pages(t, config(all))
	root := get(t, p, http.MethodGet, "/deliveries").tree(t)
	lines(t, table(t, root, "debts"),
		"Repository | Since | State | Why",
		"acme/shop | 2026-03-02 08:34 UTC | failed 2 times in a rowagain at 2026-03-02 08:35 UTC | GitHub answered 502",
		"repository 8 | 2026-03-02 08:34 UTC | waiting | woken by delivery g2")
	lines(t, table(t, root, "receipts"),
		"When | Event | Repository | State | Delivery",
		"2026-03-02 08:34 UTC | push | acme/shop | failed | g3 Replay push g3",
		"2026-03-02 08:34 UTC | pull_request closed | repository 8 | waiting | g2 Replay pull_request g2",
		"2026-03-02 08:34 UTC | ping | – | served | g1 Replay ping g1")
	if got := rows(table(t, get(t, p, http.MethodGet, "/deliveries?state=waiting").tree(t), "receipts")); len(got) != 2 {
		t.Errorf("waiting are %q", got)
	}
	for _, path := range []string{"/", "/hotfixes/7/34"} {
		text := words(get(t, p, http.MethodGet, path).tree(t))
		if !strings.Contains(text, "may be out of date. It is tried again at 2026-03-02 08:35 UTC.") || strings.Contains(text, "502") {
			t.Errorf("%s: %s", path, text)
		}
	}
	empty := words(get(t, pages(t, config(shelf{})), http.MethodGet, "/deliveries").tree(t))
	if !strings.Contains(empty, "Nothing received yet") || !strings.Contains(empty, "everything that was received is done") {
		t.Errorf("with nothing: %s", empty)
	}
}

// TestReplayIsAskedForFromItsOwnPage: another site's form is refused, also where it
// comes from a browser on this machine.
func TestReplayIsAskedForFromItsOwnPage(t *testing.T) {
	p := pages(t, config(shelf{receipts: []hotfix.Receipt{{GUID: "g1", Event: "ping"}}}))
	for _, c := range []struct {
		guid, site, origin string
		status             int
	}{
		{"g1", "same-origin", "", http.StatusSeeOther},
		{"g1", "", "", http.StatusSeeOther}, // no browser
		{"g1", "cross-site", "", http.StatusForbidden},
		{"g1", "same-site", "", http.StatusForbidden},
		{"g1", "", "http://mallory.test", http.StatusForbidden},
		{"g2", "same-origin", "", http.StatusNotFound},
		{"broken", "same-origin", "", http.StatusInternalServerError},
	} {
		req := httptest.NewRequest(http.MethodPost, "/deliveries/"+c.guid+"/replay", nil)
		req.RemoteAddr, req.Host = "127.0.0.1:5000", "localhost:8080"
		for name, value := range map[string]string{"Sec-Fetch-Site": c.site, "Origin": c.origin} {
			if value != "" {
				req.Header.Set(name, value)
			}
		}
		w := httptest.NewRecorder()
		p.ServeHTTP(w, req)
		if w.Code != c.status || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
		if c.status == http.StatusSeeOther && w.Header().Get("Location") != "/deliveries?replayed=g1" {
			t.Errorf("it leads to %q", w.Header().Get("Location"))
		}
	}
	for query, said := range map[string]bool{"?replayed=g1": true, "?replayed=call+0900": false, "": false} {
		text := words(get(t, p, http.MethodGet, "/deliveries"+query).tree(t))
		if strings.Contains(text, "concerns is looked at again") != said {
			t.Errorf("%q: %s", query, text)
		}
	}
}
