package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"github.com/mattn/go-isatty"

	"github.com/hotfixbot/hotfixbot/internal/demo"
)

// demoCommand is `hotfixbot demo`.
type demoCommand struct {
	Pipeline demo.Pipeline `enum:"preprod,simple" default:"preprod" help:"preprod: the hotfix lands in Pre-Production and is released by a button. simple: it lands in Production and is released at once."`
	Data     string        `placeholder:"DIR" help:"Keep everything in this folder, new or empty: the repository is in DIR/git/acme/shop.git. Default: a temporary one."`
	Listen   string        `placeholder:"ADDR" help:"Where the bot's page is. Default: 127.0.0.1:8080 if it stays, else any free port."`
	Stay     bool          `xor:"end" help:"Stay after the story, so that one can look at the page. Default on a terminal."`
	Exit     bool          `xor:"end" help:"End after the story. Default without a terminal."`
	JSON     bool          `name:"json" help:"Tell as JSON, a line for each step."`
}

// Help is the longer text of `demo --help`.
func (demoCommand) Help() string {
	return "The exit code is 0 only if git and the simulated GitHub show the end that the story claims."
}

// Run plays the story.
func (c demoCommand) Run(ctx context.Context, std streams) error {
	terminal := isTerminal(std.out)
	stay := !c.Exit && (c.Stay || terminal)
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", c.address(stay))
	if err != nil {
		return usageError{fmt.Errorf("--listen: %w", err)}
	}
	defer listener.Close()
	tell := demo.Text(std.out, terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb") // https://no-color.org
	if c.JSON {
		tell = demo.JSON(std.out)
	}
	err = demo.Play(ctx, demo.Config{Dir: c.Data, Listener: listener, Pipeline: c.Pipeline, Stay: stay, Tell: tell})
	if errors.Is(err, demo.ErrFolder) {
		return usageError{fmt.Errorf("--data: %w", err)}
	}
	return err
}

// address is where to listen. Nobody looks at a page that ends with the story,
// so then a taken port is no reason not to tell it.
func (c demoCommand) address(stay bool) string {
	if stay {
		return cmp.Or(c.Listen, "127.0.0.1:8080")
	}
	return cmp.Or(c.Listen, "127.0.0.1:0")
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}
