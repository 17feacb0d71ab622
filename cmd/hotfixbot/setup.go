package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/credentials"
	"github.com/hotfixbot/hotfixbot/internal/setup"
)

// setupCommand is `hotfixbot setup`.
type setupCommand struct {
	Address      string `placeholder:"URL" help:"Where GitHub reaches this machine: https://hotfixbot.example.com. Default: asked for on the page."`
	Channel      bool   `help:"GitHub does not reach this machine: have it send to a channel of smee.io."`
	Organization string `placeholder:"ORG" help:"The organisation that is to own the App. Default: asked for on the page; empty: you."`
	Name         string `placeholder:"NAME" help:"The App's name, free on all of GitHub. Default: asked for on the page."`
	Operators    string `env:"OPERATORS" placeholder:"LOGIN,..." help:"Who sees the deliveries on the bot's page. Default: asked for on the page; empty: you, where the App is yours."`
	Replace      int64  `placeholder:"APP_ID" help:"Overwrite the credentials of this App, which are there."`
	Page         string `default:"127.0.0.1:8070" placeholder:"ADDR" help:"Where the page is, on this machine. Default: ${default}."`
	Smee         string `default:"https://smee.io" placeholder:"URL" help:"The server of channels. Default: ${default}."`
	DataDir      string `name:"data-dir" env:"DATA_DIR" default:"data" help:"Folder that gets the credentials. Default: ${default}."`
	Listen       string `name:"listen" env:"LISTEN" default:":8080" help:"Address to receive webhooks on, as hotfixbot serve does afterwards. Default: ${default}."`
	GitHubAPIURL string `name:"github-api-url" env:"GITHUB_API_URL" placeholder:"URL" help:"Root of GitHub's REST API. A GitHub Enterprise Server's ends in /api/v3. Default: https://api.github.com."`
	GitHubURL    string `name:"github-url" env:"GITHUB_URL" placeholder:"URL" help:"Root of GitHub's pages. Default: https://github.com."`
}

// Help is the longer text of `setup --help`.
func (setupCommand) Help() string {
	return `It prints an address to open in a browser on this machine; the page leads through the rest. The credentials are written to credentials.env in DATA_DIR, which hotfixbot serve reads. For a machine without a browser: ssh -L 8070:127.0.0.1:8070 MACHINE.

Examples:

	hotfixbot setup --address https://hotfixbot.example.com --organization acme
	hotfixbot setup --channel
	GITHUB_URL=https://github.example.com GITHUB_API_URL=https://github.example.com/api/v3 hotfixbot setup

Exit code: 0 a ping of GitHub's arrived and its signature fits, 1 it was ended before, 2 wrong usage.`
}

// Run serves the page until the App is ready and the person ends it.
func (c setupCommand) Run(ctx context.Context, std streams) error {
	config, err := c.config(std)
	if err != nil {
		return usageError{err}
	}
	page, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Page)
	if err != nil {
		return usageError{unlistened("--page", c.Page, err, "--page 127.0.0.1:0 takes any that is free")}
	}
	defer page.Close()
	hooks, err := new(net.ListenConfig).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return usageError{unlistened("LISTEN", c.Listen, err, "stop hotfixbot serve, or whatever else listens there: GitHub's ping has to arrive here")}
	}
	defer hooks.Close()
	return app.Setup(ctx, config, page, hooks)
}

// config checks what is set.
func (c setupCommand) config(std streams) (app.SetupConfig, error) {
	config := app.SetupConfig{
		DataDir: c.DataDir, Replace: c.Replace, Smee: c.Smee, Serve: c.serve(),
		Choice: setup.Choice{Reach: setup.Public, Address: c.Address, Organization: c.Organization, Name: c.Name, Operators: c.Operators},
		Tell:   func(line string) { fmt.Fprintln(std.out, line) },
	}
	if c.Channel {
		config.Choice.Reach = setup.Channel
	}
	if (c.GitHubURL == "") != (c.GitHubAPIURL == "") {
		return config, errors.New("GITHUB_URL and GITHUB_API_URL belong together: https://github.example.com and https://github.example.com/api/v3")
	}
	var urls app.Config
	if err := (account{GitHubURL: c.GitHubURL, GitHubAPIURL: c.GitHubAPIURL}).readURLs(&urls); err != nil {
		return config, err
	}
	config.WebURL, config.APIURL = urls.WebURL, urls.APIURL
	host, _, err := net.SplitHostPort(c.Page)
	if err != nil || !loopback(host) {
		return config, fmt.Errorf("--page is %q: it must be an address and a port of this machine, such as 127.0.0.1:8070", c.Page)
	}
	for _, name := range []string{"APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET", "WEBHOOK_SECRET_PATH", "CLIENT_ID", "CLIENT_SECRET", "CLIENT_SECRET_PATH", "BASE_URL"} {
		if os.Getenv(name) != "" {
			return config, fmt.Errorf("%s is set, and hotfixbot serve would take it instead of what is written here: unset it, or run hotfixbot doctor to see whether that App works", name)
		}
	}
	if err := credentials.Check(c.DataDir, c.Replace); err != nil {
		if errors.As(err, new(*credentials.TakenError)) {
			return config, err
		}
		return config, unwritten(err)
	}
	return config, nil
}

// serve is the command that finds the credentials and listens where webhooks arrive.
func (c setupCommand) serve() string {
	command := "hotfixbot serve"
	for _, setting := range []struct{ flag, value, usual string }{{"--data-dir", c.DataDir, "data"}, {"--listen", c.Listen, ":8080"}} {
		if setting.value != setting.usual {
			command += " " + setting.flag + " " + quoted(setting.value)
		}
	}
	return command
}

// quoted is a word as a shell takes it.
func quoted(word string) string {
	if strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+=-") == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
