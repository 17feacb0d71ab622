package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/hotfixbot/hotfixbot/internal/demo"
	"github.com/hotfixbot/hotfixbot/internal/terminal"
)

// demoCommand is `hotfixbot demo`.
type demoCommand struct {
	Pipeline demo.Pipeline `enum:"preprod,simple" default:"preprod" help:"preprod: the hotfix lands in Pre-Production and is released by a button. simple: it lands in Production and is released at once."`
	Data     string        `placeholder:"DIR" help:"Keep everything in this folder, new or empty: the repository is in DIR/git/acme/shop.git. Default: a temporary one."`
	Listen   string        `placeholder:"ADDR" help:"Where the bot's page is. Default: 127.0.0.1:8080 if it stays and that is free, else any free port."`
	Stay     bool          `xor:"end" help:"Stay after the story, so that one can look at the page. Default on a terminal."`
	Exit     bool          `xor:"end" help:"End after the story. Default without a terminal."`
	JSON     bool          `name:"json" help:"Tell as JSON, a line for each step."`
}

// Help is the longer text of `demo --help`.
func (demoCommand) Help() string {
	return `The exit code is 0 only if git and the simulated GitHub show the end that the story claims.

Examples:

	hotfixbot demo
	hotfixbot demo --pipeline simple --exit
	hotfixbot demo --data /tmp/demo && git -C /tmp/demo/git/acme/shop.git log --graph --oneline --all

Exit code: 0 the story ended well, 1 it did not, 2 the call is wrong.`
}

// Run plays the story.
func (c demoCommand) Run(ctx context.Context, std streams) error {
	stay := !c.Exit && (c.Stay || terminal.Is(std.out))
	listener, err := c.listen(ctx, stay)
	if err != nil {
		return usageError{unlistened("--listen", c.Listen, err, "--listen "+anyPort+" takes any port that is free")}
	}
	defer listener.Close()
	ctx, stop := staying(ctx)
	defer stop()
	tell := demo.Text(std.out, terminal.Colours(std.out))
	if c.JSON {
		tell = demo.JSON(std.out)
	}
	err = demo.Play(ctx, demo.Config{Dir: c.Data, Listener: listener, Pipeline: c.Pipeline, Stay: stay, Tell: tell})
	if errors.Is(err, demo.ErrFolder) {
		return usageError{fmt.Errorf("--data: %w", err)}
	}
	return err
}

// staying keeps the process from being ended where nobody would clear away: when what
// it writes to is closed, which is an error of the write instead, and when its terminal
// is, which ends the context.
func staying(ctx context.Context) (context.Context, context.CancelFunc) {
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	if signal.Ignored(syscall.SIGHUP) {
		return ctx, func() {}
	}
	return signal.NotifyContext(ctx, syscall.SIGHUP)
}

// anyPort is any that is free.
const anyPort = "127.0.0.1:0"

// listen takes the address that was asked for; else 8080, where somebody will look at the
// page and it is free.
func (c demoCommand) listen(ctx context.Context, stay bool) (listener net.Listener, err error) {
	wanted := []string{c.Listen}
	switch {
	case c.Listen == "" && stay:
		wanted = []string{"127.0.0.1:8080", anyPort}
	case c.Listen == "":
		wanted = []string{anyPort}
	}
	for _, address := range wanted {
		if listener, err = new(net.ListenConfig).Listen(ctx, "tcp", address); err == nil {
			break
		}
	}
	return listener, err
}
