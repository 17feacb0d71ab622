package app

import (
	"context"
	"net"
	"net/http"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"github.com/hotfixbot/hotfixbot"
	"github.com/hotfixbot/hotfixbot/internal/credentials"
	"github.com/hotfixbot/hotfixbot/internal/dashboard"
	"github.com/hotfixbot/hotfixbot/internal/forge"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/relay"
	"github.com/hotfixbot/hotfixbot/internal/setup"
	"github.com/hotfixbot/hotfixbot/webhooks"
)

// SetupConfig is what is needed to make an App.
type SetupConfig struct {
	DataDir string // gets the credentials
	Replace int64  // the App whose credentials may be overwritten; 0: nobody's
	APIURL  string // root of GitHub's REST API
	WebURL  string // root of GitHub's pages
	Smee    string // root of the server of channels
	Choice  setup.Choice
	Serve   string            // the command that is to be started afterwards
	Tell    func(line string) // says in the terminal what happened
	// Look and Patience are setup.Config's; zero: its defaults.
	Look, Patience time.Duration
}

// Setup serves the page that makes an App on page, and receives webhooks on hooks,
// until it is ready and the person ends it, or ctx ends. The error is
// setup.ErrUnfinished when no ping came.
func Setup(ctx context.Context, config SetupConfig, page, hooks net.Listener) error {
	local := "http://" + fromHere(hooks.Addr())
	s, err := setup.New(setup.Config{
		Manifest: hotfixbot.Manifest, GitHub: registrar(config), WebURL: config.WebURL, Hook: webhooks.Path, Local: local,
		Serve: config.Serve, Choice: config.Choice, Assets: dashboard.Assets(), Tell: config.Tell, Look: config.Look, Patience: config.Patience,
		Receiver: func(secret string, to setup.Acceptor) (http.Handler, error) {
			return webhooks.New(webhooks.Config{Secrets: []string{secret}, Acceptor: to, Log: zerolog.Nop()})
		},
		Keep:    config.keep,
		Channel: func(ctx context.Context) (string, error) { return relay.NewChannel(ctx, config.Smee) },
		Relay:   func(ctx context.Context, channel string) { config.relay(ctx, channel, local+webhooks.Path) },
	})
	if err != nil {
		return err
	}
	group, serving := errgroup.WithContext(ctx)
	ended, end := context.WithCancel(serving)
	for listener, handler := range map[net.Listener]http.Handler{page: s, hooks: hooked(s)} {
		group.Go(func() error { return serve(ended, listener, handler, time.Second) })
	}
	config.Tell("Open http://" + fromHere(page.Addr()) + s.Entry())
	group.Go(func() error {
		defer end()
		return s.Run(serving)
	})
	return group.Wait()
}

// hooked serves webhooks at their path, and nothing else.
func hooked(s *setup.Setup) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(webhooks.Path, s.Hooks())
	return mux
}

// fromHere is a listener's address as programs on this machine reach it.
func fromHere(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return a.String()
}

// keep writes the credentials, with GitHub's addresses where they are not github.com's.
func (c SetupConfig) keep(made credentials.Credentials) (string, error) {
	if c.APIURL != forge.DefaultAPIURL || c.WebURL != forge.DefaultWebURL {
		made.GitHubURL, made.GitHubAPIURL = c.WebURL, c.APIURL
	}
	return credentials.Write(c.DataDir, made, c.Replace)
}

func (c SetupConfig) relay(ctx context.Context, channel, to string) {
	err := relay.Relay{
		Channel: channel, To: to, Client: &http.Client{},
		Passed: func(event, _ string, _ int, err error) {
			if err != nil {
				c.Tell("A webhook could not be passed on from the channel: " + event + ": " + err.Error())
			}
		},
		Lost: func(err error, _ time.Duration) { c.Tell("The channel is out of reach: " + err.Error()) },
	}.Run(ctx)
	if err != nil {
		c.Tell("The channel cannot be listened to: " + err.Error())
	}
}

// registrar asks GitHub what a set-up needs to know.
type registrar SetupConfig

// Convert implements setup.GitHub.
func (r registrar) Convert(ctx context.Context, code string) (hotfix.Registered, error) {
	return forge.Convert(ctx, forge.Config{APIURL: r.APIURL, WebURL: r.WebURL}, code)
}

// Sendings implements setup.GitHub.
func (r registrar) Sendings(ctx context.Context, made hotfix.Registered, since time.Time) ([]hotfix.Sending, error) {
	github, err := r.as(made)
	if err != nil {
		return nil, err
	}
	return github.Sendings(ctx, since)
}

// Redeliver implements setup.GitHub.
func (r registrar) Redeliver(ctx context.Context, made hotfix.Registered, sending int64) error {
	github, err := r.as(made)
	if err != nil {
		return err
	}
	return github.Redeliver(ctx, sending)
}

// as is the App that was made.
func (r registrar) as(made hotfix.Registered) (*forge.App, error) {
	return newForge(Config{
		AppID: made.AppID, PrivateKey: []byte(made.PrivateKey), APIURL: r.APIURL, WebURL: r.WebURL, Log: zerolog.Nop(),
	}.withDefaults(), nil)
}
