package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/relay"
)

// relayCommand is `hotfixbot relay`.
type relayCommand struct {
	URL string `arg:"" help:"The channel: https://smee.io/…, which is the App's webhook URL at GitHub."`
	To  string `default:"http://127.0.0.1:8080/webhooks/github" placeholder:"URL" help:"Where hotfixbot receives. Default: ${default}."`
}

// Help is the longer text of `relay --help`.
func (relayCommand) Help() string {
	return `Brings webhooks to a machine that GitHub cannot reach. It prints a line for each delivery, and connects again by itself until it is told to end.

Example:

	hotfixbot relay https://smee.io/k3v9Qx7bT2

Exit code: 0 it was told to end, 1 the address is no channel, 2 the call is wrong.`
}

// Run relays until the context ends.
func (c relayCommand) Run(ctx context.Context, std streams) error {
	for _, place := range []struct{ what, text, example string }{
		{"the channel", c.URL, "https://smee.io/k3v9Qx7bT2"}, {"--to", c.To, "http://127.0.0.1:8080/webhooks/github"},
	} {
		u, err := url.Parse(place.text)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.Trim(u.Path, "/") == "" {
			return usageError{fmt.Errorf("%s is %q: it must be a URL with a path, such as %s", place.what, place.text, place.example)}
		}
	}
	return relay.Relay{
		Channel: c.URL, To: c.To, Client: &http.Client{},
		Passed: func(event, guid string, status int, err error) {
			if err != nil {
				fmt.Fprintf(std.err, "not passed on: %s %s: %v\n", event, guid, err)
				return
			}
			fmt.Fprintf(std.out, "%s %s: %d %s\n", event, guid, status, http.StatusText(status))
		},
		Lost: func(err error, wait time.Duration) {
			fmt.Fprintf(std.err, "the channel is out of reach, trying again in %s: %v\n", wait.Round(100*time.Millisecond), err)
		},
	}.Run(ctx)
}
