package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/app"
)

// gather makes the handful of webhooks of one click one reconcile.
const gather = 200 * time.Millisecond

// serveCommand is `hotfixbot serve`. Every setting is an environment variable; a
// flag of the same name wins.
type serveCommand struct {
	AppID          string `name:"app-id" env:"APP_ID" placeholder:"ID" help:"The App's id, from its settings page. Required."`
	PrivateKeyPath string `name:"private-key-path" env:"PRIVATE_KEY_PATH" placeholder:"FILE" help:"File with the App's private key (PEM). Required, or PRIVATE_KEY."`
	PrivateKey     string `name:"private-key" env:"PRIVATE_KEY" placeholder:"PEM" help:"The private key itself, instead of a file."`
	WebhookSecret  string `name:"webhook-secret" env:"WEBHOOK_SECRET" placeholder:"SECRET,..." help:"The webhook secret. Several, separated by commas, while one is being replaced. Required."`
	GitHubAPIURL   string `name:"github-api-url" env:"GITHUB_API_URL" default:"https://api.github.com" help:"Root of GitHub's REST API, used as given. A GitHub Enterprise Server's ends in /api/v3. Default: ${default}."`
	GitHubURL      string `name:"github-url" env:"GITHUB_URL" default:"https://github.com" help:"Root of GitHub's pages and of git. Default: ${default}."`
	Listen         string `name:"listen" env:"LISTEN" default:":8080" help:"Address to listen on. Default: ${default}."`
	DataDir        string `name:"data-dir" env:"DATA_DIR" default:"data" help:"Folder for the database and for git's throw-away workspaces. Default: ${default}."`
	DatabaseURL    string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"Database. Default: the file hotfixbot.db in DATA_DIR."`
	SigningKeyPath string `name:"signing-key-path" env:"SIGNING_KEY_PATH" placeholder:"FILE" help:"File with a private SSH or GPG key that signs the bot's commits and tags. Default: they are not signed."`
	SigningKeyPass string `name:"signing-key-passphrase" env:"SIGNING_KEY_PASSPHRASE" placeholder:"TEXT" help:"Passphrase of the signing key, if it has one."`
	LogLevel       string `name:"log-level" env:"LOG_LEVEL" default:"info" help:"debug, info, warn or error. Default: ${default}."`
	SweepInterval  string `name:"sweep-interval" env:"SWEEP_INTERVAL" default:"10m" help:"How often every repository is looked at, whether or not a webhook came. Default: ${default}."`
}

// Help is the longer text of `serve --help`.
func (serveCommand) Help() string {
	return "GitHub sends its webhooks to /webhooks/github. /healthz says that the process lives, /readyz that it can work.\n" +
		"SIGTERM stops it: what was accepted and is not done yet is done after the next start."
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
	bot, err := app.New(ctx, config)
	if err != nil {
		return c.misplaced(err)
	}
	config.Log.Info().Str("address", listener.Addr().String()).Str("version", version).Msg("listening")
	err = errors.Join(bot.Run(ctx, listener), bot.Close())
	config.Log.Info().Msg("stopped")
	return err
}

// config checks every setting. The error names the first that is missing or
// wrong.
func (c serveCommand) config(logs io.Writer) (app.Config, error) {
	config := app.Config{DataDir: c.DataDir, DatabaseURL: c.DatabaseURL, Gather: gather}
	for _, read := range []func(*app.Config) error{
		c.readApp, c.readKey, c.readSecrets, c.readURLs, c.readSigningKey, c.readInterval, c.readData,
		func(config *app.Config) error { return c.readLog(config, logs) },
	} {
		if err := read(&config); err != nil {
			return config, err
		}
	}
	return config, nil
}

func (c serveCommand) readApp(config *app.Config) error {
	if c.AppID == "" {
		return errors.New("APP_ID is not set: give the App's id, a number on its settings page")
	}
	if _, err := fmt.Sscanf(c.AppID+"\n", "%d\n", &config.AppID); err != nil || config.AppID <= 0 {
		return fmt.Errorf("APP_ID is %q: it must be the App's id, a number on its settings page", c.AppID)
	}
	return nil
}

func (c serveCommand) readKey(config *app.Config) error {
	switch {
	case c.PrivateKey != "" && c.PrivateKeyPath != "":
		return errors.New("PRIVATE_KEY and PRIVATE_KEY_PATH are both set: give one of them")
	case c.PrivateKey != "":
		config.PrivateKey = []byte(strings.ReplaceAll(c.PrivateKey, `\n`, "\n"))
	case c.PrivateKeyPath != "":
		data, err := os.ReadFile(c.PrivateKeyPath)
		if err != nil {
			return fmt.Errorf("PRIVATE_KEY_PATH: %w", err)
		}
		config.PrivateKey = data
	default:
		return errors.New("PRIVATE_KEY_PATH is not set: give the file of the App's private key, or the key itself in PRIVATE_KEY")
	}
	if err := app.CheckKey(config.PrivateKey); err != nil {
		name := "PRIVATE_KEY"
		if c.PrivateKeyPath != "" {
			name = "PRIVATE_KEY_PATH"
		}
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func (c serveCommand) readSecrets(config *app.Config) error {
	for _, secret := range strings.Split(c.WebhookSecret, ",") {
		if secret = strings.TrimSpace(secret); secret != "" {
			config.WebhookSecrets = append(config.WebhookSecrets, secret)
		}
	}
	if len(config.WebhookSecrets) == 0 {
		return errors.New("WEBHOOK_SECRET is not set: give the secret of the App's webhook")
	}
	return nil
}

func (c serveCommand) readURLs(config *app.Config) error {
	for _, setting := range []struct {
		name, value, example string
		into                 *string
	}{
		{"GITHUB_API_URL", c.GitHubAPIURL, "https://github.example.com/api/v3", &config.APIURL},
		{"GITHUB_URL", c.GitHubURL, "https://github.example.com", &config.WebURL},
	} {
		u, err := url.Parse(setting.value)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return fmt.Errorf("%s is %q: it must be a URL such as %s", setting.name, setting.value, setting.example)
		}
		if u.User != nil || u.RawQuery != "" {
			return fmt.Errorf("%s must not carry a name, a password or a query", setting.name)
		}
		if u.Scheme == "http" && !loopback(u.Hostname()) {
			return fmt.Errorf("%s is %q: http is for this machine only, use https", setting.name, setting.value)
		}
		*setting.into = strings.TrimSuffix(setting.value, "/")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c serveCommand) readInterval(config *app.Config) error {
	interval, err := time.ParseDuration(c.SweepInterval)
	if err != nil || interval < time.Second {
		return fmt.Errorf("SWEEP_INTERVAL is %q: it must be a duration of at least a second, such as 10m", c.SweepInterval)
	}
	config.SweepInterval = interval
	return nil
}

// readData makes the folder and tries to write there.
func (c serveCommand) readData(config *app.Config) error {
	config.DataDir, config.DatabaseURL = c.DataDir, c.DatabaseURL
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return fmt.Errorf("DATA_DIR: %w", err)
	}
	probe, err := os.CreateTemp(c.DataDir, "probe-")
	if err != nil {
		return fmt.Errorf("DATA_DIR: %w", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// misplaced names the setting where the database cannot be used.
func (c serveCommand) misplaced(err error) error {
	setting := "DATA_DIR"
	if c.DatabaseURL != "" {
		setting = "DATABASE_URL"
	}
	if errors.As(err, new(*app.DatabaseError)) {
		return usageError{fmt.Errorf("%s: %w", setting, err)}
	}
	return err
}

func (c serveCommand) readLog(config *app.Config, out io.Writer) error {
	level, err := zerolog.ParseLevel(c.LogLevel)
	if err != nil || !slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel) {
		return fmt.Errorf("LOG_LEVEL is %q: it must be debug, info, warn or error", c.LogLevel)
	}
	config.Log = zerolog.New(out).Level(level).With().Timestamp().Logger()
	return nil
}
