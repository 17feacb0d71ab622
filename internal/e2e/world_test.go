package e2e_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.opentelemetry.io/otel/trace"

	"github.com/hotfixbot/hotfixbot/internal/contract"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// The App of every story.
const (
	appID         = 4711
	appSlug       = "hotfixbot"
	webhookSecret = "It's a Secret to Everybody"
)

// usualPoll is how often an App looks into the queue: several run at once.
const usualPoll = 100 * time.Millisecond

// world is one simulated GitHub with one App, as it stands in one playing of a
// story.
type world struct {
	dir     string
	clock   *clock
	github  *githubsim.GitHub
	checker *contract.Checker
	acts    *acts
	url     string // of GitHub
	hook    *receiver

	keeping   keeping
	*program        // the App
	twin      *twin // another one beside it; nil: none
	log       *logbook
	delivered []*githubsim.Delivery // all webhooks so far, delivered or lost
	gather    time.Duration
	poll      time.Duration // how often the App looks into the queue
	paced     bool          // the App stays below GitHub's limits by itself
	tracer    trace.Tracer  // of its App; nil: none
}

// newWorld makes a GitHub with the story's repository and the App installed and
// running. It is taken down when the test ends.
func newWorld(t *testing.T, s *story) *world {
	t.Helper()
	return newWorldOn(t, s, keep(t, wayInOrder))
}

// newWorldOn makes one in which the App keeps things elsewhere.
func newWorldOn(t *testing.T, s *story, keeping keeping) *world {
	t.Helper()
	w := &world{dir: t.TempDir(), clock: &clock{now: monday}, keeping: keeping, log: &logbook{}, paced: s.paced, gather: s.gather, tracer: s.tracer, poll: cmp.Or(s.poll, usualPoll)}
	var err error
	if w.checker, err = contract.New(); err != nil {
		t.Fatal(err)
	}
	if w.github, err = githubsim.New(githubsim.Options{
		Dir: filepath.Join(w.dir, "github"), Now: w.clock.Now, Patience: 5 * time.Minute,
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.github.Close)
	w.acts = newActs(filepath.Join(w.dir, "github", "git"))
	hub, check := w.checker.Handler(w.github), w.checker.Receiver
	if s.unchecked {
		hub, check = w.github, func(next http.Handler) http.Handler { return next }
	}
	server := httptest.NewServer(w.acts.watch(hub))
	t.Cleanup(server.Close)
	w.url = server.URL
	w.github.SetURL(server.URL)
	w.checker.At(server.URL)
	w.hook = newReceiver(t, check)
	if err := w.plant(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	w.forget() // what happened before the App ran
	if err := w.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.stop(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// start runs the App until stop is called.
func (w *world) start(ctx context.Context) error {
	config, err := w.config()
	if err != nil {
		return err
	}
	if w.program, err = run(ctx, config); err != nil {
		return err
	}
	w.hook.forward(w.addr)
	return w.app.Idle(ctx)
}

// data is the App's folder.
func (w *world) data() string { return filepath.Join(w.dir, "data") }

// loseDatabase starts a new App on an empty database.
func (w *world) loseDatabase(ctx context.Context) error {
	if err := w.stop(); err != nil {
		return err
	}
	if err := os.RemoveAll(w.data()); err != nil {
		return err
	}
	w.keeping.moveOn()
	return w.start(ctx)
}

// wrong lists what must not be, whatever the story: violations of GitHub's
// descriptions, requests that the simulator does not know, and reconciles that
// failed.
func (w *world) wrong() error {
	var found []error
	for _, v := range append(w.checker.Violations(), w.github.Violations()...) {
		found = append(found, errors.New("violation: "+v))
	}
	if w.twin != nil && w.log.has("the reconcile is given up") {
		return errors.Join(found...) // on a slow machine two programs may each take the other for dead
	}
	for _, l := range w.log.troubles() {
		found = append(found, errors.New("the App logged: "+l))
	}
	return errors.Join(found...)
}

// logbook keeps the App's log.
type logbook struct {
	mu    sync.Mutex
	lines []string
}

// Write takes one line.
func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, strings.TrimSpace(string(p)))
	return len(p), nil
}

// has tells whether some line holds a text.
func (l *logbook) has(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.ContainsFunc(l.lines, func(line string) bool { return strings.Contains(line, text) })
}

// troubles are the lines that tell of a failure. A refusal of GitHub's that a
// person is told of is none, nor that something gone is looked for once more.
func (l *logbook) troubles() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []string
	for _, line := range l.lines {
		if strings.Contains(line, `"level":"error"`) || strings.Contains(line, "has to be made again") && !strings.Contains(line, "not believed yet") {
			found = append(found, line)
		}
	}
	return found
}

// whole is all of the log.
func (l *logbook) whole() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

// tail is the end of the log, as it is without LOG_LEVEL=debug.
func (l *logbook) tail(n int) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := slices.DeleteFunc(slices.Clone(l.lines), func(line string) bool { return strings.Contains(line, `"level":"debug"`) })
	if len(lines) > n {
		lines = append([]string{fmt.Sprintf("(%d earlier lines)", len(lines)-n)}, lines[len(lines)-n:]...)
	}
	return strings.Join(lines, "\n")
}
