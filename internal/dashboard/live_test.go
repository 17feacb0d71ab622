package dashboard_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/dashboard"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// counter is a shelf whose mark changes, and that counts how often it is asked.
type counter struct {
	shelf
	changes, asked, read atomic.Int64
}

func (c *counter) Boards(ctx context.Context) ([]hotfix.Board, error) {
	c.read.Add(1)
	return c.shelf.Boards(ctx)
}

func (c *counter) Mark(context.Context) (hotfix.Mark, error) {
	c.asked.Add(1)
	return hotfix.Mark{Boards: fmt.Sprint(c.changes.Load()), Deliveries: "1"}, nil
}

// listen opens a stream and gives its events.
func listen(t *testing.T, url string) *bufio.Scanner {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || kind != "text/event-stream" {
		t.Fatalf("%d %s", response.StatusCode, kind)
	}
	return bufio.NewScanner(response.Body)
}

// hear waits for the next event.
func hear(t *testing.T, events *bufio.Scanner) string {
	t.Helper()
	for events.Scan() {
		if line, ok := strings.CutPrefix(events.Text(), "data: "); ok {
			return line
		}
	}
	return "the end"
}

// TestOpenPagesAreTold: at once what is, then what is different, each page alike; and
// the streams end with Watch, beyond the server's limits until then.
func TestOpenPagesAreTold(t *testing.T) {
	c := &counter{}
	p := pages(t, config(c))
	server := httptest.NewUnstartedServer(p)
	server.Config.ReadHeaderTimeout = time.Minute
	server.Config.ReadTimeout, server.Config.WriteTimeout = 5*time.Millisecond, 5*time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); p.Watch(ctx) }()

	one, two := listen(t, server.URL), listen(t, server.URL)
	for i := range 20 { // a millisecond each, at least
		want := fmt.Sprintf(`{"boards":"%d","deliveries":"1"}`, i)
		if first, second := hear(t, one), hear(t, two); first != want || second != want {
			t.Fatalf("told %s and %s, want %s", first, second, want)
		}
		c.changes.Add(1)
	}
	hear(t, one)
	hear(t, two)
	stop()
	<-ended
	if first, second := hear(t, one), hear(t, two); first != "the end" || second != "the end" {
		t.Errorf("after the end: %s, %s", first, second)
	}
}

// TestBoardsAreReadWhenTheyChange: once for each mark, however many pages ask.
func TestBoardsAreReadWhenTheyChange(t *testing.T) {
	c := &counter{shelf: shelf{boards: []hotfix.Board{shop()}}}
	p := pages(t, config(c))
	for round := range 2 {
		for _, path := range []string{"/", "/hotfixes", "/deliveries", "/api/v1/boards"} {
			if got := get(t, p, http.MethodGet, path); got.status != http.StatusOK {
				t.Errorf("%s: %d", path, got.status)
			}
		}
		if n := c.read.Load(); n != int64(round+1) {
			t.Errorf("read %d times", n)
		}
		c.changes.Add(1)
	}
}

// TestNobodyAsksForNobody: as long as no page is open, the database is left alone.
func TestNobodyAsksForNobody(t *testing.T) {
	c := &counter{}
	p := pages(t, config(c))
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	p.Watch(ctx)
	if n := c.asked.Load(); n != 0 {
		t.Errorf("it was asked %d times", n)
	}
}

// TestNobodyIsToldOfOthers: what happens where somebody cannot read is no event for them,
// and the mark of their pages is the same.
func TestNobodyIsToldOfOthers(t *testing.T) {
	h := newHouse(t, func(c *dashboard.Config) { c.Look = time.Millisecond })
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); h.pages.Watch(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	alice, mallory := h.as("alice"), h.as("mallory") // mallory reads what is public
	hers, his := alice.listen(), mallory.listen()
	before, first := hear(t, hers), hear(t, his)
	page := marked.FindString(mallory.get("/").body)
	if !strings.Contains(first, `"deliveries":""`) || page == "" || !strings.Contains(first, marked.FindStringSubmatch(page)[1]) {
		t.Fatalf("told %s on a page of %s", first, page)
	}
	h.standing(func(s *hotfix.Status) { s.State = hotfix.StateSolved })
	if now := hear(t, hers); now == before || !strings.Contains(now, `"deliveries":"5"`) {
		t.Errorf("alice, an operator, is told %s after %s", now, before)
	}
	if again := marked.FindString(mallory.get("/").body); again != page {
		t.Errorf("mallory's page was %s and is %s", page, again)
	}
	public := shop()
	public.Repository, public.Name, public.Public, public.Hotfixes = open, "acme/site", true, nil
	h.change(public)
	got := hear(t, his)
	if again := marked.FindStringSubmatch(mallory.get("/").body)[1]; got == first || !strings.Contains(got, again) {
		t.Errorf("mallory is told %s after %s, and the page is of %s", got, first, again)
	}
	alice.asks("skip", "dev", "late")
	if again := marked.FindStringSubmatch(mallory.get("/").body)[1]; !strings.Contains(got, again) {
		t.Errorf("mallory's page changes to %s with what alice asks for", again)
	}
}

var marked = regexp.MustCompile(`data-mark="([^"]*)"`)

// listen opens the stream of somebody who is signed in.
func (b *browser) listen() *bufio.Scanner {
	b.t.Helper()
	req, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.url+"/live", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	response, err := b.client.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = response.Body.Close() })
	return bufio.NewScanner(response.Body)
}
