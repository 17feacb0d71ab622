package demo

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/webhooks"
)

// The people, the shop and the bot.
const (
	owner      = "acme"
	repository = "acme/shop"
	alice      = "alice" // on call
	bob        = "bob"   // maintains the shop
	carol      = "carol" // talks with customers
	bot        = "hotfixbot"
	botID      = 1
	clientID   = "Iv1.0000000000000001"
)

func email(login string) string { return login + "@example.com" }

// people are those who act, with the names that sign their commits.
var people = map[string]string{alice: "Alice", bob: "Bob", carol: "Carol"}

// fullName is how a person signs commits.
func fullName(login string) string { return people[login] }

// world is a simulated GitHub and the bot.
type world struct {
	pipeline Pipeline
	clock    *clock
	dir      string
	kept     bool // the folder is kept
	stay     bool
	page     net.Listener // of the bot
	hub      net.Listener // of GitHub
	github   *githubsim.GitHub
	app      *app.App
	log      *os.File
}

// open makes both, with the shop as it is before the story. close must be called
// if there is no error.
func open(ctx context.Context, config Config, dir string) (*world, error) {
	w := &world{
		pipeline: cmp.Or(config.Pipeline, Preprod), clock: newClock(),
		dir: dir, kept: config.Dir != "", stay: config.Stay, page: config.Listener,
	}
	secret := rand.Text()
	if err := w.openGitHub(ctx, secret); err != nil {
		return nil, errors.Join(err, w.close())
	}
	if err := w.openBot(ctx, secret); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *world) openGitHub(ctx context.Context, secret string) error {
	var err error
	if w.hub, err = new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0"); err != nil {
		return err
	}
	if w.github, err = githubsim.New(githubsim.Options{Dir: w.dir, Now: w.clock.Now}); err != nil {
		return err
	}
	w.github.SetURL(w.hubURL())
	origin, err := os.MkdirTemp("", "hotfixbot-shop-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(origin)
	if err := plantHistory(ctx, origin, w.pipeline); err != nil {
		return err
	}
	_, err = w.github.Plant(ctx, w.seed(origin, secret), githubsim.Grant{Permissions: app.Permissions(), Events: app.Events()})
	return err
}

// seed is what GitHub holds at the beginning.
func (w *world) seed(origin, secret string) githubsim.Seed {
	seed := githubsim.Seed{
		App: &githubsim.SeedApp{
			ID: botID, Slug: bot, PrivateKey: w.key(), WebhookURL: w.pageURL() + webhooks.Path, WebhookSecret: secret,
			ClientID: clientID, ClientSecret: secret, CallbackURL: w.pageURL() + app.CallbackPath,
		},
		Repositories: []githubsim.SeedRepository{{
			Name: repository, Import: origin, DefaultBranch: "main", Installed: true,
			Collaborators: map[string]string{alice: "write", bob: "maintain", carol: "write"},
		}},
	}
	for _, login := range []string{alice, bob, carol} {
		seed.Users = append(seed.Users, githubsim.SeedUser{
			Login: login, Name: fullName(login), Email: email(login), Token: login + "-token",
		})
	}
	return seed
}

func (w *world) openBot(ctx context.Context, secret string) error {
	key, err := os.ReadFile(w.key())
	if err != nil {
		return err
	}
	if w.log, err = os.Create(filepath.Join(w.dir, "hotfixbot.log")); err != nil {
		return err
	}
	w.app, err = app.New(ctx, app.Config{
		AppID: botID, PrivateKey: key, WebhookSecrets: []string{secret},
		APIURL: w.hubURL(), WebURL: w.hubURL(), DataDir: filepath.Join(w.dir, "bot"),
		SignIn: &app.SignIn{ClientID: clientID, ClientSecret: secret, BaseURL: w.pageURL(), Operators: []string{bob}, Open: true},
		Now:    w.clock.Now, Log: zerolog.New(w.log).With().Timestamp().Logger(),
	})
	return err
}

// key is the file with the App's private key.
func (w *world) key() string { return filepath.Join(w.dir, "app.pem") }

// hubURL is the simulated GitHub's root.
func (w *world) hubURL() string { return "http://" + w.hub.Addr().String() }

// pageURL is the bot's root as this machine reaches it.
func (w *world) pageURL() string {
	address := w.page.Addr().String()
	if tcp, ok := w.page.Addr().(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		address = net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
	}
	return "http://" + address
}

// gitDir is the shop's bare repository.
func (w *world) gitDir() string { return filepath.Join(w.dir, "git", repository+".git") }

// git asks the shop's repository.
func (w *world) git(ctx context.Context, args ...string) (string, error) {
	return git(ctx, w.gitDir(), nil, args...)
}

// run serves GitHub and lets the bot work until ctx ends. The bot ends first.
func (w *world) run(ctx context.Context) error {
	server := &http.Server{Handler: w.github, ReadHeaderTimeout: 10 * time.Second}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(w.hub); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		return errors.Join(w.app.Run(ctx, w.page), server.Close())
	})
	return group.Wait()
}

// settle delivers the webhooks that wait, and those that the bot's own doing
// causes, until the bot is at rest.
func (w *world) settle(ctx context.Context) error {
	for {
		if err := w.github.Deliver(ctx, w.github.Take()...); err != nil {
			return err
		}
		if err := w.app.Idle(ctx); err != nil {
			return err
		}
		if len(w.github.Pending()) == 0 {
			return nil
		}
	}
}

// linger lets whoever looks around try things: the clock goes on and webhooks
// are delivered, until ctx ends.
func (w *world) linger(ctx context.Context) {
	w.clock.release()
	w.github.Pump(ctx)
}

// look says where to look when the story is over.
func (w *world) look() (l Look) {
	if w.stay {
		l.Page, l.GitHub = w.pageURL()+"/", w.hubURL()
	}
	if w.kept || w.stay {
		l.Repository = w.gitDir()
	}
	return l
}

// close gives back what was opened.
func (w *world) close() error {
	var failed []error
	if w.app != nil {
		failed = append(failed, w.app.Close())
	}
	if w.github != nil {
		w.github.Close()
	}
	if w.log != nil {
		failed = append(failed, w.log.Close())
	}
	return errors.Join(failed...)
}
