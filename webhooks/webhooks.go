// Package webhooks receives what GitHub sends: it checks the signature, tells
// which repositories a delivery concerns, and hands both to an Acceptor. Only
// when that has them on disk the answer is 202.
//
// What must always hold: nothing unsigned is stored or believed; a delivery that
// could not be stored is answered 503, so that GitHub shows it as failed and it
// can be fetched again; nothing but "look at this repository" is concluded from
// an event, except for a button press, which exists nowhere else.
//
// The package never talks to GitHub, never decides about hotfixes, and never
// writes a body or a secret to the log.
package webhooks

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Path is where the Receiver listens for deliveries.
const Path = "/webhooks/github"

// Acceptor keeps a delivery and what it wakes.
type Acceptor interface {
	// Accept returns nil when both are on disk. fresh is false when the delivery
	// was known.
	Accept(ctx context.Context, d hotfix.Delivery, wakes ...hotfix.RepositoryID) (fresh bool, err error)
}

// Config is what a Receiver needs.
type Config struct {
	// Secrets are the webhook secrets of which any may have signed; several while
	// one is being replaced.
	Secrets  []string
	Acceptor Acceptor
	// Own tells whether an account is the App's own. What the App did itself is stored
	// and wakes nobody; see echo. Default: nobody's is.
	Own func(account int64) bool
	Log zerolog.Logger
	Now func() time.Time // default time.Now
}

// Receiver is the http.Handler of Path. Everything else is 404 to it.
type Receiver struct {
	config Config
	router *gin.Engine

	mu     sync.Mutex
	counts map[Outcome]int64
}

// Outcome is what became of a request.
type Outcome string

// The outcomes. The first three are answered 202.
const (
	Accepted  Outcome = "accepted"
	Duplicate Outcome = "duplicate" // stored before; its repositories are woken again
	Ignored   Outcome = "ignored"   // an event that the bot has no use for
	Refused   Outcome = "refused"   // a 4xx
	Failed    Outcome = "failed"    // a 5xx
)

// New makes a Receiver. A missing or empty secret is an error: it would accept
// what anybody sends.
func New(config Config) (*Receiver, error) {
	if len(config.Secrets) == 0 {
		return nil, errors.New("no webhook secret is given")
	}
	for _, secret := range config.Secrets {
		if secret == "" {
			return nil, errors.New("a webhook secret is empty")
		}
	}
	if config.Acceptor == nil {
		return nil, errors.New("nobody is there to accept deliveries")
	}
	if config.Own == nil {
		config.Own = func(int64) bool { return false }
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	r := &Receiver{config: config, counts: map[Outcome]int64{Accepted: 0, Duplicate: 0, Ignored: 0, Refused: 0, Failed: 0}}
	r.router = r.routes()
	return r, nil
}

func (r *Receiver) routes() *gin.Engine {
	gin.SetMode(gin.ReleaseMode) // else gin prints its routes
	router := gin.New()
	router.HandleMethodNotAllowed = true
	router.Use(r.record, r.recover)
	router.POST(Path, r.receive)
	return router
}

// ServeHTTP answers one request.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) { r.router.ServeHTTP(w, req) }

// Counts are how many requests came to each outcome since the start.
func (r *Receiver) Counts() map[Outcome]int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.counts)
}

func (r *Receiver) count(o Outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[o]++
}
