package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/pgtest"
)

// While the database is away, webhooks are refused, so that GitHub keeps them, and the
// program says that it cannot work. When it is back, what was refused is asked for, and
// the hotfix goes its way.
func TestDatabaseAway(t *testing.T) {
	if watched {
		t.Skip("the store's own tests are watched for this")
	}
	t.Parallel()
	s, err := storyNamed("merge")
	if err != nil {
		t.Fatal(err)
	}
	wire := pgtest.NewWire(t, tables.Copy(t))
	p := &playing{world: newWorldOn(t, s, keeping{places: []string{wire.URL()}}), ctx: t.Context(), story: s, how: wayInOrder, repo: "acme/shop", said: map[string][]int64{}}
	first := playUntilSettle(t, p)
	wire.Cut()
	if err := p.github.Deliver(p.ctx, p.take()...); err == nil {
		t.Error("the webhooks were accepted without a database")
	}
	p.answers(t, "/readyz", http.StatusServiceUnavailable)
	p.answers(t, "/healthz", http.StatusOK)
	wire.Mend(t)
	p.answers(t, "/readyz", http.StatusOK)
	if err := p.app.FetchMissed(p.ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.idle(p.ctx); err != nil {
		t.Fatal(err)
	}
	if err := p.letWork(p.ctx, p.how); err != nil {
		t.Fatal(err)
	}
	if err := p.claimed(first.did); err != nil {
		t.Errorf("%v\n\nthe App's log:\n%s", err, p.log.tail(25))
	}
}

// playUntilSettle lets people act until the story first lets the bot work, and gives
// that line.
func playUntilSettle(t *testing.T, p *playing) line {
	t.Helper()
	for _, l := range p.story.lines {
		if settles[l.words[0]] {
			return l
		}
		if err := p.do(l); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatal("the bot never has to work in this story")
	return line{}
}

// answers waits until the program answers with a status.
func (w *world) answers(t *testing.T, path string, want int) {
	t.Helper()
	late := time.After(30 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		answer, err := http.Get(w.hook.root + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if answer.StatusCode == want {
			return
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("%s is answered with %d, not with %d", path, answer.StatusCode, want)
		}
	}
}
