package dashboard_test

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

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
