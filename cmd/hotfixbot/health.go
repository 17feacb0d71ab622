package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// healthCommand is `hotfixbot health`.
type healthCommand struct {
	URL    string `arg:"" optional:"" help:"Where hotfixbot listens. Default: this machine, at the port of LISTEN."`
	Listen string `name:"listen" env:"LISTEN" default:":8080" help:"The setting of hotfixbot serve. Default: ${default}."`
}

// Help is the longer text of `health --help`.
func (healthCommand) Help() string {
	return `Asks /readyz, which writes to the database to see that work can be accepted.

Examples:

	hotfixbot health
	hotfixbot health http://127.0.0.1:9000

Exit code: 0 it is ready, 1 it is not or nobody answers, 2 the call is wrong.`
}

// Run asks /readyz; another answer than ready is an error with what it says.
func (c healthCommand) Run(ctx context.Context) error {
	if c.URL == "" {
		return askReady(ctx, c.Listen)
	}
	if u, err := url.Parse(c.URL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return usageError{fmt.Errorf("%q is no URL such as http://127.0.0.1:8080", c.URL)}
	}
	return ready(ctx, c.URL)
}

// askReady asks who listens at an address, from this machine.
func askReady(ctx context.Context, listen string) error {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return usageError{fmt.Errorf("LISTEN: %w", err)}
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return ready(ctx, "http://"+net.JoinHostPort(host, port))
}

// ready asks the hotfixbot at a URL whether it is.
func ready(ctx context.Context, root string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(root, "/")+"/readyz", nil)
	if err != nil {
		return usageError{err}
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("%w: is hotfixbot serve running, and is this where it listens?", err)
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 1000)) // best effort: the status says enough
	switch {
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("%s: %s", answer.Status, strings.TrimSpace(string(said)))
	case string(said) != "ready\n":
		return fmt.Errorf("something else than hotfixbot serve answers at %s", root)
	}
	return nil
}
