package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/terminal"
)

// gather makes the handful of webhooks of one click one reconcile.
const gather = 200 * time.Millisecond

// serveCommand is `hotfixbot serve`. Every setting is an environment variable; a
// flag of the same name wins.
type serveCommand struct {
	account
	storage
	signIn
	signing
	Listen        string `name:"listen" env:"LISTEN" default:":8080" help:"Address to listen on. Default: ${default}."`
	LogLevel      string `name:"log-level" env:"LOG_LEVEL" default:"info" help:"debug, info, warn or error. Default: ${default}."`
	FetchInterval string `name:"fetch-interval" env:"FETCH_INTERVAL" default:"1m" help:"How often GitHub is asked to send again what it could not deliver. Default: ${default}."`
	RateLimits    string `name:"rate-limits" env:"RATE_LIMITS" default:"auto" help:"on: stay below the limits of github.com. off: only stop when GitHub says so. auto: off for an Enterprise Server and on this machine, else on. Default: ${default}."`
	SweepInterval string `name:"sweep-interval" env:"SWEEP_INTERVAL" default:"10m" help:"How often every repository is looked at, whether or not a webhook came. Default: ${default}."`
}

// Help is the longer text of `serve --help`.
func (serveCommand) Help() string {
	return `GitHub sends its webhooks to /webhooks/github. /healthz says that the process lives, /readyz that it can work. SIGTERM stops it: what was accepted and is not done yet is done after the next start.

On PostgreSQL any number of processes may serve, behind one address for GitHub: they share the work, and what one that dies has begun is taken over within a minute. DATA_DIR then holds only throw-away workspaces.

Each setting is an environment variable; a flag of the same name wins. The App's credentials that are not set are read from credentials.env in DATA_DIR, which hotfixbot setup writes.

Examples:

	hotfixbot serve
	APP_ID=7 PRIVATE_KEY_PATH=app.pem WEBHOOK_SECRET=... hotfixbot serve
	hotfixbot serve --listen 127.0.0.1:9000 --data-dir /var/lib/hotfixbot --log-level debug

Exit code: 0 it was told to stop, 1 it failed while it ran, 2 a setting is missing or wrong: the message names it.`
}

// Run serves until the context ends.
func (c serveCommand) Run(ctx context.Context, std streams) error {
	config, err := c.config(std.err)
	if err != nil {
		return usageError{err}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return usageError{fmt.Errorf("LISTEN: %w", err)}
	}
	defer listener.Close()
	progress := terminal.Start(std.err, "opening the database, and upgrading it where that is needed")
	bot, err := app.New(ctx, config)
	progress.Done()
	if err != nil {
		return c.misplaced(err)
	}
	config.Log.Info().Str("address", listener.Addr().String()).Str("version", version).Msg("listening")
	if config.SignIn != nil && len(config.SignIn.Operators) == 0 {
		config.Log.Warn().Msg("people can sign in, but OPERATORS names nobody: nobody sees the deliveries")
	}
	err = errors.Join(bot.Run(ctx, listener), bot.Close())
	config.Log.Info().Msg("stopped")
	return err
}

// config checks every setting. The error names the first that is missing or
// wrong.
func (c serveCommand) config(logs io.Writer) (app.Config, error) {
	config := app.Config{DataDir: c.DataDir, DatabaseURL: c.DatabaseURL, Gather: gather}
	kept, err := c.kept()
	if err != nil {
		return config, err
	}
	c.signIn, c.account = c.signIn.or(kept.Of(c.AppID)), c.account.or(kept)
	for _, read := range []func(*app.Config) error{
		c.account.read, c.signIn.read, c.readLimits, c.readSigningKey, c.readIntervals, c.readData,
		func(config *app.Config) error { return c.readLog(config, logs) },
	} {
		if err := read(&config); err != nil {
			return config, err
		}
	}
	return config, nil
}

// readLimits tells whether requests are paced. Enterprise Servers have no limits by
// default (docs.github.com, "Rate limits for the REST API", Enterprise Server).
func (c serveCommand) readLimits(config *app.Config) error {
	switch c.RateLimits {
	case "on", "off":
		config.Paced = c.RateLimits == "on"
	case "auto":
		api, err := url.Parse(config.APIURL)
		config.Paced = err == nil && !loopback(api.Hostname()) && !strings.HasSuffix(api.Path, "/api/v3")
	default:
		return fmt.Errorf("RATE_LIMITS is %q: it must be on, off or auto", c.RateLimits)
	}
	return nil
}

func (c serveCommand) readIntervals(config *app.Config) error {
	for _, setting := range []struct {
		name, value string
		into        *time.Duration
	}{
		{"SWEEP_INTERVAL", c.SweepInterval, &config.SweepInterval},
		{"FETCH_INTERVAL", c.FetchInterval, &config.FetchInterval},
	} {
		interval, err := time.ParseDuration(setting.value)
		if err != nil || interval < time.Second {
			return fmt.Errorf("%s is %q: it must be a duration of at least a second, such as 10m", setting.name, setting.value)
		}
		*setting.into = interval
	}
	return nil
}

func (c serveCommand) readLog(config *app.Config, out io.Writer) error {
	level, err := zerolog.ParseLevel(c.LogLevel)
	if err != nil || !slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel) {
		return fmt.Errorf("LOG_LEVEL is %q: it must be debug, info, warn or error", c.LogLevel)
	}
	config.Log = zerolog.New(out).Level(level).With().Timestamp().Logger()
	return nil
}
