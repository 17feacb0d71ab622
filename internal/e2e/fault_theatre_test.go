package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/webhooks"
)

// theatre is where the cells of one story are played, one after the other: one
// address for all their GitHubs, since the bot's texts hold links, and one for
// their webhooks.
type theatre struct {
	dir   string
	story *story
	url   string
	hook  string
	made  int // folders so far
	known githubsim.Known

	mu     sync.Mutex
	github http.Handler
	app    http.Handler
}

// newTheatre opens a theatre that closes when the test ends.
func newTheatre(t *testing.T, s *story) *theatre {
	t.Helper()
	h := &theatre{dir: t.TempDir(), story: s}
	serve := func(who func() http.Handler) string {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { who().ServeHTTP(w, r) }))
		server.Config.ErrorLog = nowhere // net/http tells of connections that a fault closes
		t.Cleanup(server.Close)
		return server.URL
	}
	h.url = serve(func() http.Handler { h.mu.Lock(); defer h.mu.Unlock(); return h.github })
	h.hook = serve(func() http.Handler { h.mu.Lock(); defer h.mu.Unlock(); return h.app }) + webhooks.Path
	return h
}

// folder is a new empty folder.
func (h *theatre) folder() (string, error) {
	h.made++
	return os.MkdirTemp(h.dir, "")
}

// enter puts a GitHub behind the address.
func (h *theatre) enter(g http.Handler) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.github = g
}

// receive sends webhooks to an App from now on.
func (h *theatre) receive(app http.Handler) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.app = app
}

// options are those of every GitHub of the theatre.
func (h *theatre) options(dir string, c *clock, t *trip) githubsim.Options {
	return githubsim.Options{Dir: filepath.Join(dir, "github"), Now: c.Now, Patience: 5 * time.Minute, Fault: t.request, Known: &h.known, Still: true}
}

// moment is a GitHub and the bot's database, as nobody uses them: the bot does not
// run. It can be gone on from many times.
type moment struct {
	next   int // the line with which it goes on
	dir    string
	now    time.Time
	github *githubsim.GitHub
	people playing // what the player of people's parts knows
}

// freeze keeps a life as it is. The bot must have stopped.
func (l *life) freeze(next int) (*moment, error) {
	dir, err := l.house.folder()
	if err != nil {
		return nil, err
	}
	m := &moment{next: next, dir: dir, now: l.clock.Now(), people: *l.playing}
	if m.github, err = l.github.Copy(l.house.options(dir, &clock{now: m.now}, newTrip(cell{}, nil))); err != nil {
		return nil, err
	}
	return m, copyFile(databaseOf(l.data), databaseOf(dir))
}

// goOn makes a life from a moment, with a trip in its way.
func (h *theatre) goOn(m *moment, c cell) (*life, error) {
	dir, err := h.folder()
	if err != nil {
		return nil, err
	}
	l := h.newLife(dir, m.now, c)
	if l.github, err = m.github.Copy(h.options(dir, l.clock, l.trip)); err != nil {
		return nil, err
	}
	people := m.people
	people.world = l.world
	l.playing = &people
	h.enter(l.github)
	return l, copyFile(databaseOf(m.dir), databaseOf(l.data))
}

func databaseOf(dir string) string { return filepath.Join(dir, "hotfixbot.db") }

// copyFile copies a file that may not exist.
func copyFile(from, to string) error {
	data, err := os.ReadFile(from)
	if os.IsNotExist(err) {
		return nil
	}
	if err == nil {
		err = os.MkdirAll(filepath.Dir(to), 0o755)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o600)
}
