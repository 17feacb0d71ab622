package e2e_test

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/pgtest"
)

// twinLease is how long the work of a twin that died stays with it. On a slow machine a
// shorter one makes the living give up, too.
const twinLease = 10 * time.Second

// twinPoll is how often a twin looks into the queue.
const twinPoll = 20 * time.Millisecond

// twin is a second App on a world's database and webhooks, until it dies in the middle
// of its work: a request of its has an effect, it never hears of it, and it reaches
// neither GitHub nor the database any more.
type twin struct {
	wire *pgtest.Wire
	left atomic.Int64 // changes that it still makes
	log  *logbook
	died func()
	*program
}

// errDead is what every request of a dead twin comes to.
var errDead = errors.New("this program is dead")

// RoundTrip is the twin's way to GitHub.
func (t *twin) RoundTrip(r *http.Request) (*http.Response, error) {
	if t.left.Load() < 0 {
		return nil, errDead
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || !changes(r) || t.left.Add(-1) >= 0 {
		return resp, err
	}
	t.wire.Cut()
	t.died()
	return nil, errors.Join(errDead, resp.Body.Close())
}

// changes tells whether a request changes what people see: one for a token does not,
// and GraphQL mostly asks.
func changes(r *http.Request) bool {
	return r.Method != http.MethodGet && !strings.Contains(r.URL.Path, "/access_token") && !strings.HasSuffix(r.URL.Path, "/graphql")
}

// dead tells whether it came to that.
func (t *twin) dead() bool { return t.left.Load() < 0 }

// startTwin runs a second App that dies at its change number left+1. It looks into the
// queue more often than the first, so that it has work.
func (w *world) startTwin(ctx context.Context, t *testing.T, left int64) error {
	t.Helper()
	w.twin = &twin{wire: pgtest.NewWire(t, w.keeping.place()), log: &logbook{}, died: func() { w.hook.forward(w.addr) }}
	w.twin.left.Store(left)
	config, err := w.config()
	if err != nil {
		return err
	}
	config.DataDir, config.DatabaseURL = filepath.Join(w.dir, "twin"), w.twin.wire.URL()
	config.Poll = twinPoll
	config.Transport, config.Log = w.twin, zerolog.New(w.twin.log).Level(zerolog.InfoLevel)
	if w.twin.program, err = run(ctx, config); err != nil {
		return err
	}
	t.Cleanup(func() { _ = w.twin.stop() }) // it is told of in bury, unless the story failed before
	w.hook.forward(w.addr, w.twin.addr)
	if err := w.twin.app.Idle(ctx); err != nil && !w.twin.dead() {
		return err
	}
	return nil
}

// bury ends the twin, if there is one. In a story with few changes it may still live.
// One that died finds the database again, and that its work was taken over.
func (w *world) bury(t *testing.T) error {
	t.Helper()
	if w.twin == nil {
		return nil
	}
	ended := make(chan error, 1)
	go func() { ended <- w.twin.stop() }()
	w.twin.wire.Mend(t)
	err := <-ended
	if w.twin.dead() {
		return nil // what it says of its end, nobody hears
	}
	return err
}
