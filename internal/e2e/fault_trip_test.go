package e2e_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// trip stands in the way of all that the bot asks of GitHub and git and of all that
// it commits. It counts, and lets one of them go wrong.
//
// A kill is exact: at the call, while whoever made it waits for the answer, the
// database is copied as the others see it; from then on nothing that the killed
// program asks reaches GitHub, and what it still commits is in a database that
// nobody will open again. What it had sent before has its effect.
type trip struct {
	now    func() time.Time
	freeze func() error // copies the database as it is

	mu     sync.Mutex
	cell   cell
	calls  []string       // all so far, each with its number among its like
	counts map[string]int // how many there were of each
	fired  bool
	frozen error         // why the database could not be copied
	dead   chan struct{} // closed when the program is killed

	intrudeIn int    // after how many requests somebody acts in between; 0: nobody
	intrude   func() // what they do

	killNext   bool
	expired    string // a token that GitHub takes no more
	stalePath  string
	staleUntil time.Time
}

func newTrip(c cell, now func() time.Time) *trip {
	return &trip{cell: c, now: now, counts: map[string]int{}, dead: make(chan struct{})}
}

// request judges a request to GitHub. People's pass.
func (t *trip) request(r *http.Request, _ []byte) githubsim.Fault {
	if !byBot(r.Header) {
		return githubsim.Fault{}
	}
	t.letIntrude()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.killed() {
		return githubsim.Fault{Drop: true}
	}
	if t.killNext {
		t.kill()
		return githubsim.Fault{Drop: true}
	}
	struck := t.count(callName(r))
	switch {
	case struck:
		return t.strike(r)
	case t.expired != "" && secretOf(r.Header) == t.expired:
		return githubsim.BadCredentials()
	case t.stalePath == r.URL.Path && r.Method == http.MethodGet && t.now().Before(t.staleUntil):
		if t.cell.kind == staleList {
			return unchanged(r)
		}
		return githubsim.NotFound()
	}
	return githubsim.Fault{}
}

// intrudeAt lets somebody act before the bot's n-th request from now on; 0 lets nobody.
func (t *trip) intrudeAt(n int, act func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.intrudeIn, t.intrude = n, act
}

func (t *trip) letIntrude() {
	t.mu.Lock()
	act := t.intrude
	if t.intrudeIn--; t.intrudeIn != 0 {
		act = nil
	}
	t.mu.Unlock()
	if act != nil {
		act()
	}
}

// commit judges a commit of the database that changes some tables. False is that it
// must fail.
func (t *trip) commit(tables map[string]bool) bool {
	name := "commit " + strings.Join(slices.Sorted(maps.Keys(tables)), ",")
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.killed() || housekeeping(tables) {
		return true
	}
	if t.killNext {
		t.kill()
		return true
	}
	if !t.count(name) {
		return true
	}
	switch t.cell.kind {
	case uncommitted:
		return false
	case killedFirst:
		t.kill()
	case killedAfter:
		// Nothing has an effect between this commit and the next call.
		t.killNext = true
	}
	return true
}

// housekeeping are the queue's own commits, which come as time passes.
func housekeeping(tables map[string]bool) bool {
	return !tables["wakes"] && !tables["deliveries"] && !tables["intents"] && !tables["facts"] && !tables["boards"] && !tables["presses"]
}

// count writes a call down and tells whether it is the one to be struck.
func (t *trip) count(name string) bool {
	t.counts[name]++
	call := fmt.Sprintf("%s #%d", name, t.counts[name])
	t.calls = append(t.calls, call)
	if t.fired || call != t.cell.call {
		return false
	}
	t.fired = true
	return true
}

// kill ends the program's effects here. The lock is held.
func (t *trip) kill() {
	t.killNext = false
	t.frozen = t.freeze()
	close(t.dead)
}

func (t *trip) killed() bool {
	select {
	case <-t.dead:
		return true
	default:
		return false
	}
}

// revive lets the next program through.
func (t *trip) revive() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.dead = make(chan struct{})
}

// death is closed when the program that runs now is killed.
func (t *trip) death() <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.dead
}

// callName names a request by method and path, and of git's also by the service.
func callName(r *http.Request) string {
	name := r.Method + " " + r.URL.Path
	if service := r.URL.Query().Get("service"); service != "" {
		name += "?service=" + service
	}
	return name
}

// byBot tells requests of the App, as itself or of an installation, from those of
// people.
func byBot(header http.Header) bool {
	secret := secretOf(header)
	return strings.HasPrefix(secret, "ghs_") || strings.Count(secret, ".") == 2
}

// secretOf is the token in a request, as REST, GraphQL or git send it.
func secretOf(header http.Header) string {
	kind, secret, _ := strings.Cut(header.Get("Authorization"), " ")
	if strings.EqualFold(kind, "basic") {
		plain, _ := base64.StdEncoding.DecodeString(secret)
		_, secret, _ = strings.Cut(string(plain), ":")
	}
	return secret
}
