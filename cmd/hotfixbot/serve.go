package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/terminal"
)

// gather makes the handful of webhooks of one click one reconcile, where they come
// together. Those that come later are the next one's, which reads little.
const gather = 25 * time.Millisecond

// serveCommand is `hotfixbot serve`. Every setting is an environment variable; a
// flag of the same name wins.
type serveCommand struct{ settings }

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
	finish, err := trace(ctx, &config)
	if err != nil {
		return usageError{err}
	}
	defer finish()
	listener, err := listenSoon(ctx, c.Listen)
	if err != nil {
		return usageError{unlistened("LISTEN", c.Listen, err, "stop what listens there, or name another address with --listen")}
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

// config checks every setting, and makes the data folder. The error names the first
// that is missing or wrong.
func (c serveCommand) config(logs io.Writer) (app.Config, error) {
	config, wrong := c.read(logs)
	if len(wrong) > 0 {
		return config, wrong[0]
	}
	config.Gather = gather
	for _, read := range []func(*app.Config) error{c.readSigningKey, c.readData} {
		if err := read(&config); err != nil {
			return config, err
		}
	}
	return config, nil
}
