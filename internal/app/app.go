// Package app puts the rooms together: the one place that knows them all. The
// program, the demo and the end-to-end tests run the same App.
//
// An App accepts deliveries durably, reconciles one repository at a time, and
// sweeps all of them at its start and every SweepInterval, so that a lost
// webhook changes when something happens, never what. When Run's context ends it
// stops accepting, lets running reconciles finish for a moment, and what is left
// stays in the database for the next start.
package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
	"golang.org/x/sync/errgroup"

	"github.com/hotfixbot/hotfixbot/bot"
	"github.com/hotfixbot/hotfixbot/gitops"
	"github.com/hotfixbot/hotfixbot/internal/dashboard"
	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/metrics"
	"github.com/hotfixbot/hotfixbot/internal/store"
	"github.com/hotfixbot/hotfixbot/internal/trail"
	"github.com/hotfixbot/hotfixbot/webhooks"
)

// Config is what an App needs to know.
type Config struct {
	AppID          int64
	PrivateKey     []byte        // PEM
	WebhookSecrets []string      // any of them may have signed a delivery
	APIURL         string        // root of GitHub's REST API, used as given
	WebURL         string        // root of GitHub's pages and of git
	Signer         gitops.Signer // signs commits and tags; nil: they are not signed
	DataDir        string
	DatabaseURL    string        // empty: a file in DataDir
	SweepInterval  time.Duration // 0: only the sweep at the start
	FetchInterval  time.Duration // how often deliveries that GitHub could not hand over are asked for; 0: never
	Paced          bool          // stay below the limits of github.com; Enterprise Servers have none by default
	Gather         time.Duration // how long a wake waits for others of its repository
	Lease          time.Duration // how long a dead process on a shared database keeps its work; 0: the store's default
	Poll           time.Duration // how often the queue is looked into; 0: the store's default
	Now            func() time.Time
	Transport      http.RoundTripper // default: net/http's
	Log            zerolog.Logger
	Tracer         trace.Tracer // nil: no spans are made
	SignIn         *SignIn      // nil: the page is for this machine only
}

// SignIn is what lets people sign in on the page.
type SignIn struct {
	ClientID     string
	ClientSecret string
	BaseURL      string   // where browsers reach the page, without a path
	Operators    []string // logins
	// Open shows everything to who sits at this machine, also without signing in.
	Open bool
}

// CallbackPath is where GitHub sends people back to, below BaseURL.
const CallbackPath = "/sign-in/callback"

// App is one running hotfixbot.
type App struct {
	config  Config
	store   *store.Store
	forge   *forge.App
	git     *gitops.Engine
	bot     *bot.Reconciler
	metrics *metrics.Metrics
	hooks   *webhooks.Receiver
	pages   *dashboard.Pages
	handler http.Handler
	swept   chan struct{} // closed after the first sweep, failed or not
}

// New opens the database and prepares everything; it makes no request. Close must
// be called.
func New(ctx context.Context, config Config) (*App, error) {
	config = config.withDefaults()
	a := &App{config: config, swept: make(chan struct{})}
	engine, err := gitops.New(gitops.Settings{
		Dir: filepath.Join(config.DataDir, "jobs"), Insecure: true, Signer: config.Signer, Log: config.Log, Ran: a.ran,
	})
	if err != nil {
		return nil, err
	}
	database, err := store.Open(ctx, store.Config{
		DataDir: config.DataDir, DatabaseURL: config.DatabaseURL, Now: config.Now, Log: config.Log,
		Gather: config.Gather, Poll: config.Poll, Lease: config.Lease, Moved: a.moved,
	})
	if err != nil {
		return nil, &DatabaseError{errors.Join(err, engine.Close())}
	}
	a.store, a.git = database, engine
	a.metrics = metrics.New(metrics.Sources{
		Kept: database, Deliveries: a.outcomes, Wakes: database.Wakes, Budgets: a.budgets, Now: config.Now,
	})
	config.Transport = a.metrics.Transport(config.Transport)
	github, err := newForge(config, database)
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.forge = github
	sealKey := sha256.Sum256(append([]byte("seal "), config.PrivateKey...))
	a.bot = &bot.Reconciler{
		SealKey: sealKey[:], Needs: needs(),
		Forges: forges{github}, Gits: gits{engine: engine, tokens: github, allowed: database.Holds, web: config.WebURL, now: config.Now}, Ledger: database,
		Now: config.Now, Log: config.Log,
	}
	if err := a.route(); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Log = c.Log.Hook(trail.Stamp{})
	return c
}

// newForge makes the App's side of GitHub. What is kept holds it to GitHub's limits,
// and from changing anything for work that another process has taken over; nil: for a
// command that does not reconcile.
func newForge(config Config, kept *store.Store) (*forge.App, error) {
	key, err := forge.ParseKey(config.PrivateKey)
	if err != nil {
		return nil, fmt.Errorf("private key: %w", err)
	}
	settings := forge.Config{
		AppID: config.AppID, Key: key, APIURL: config.APIURL, WebURL: config.WebURL,
		Transport: config.Transport, Now: config.Now, Log: config.Log,
	}
	if kept != nil {
		settings.Allowed = kept.Holds
	}
	if kept != nil && config.Paced {
		settings.Purses = kept
	}
	return forge.New(settings)
}

// DatabaseError says that the database cannot be used where Config wants it: the
// place is wrong, rights are missing, or another hotfixbot has it.
type DatabaseError struct{ Err error }

// Error is what is wrong.
func (e *DatabaseError) Error() string { return e.Err.Error() }

// Unwrap is what is wrong.
func (e *DatabaseError) Unwrap() error { return e.Err }

// route mounts the receiver, the page and the health checks.
func (a *App) route() error {
	receiver, err := webhooks.New(webhooks.Config{
		Secrets: a.config.WebhookSecrets, Acceptor: a.store, Own: a.forge.IsBot, Log: a.config.Log, Now: a.config.Now,
	})
	if err != nil {
		return err
	}
	pages, err := dashboard.New(dashboard.Config{
		Boards: a.store, Deliveries: a.store, Replay: a.wakeFor, Ready: a.ready, Metrics: a.metrics.Handler(), SignIn: a.signIn(),
		Now: a.config.Now, Name: "hotfixbot", WebURL: a.config.WebURL, Log: a.config.Log,
	})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle(webhooks.Path, a.traced(receiver))
	mux.Handle("/", forPage(pages))
	a.hooks, a.pages, a.handler = receiver, pages, mux
	return nil
}

// traced lets spans be made of what a handler does.
func (a *App) traced(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(trail.Traced(r.Context(), a.config.Tracer)))
	})
}

// forPage says of what is asked of GitHub for the page that it was.
func forPage(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(trail.With(r.Context(), trail.Work{Errand: "page"})))
	})
}

// signIn is the page's side of signing in, or nil.
func (a *App) signIn() *dashboard.SignIn {
	s := a.config.SignIn
	if s == nil {
		return nil
	}
	return &dashboard.SignIn{
		People: a.forge.Users(forge.UserConfig{
			ClientID: s.ClientID, ClientSecret: s.ClientSecret, Callback: strings.TrimSuffix(s.BaseURL, "/") + CallbackPath,
		}),
		Sessions: a.store, Actions: a.store, BaseURL: s.BaseURL, Secret: []byte(s.ClientSecret), Operators: s.Operators, Open: s.Open,
	}
}

// Handler serves the webhook receiver, the page and the health checks.
func (a *App) Handler() http.Handler { return a.handler }

// Close gives everything back. Run must have returned.
func (a *App) Close() error { return errors.Join(a.store.Close(), a.git.Close()) }

// Run serves the listener, works and sweeps until ctx ends, then drains. It
// returns nil after an orderly end.
func (a *App) Run(ctx context.Context, listener net.Listener) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return a.store.Work(ctx, a.reconcile) })
	group.Go(func() error { return a.keepSweeping(ctx) })
	group.Go(func() error { return a.keepFetching(ctx) })
	group.Go(func() error { return serve(ctx, listener, a.handler, 5*time.Second) })
	group.Go(func() error { a.pages.Watch(ctx); return nil })
	err := group.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// reconcile does everything there is to do for a repository, and gives the rest of
// its turn to write to others.
func (a *App) reconcile(ctx context.Context, id hotfix.RepositoryID) error {
	began := time.Now()
	ctx, end := trail.Served(trail.Traced(ctx, a.config.Tracer), "reconcile")
	err := a.bot.Reconcile(ctx, id)
	took, outcome := time.Since(began), metrics.Outcome(err)
	end(failure(err, outcome), attribute.String("hotfixbot.outcome", outcome))
	a.metrics.Reconciled(took, err)
	a.config.Log.WithLevel(notable(ctx)).Ctx(ctx).Dur("took", took).Str("outcome", outcome).Msg("looked at a repository")
	if rest := a.forge.Rest(context.WithoutCancel(ctx), id, err); rest != nil {
		a.config.Log.Warn().Ctx(ctx).Err(rest).Msg("a turn to write could not be given back; it lapses")
	}
	return err
}

// failure is the error of a reconcile that failed: that it goes on later is none.
func failure(err error, outcome string) error {
	if outcome != metrics.Failed {
		return nil
	}
	return err
}

// notable is the level of a line about a look at a repository: those that only the
// sweep asked for are many.
func notable(ctx context.Context) zerolog.Level {
	if len(trail.Of(ctx).Deliveries) == 0 {
		return zerolog.DebugLevel
	}
	return zerolog.InfoLevel
}

// serve answers requests until ctx ends; requests under way have a grace to be
// finished in. Browsers keep connections open on which nothing was ever asked, so that
// its end is no error.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, grace time.Duration) error {
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout: time.Minute, WriteTimeout: time.Minute, IdleTimeout: 2 * time.Minute,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	if err := server.Shutdown(ending); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return server.Close()
}

// CheckKey reports whether a text is a private key that GitHub hands out.
func CheckKey(pem []byte) error {
	_, err := forge.ParseKey(pem)
	return err
}

// ready reports whether work is accepted and can be done.
func (a *App) ready(ctx context.Context) error {
	kept, worked := a.store.Ready(ctx), a.git.Ready()
	if kept != nil && worked != nil {
		return fmt.Errorf("%w; and %w", kept, worked)
	}
	return cmp.Or(kept, worked)
}
