// Package setup makes a GitHub App of a person's own: a page on this machine sends
// the person through GitHub's manifest flow, keeps the credentials that come back,
// and waits for GitHub's ping, which shows that webhooks arrive and are signed.
//
// What must always hold:
//
//   - The page is for whoever has its key, which the terminal shows, in a browser on
//     this machine; nothing is changed by a request from another site's page, and what
//     comes back from GitHub is believed only with a state that was given out for it.
//   - A secret stands in no page, address, log or error. A code is changed once.
//   - Credentials that came are not lost: while they cannot be written they are kept,
//     and it can be tried again.
//   - Ready is said after a ping with a valid signature, never before. All other
//     webhooks are turned away with an error, so that GitHub lists them as failed and
//     `hotfixbot serve` asks for them again.
//
// The package never reads credentials, and does no work of an App's.
package setup

import (
	"context"
	"crypto/rand"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/credentials"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// GitHub is what is asked of GitHub.
type GitHub interface {
	// Convert changes a code for the App. A code that GitHub does not know, or not any
	// more, is a *hotfix.Gone.
	Convert(ctx context.Context, code string) (hotfix.Registered, error)
	// Sendings lists the App's webhook deliveries since a time, newest first.
	Sendings(ctx context.Context, app hotfix.Registered, since time.Time) ([]hotfix.Sending, error)
	// Redeliver has GitHub send a delivery again.
	Redeliver(ctx context.Context, app hotfix.Registered, sending int64) error
}

// Acceptor takes webhooks whose signature was checked.
type Acceptor interface {
	Accept(ctx context.Context, d hotfix.Delivery, wakes ...hotfix.RepositoryID) (fresh bool, err error)
}

// Config is what a Setup needs. All but Choice, Now, Look and Patience is required.
type Config struct {
	Manifest []byte // app.yml
	GitHub   GitHub
	WebURL   string // root of GitHub's pages
	Hook     string // the path of webhooks: /webhooks/github
	Local    string // where `hotfixbot serve` listens, seen from this machine: http://127.0.0.1:8080
	Serve    string // the command that is to be started afterwards: hotfixbot serve
	Choice   Choice // what the form shows at first
	Assets   fs.FS  // the dashboard's layout, style sheet, icon and script

	// Receiver checks the signature of webhooks and hands them on.
	Receiver func(secret string, to Acceptor) (http.Handler, error)
	// Keep writes the credentials and says where they are.
	Keep func(c credentials.Credentials) (path string, err error)
	// Channel makes a smee.io channel; Relay passes on what comes there until ctx ends.
	Channel func(ctx context.Context) (string, error)
	Relay   func(ctx context.Context, channel string)
	// Tell says in the terminal what happened.
	Tell func(line string)

	Now      func() time.Time
	Look     time.Duration // how often GitHub's list of deliveries is asked; default 2 s
	Patience time.Duration // how long one ping is waited for; default 30 s
}

// stage is how far it has come.
type stage int

const (
	asking     stage = iota
	registered       // the App is there, its credentials are in memory only
	kept             // they are written; the ping is awaited
	ready
)

// Setup is one App being made. It is safe for concurrent use.
type Setup struct {
	config    Config
	app       appFile
	templates *template.Template
	policy    string
	key       string
	router    http.Handler
	receiver  http.Handler // of stage kept and later
	origin    *http.CrossOriginProtection

	pings chan struct{} // a value: have GitHub ping
	done  chan struct{} // closed when the person says that it is enough
	end   func()
	ctx   context.Context // Run's; of what outlives a request
	work  sync.Mutex      // one conversion at a time

	mu      sync.Mutex
	stage   stage
	choice  Choice          // as the form shows it
	plans   map[string]plan // what was sent to GitHub, by its state
	latest  string          // the state of the plan that is to be confirmed
	plan    plan            // of the App
	code    string          // of a conversion that may be tried again
	made    hotfix.Registered
	path    string // of the credentials
	channel string // of smee.io
	trouble *trouble
	pinging bool
	mark    int
	changed chan struct{} // closed when there is another mark
}

//go:embed assets
var own embed.FS

// New makes a Setup. The error says what of the configuration is wrong.
func New(c Config) (*Setup, error) {
	web, err := url.Parse(c.WebURL)
	if err != nil || web.Host == "" {
		return nil, fmt.Errorf("%q is no URL", c.WebURL)
	}
	app, err := readApp(c.Manifest)
	if err != nil {
		return nil, err
	}
	templates, err := template.ParseFS(c.Assets, "layout.html")
	if err == nil {
		templates, err = templates.ParseFS(own, "assets/*.html")
	}
	if err != nil {
		return nil, err
	}
	s := &Setup{
		config: c.withDefaults(), app: app, templates: templates, key: rand.Text(), choice: c.Choice,
		origin: http.NewCrossOriginProtection(), plans: map[string]plan{}, ctx: context.Background(),
		pings: make(chan struct{}, 1), done: make(chan struct{}), changed: make(chan struct{}),
		policy: "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; " +
			"base-uri 'none'; frame-ancestors 'none'; form-action 'self' " + web.Scheme + "://" + web.Host,
	}
	if s.choice.Name == "" {
		s.choice.Name = app.nameFor(c.Choice.Organization)
	}
	s.end = sync.OnceFunc(func() { close(s.done) })
	s.router = s.routes()
	return s, nil
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Look == 0 {
		c.Look = 2 * time.Second
	}
	if c.Patience == 0 {
		c.Patience = 30 * time.Second
	}
	c.WebURL = strings.TrimSuffix(c.WebURL, "/")
	return c
}

// ErrUnfinished says that a Setup ended before it was ready; what is wrapped around it
// says what is there.
var ErrUnfinished = errors.New("the set-up is not finished")

// Run has GitHub ping when it is time, until ctx ends or the person ends it. The
// handlers work while it runs. It must be called once, before they serve. The error
// is ErrUnfinished when no ping came.
func (s *Setup) Run(ctx context.Context) error {
	s.mu.Lock()
	s.ctx = ctx
	s.mu.Unlock()
	for {
		select {
		case <-s.pings:
			s.ping(ctx)
			continue
		case <-ctx.Done():
		case <-s.done:
		}
		break
	}
	return s.unfinished()
}

// unfinished says what is there when it ends; nil when it is ready.
func (s *Setup) unfinished() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch s.stage {
	case ready:
		return nil
	case kept:
		return fmt.Errorf("%w: the credentials are in %s, but no ping of GitHub's arrived; hotfixbot doctor says what may be wrong", ErrUnfinished, s.path)
	case registered:
		return fmt.Errorf("%w: the App %s is registered, but its credentials were not written and are lost; delete it in %s/settings/apps", ErrUnfinished, s.made.Name, s.account(s.plan))
	}
	return ErrUnfinished
}

// Entry is where the page begins: an address's path and query, with the key.
func (s *Setup) Entry() string { return "/?key=" + s.key }

// bump tells open pages that something is different. The lock is held.
func (s *Setup) bump() {
	s.mark++
	close(s.changed)
	s.changed = make(chan struct{})
}
