// Package githubsim is a simulated GitHub for tests, the demo and `hotfixbot sim`.
//
// One model has several views: the REST API, GraphQL, signed webhooks, a few pages, and git over smart
// HTTP are all rendered from the same accounts, repositories, issues and pull requests, and
// every effect, whoever causes it, goes through the same few methods.
//
// What must always hold:
//
//   - The bare repositories under Options.Dir are the truth for refs and objects. Nothing in
//     the model shadows them; a push, a merge and a ref update by REST all end in refsChanged.
//   - It is never more generous than GitHub: what GitHub refuses is refused in GitHub's words,
//     and a request that it does not know is answered 501 and kept in Violations.
//   - Equal stories give equal commits: time comes from Options.Now, identities are fixed.
//
// It never survives its own restart (the model lives in memory), never reads the machine's
// git configuration and never talks to the network, except to deliver webhooks.
package githubsim

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Options says what a simulated GitHub is made of.
type Options struct {
	// Dir is the folder that holds the bare repositories, below Dir/git. It is created.
	Dir string
	// Now tells the time. The default is the real clock. Seconds are kept, in UTC.
	Now func() time.Time
	// Fault, if set, is asked about every request; see Fault.
	Fault func(*http.Request, []byte) Fault
	// Limits are the enforced rates. The zero value enforces none.
	Limits Limits
	// Patience is how long a webhook waits for its answer. The default is GitHub's, ten
	// seconds, which a busy machine may take for nothing.
	Patience time.Duration
	// Known, if set, keeps what git answered, for this and other GitHubs that share it.
	Known *Known
	// Still makes the same merge the same commit whenever it is made: it bears the time of
	// the pull request's head.
	Still bool
	// Client carries the requests of each Person. The default is http.DefaultClient.
	Client *http.Client
}

// GitHub is the simulated server. It is an http.Handler, safe for concurrent use.
type GitHub struct {
	dir        string
	now        func() time.Time
	fault      func(*http.Request, []byte) Fault
	hooks      *hooks
	hookClient *http.Client
	patience   time.Duration
	known      *Known
	still      bool

	client *http.Client // carries the requests of people

	// mu guards everything below: one request at a time sees and changes the model. Only
	// git fetches run outside it.
	mu     sync.Mutex
	url    string
	router http.Handler
	outbox func(Event)
	ids    map[string]int64

	users         map[string]*User // by login in lower case
	repos         []*Repo
	apps          []*App
	installations []*Installation
	tokens        map[string]*token
	oauth         oauth
	conversions   map[string]*conversion // by the code that fetches their credentials

	limits    Limits
	spendings map[string][]spending // by the account's name, oldest first

	answers    int // how many were given
	requests   []Request
	violations []string
}

// New makes an empty GitHub whose repositories will lie in o.Dir.
func New(o Options) (*GitHub, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Patience == 0 {
		o.Patience = hookTimeout
	}
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, "git"), 0o755); err != nil {
		return nil, fmt.Errorf("cannot make the folder for repositories: %w", err)
	}
	g := &GitHub{
		dir: dir, now: o.Now, fault: o.Fault, client: o.Client,
		url:   "http://localhost",
		hooks: newHooks(), hookClient: newHookClient(), patience: o.Patience, known: o.Known, still: o.Still,
		ids:    map[string]int64{},
		users:  map[string]*User{},
		tokens: map[string]*token{}, oauth: newOAuth(), conversions: map[string]*conversion{},
		limits: o.Limits, spendings: map[string][]spending{},
	}
	if _, err := g.addUser(User{Login: "web-flow", Name: "GitHub", Email: g.webFlow().Email}); err != nil {
		return nil, err // it commits what is merged on the website
	}
	g.outbox = g.enqueue
	g.router = g.newRouter()
	return g, nil
}

// Close ends the git processes. The repositories stay on disk.
func (g *GitHub) Close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, r := range g.repos {
		r.git.close()
	}
}

// SetURL gives the root under which clients reach the server; every url in a payload begins
// with it.
func (g *GitHub) SetURL(root string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.url = strings.TrimSuffix(root, "/")
}

// clock is the simulated present: UTC, whole seconds, as GitHub writes it.
func (g *GitHub) clock() time.Time { return g.now().UTC().Truncate(time.Second) }

// nextID gives the next number of one kind of object ("issue", "comment", …). Each kind
// begins at its own thousand, so that ids of two kinds are not mistaken for each other.
func (g *GitHub) nextID(kind string) int64 {
	if g.ids[kind] == 0 {
		g.ids[kind] = 1_000_000 * int64(len(g.ids)+1)
	}
	g.ids[kind]++
	return g.ids[kind]
}
