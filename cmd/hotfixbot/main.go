// Command hotfixbot carries every hotfix from where it was shipped back to every
// environment that must not lose it.
//
// Exit codes: 0 done, 1 failed, 2 wrong usage or configuration. Of forecast and
// backport, as of diff: 1 is the answer "it conflicts", 2 all that kept them
// from an answer.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set at build time: -ldflags "-X main.version=v1.2.3".
var version = "dev"

// program is the command line. Each subcommand has a file of its own.
type program struct {
	Serve serveCommand `cmd:"" help:"Run the GitHub App: receive webhooks, carry hotfixes."`
	Demo  demoCommand  `cmd:"" help:"Play a hotfix from the bug to the end on a simulated GitHub. No account, no network."`
	Sim   simCommand   `cmd:"" help:"Run a simulated GitHub that any client can be tried on."`

	Forecast forecastCommand `cmd:"" help:"Say what picking commits of a local repository would come to."`
	Backport backportCommand `cmd:"" help:"Pick commits of a local repository onto a branch, into a new branch."`

	Relay   relayCommand   `cmd:"" help:"Pass on webhooks from a smee.io channel to this machine."`
	Replay  replayCommand  `cmd:"" help:"Have GitHub send a webhook delivery again."`
	Config  configCommand  `cmd:"" help:"Check a repository's .github/hotfix.yml, or print its JSON Schema."`
	Health  healthCommand  `cmd:"" help:"Ask a running hotfixbot whether it is ready; for container health checks."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// streams are where a command reads and writes; tests have their own.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// usageError is a mistake of the person who called, or keeps a command from the
// answer that exit code 1 is: exit code 2, one line.
type usageError struct{ error }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], streams{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(code)
}

// run parses the arguments, runs the command and says what went wrong in one line.
func run(ctx context.Context, args []string, std streams) int {
	exit := -1
	parser, err := kong.New(&program{},
		kong.Name("hotfixbot"),
		kong.Description("Carries every hotfix back to every environment that must not lose it."),
		kong.Writers(std.out, std.err),
		kong.Exit(func(code int) { exit = code }),
		kong.UsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
	)
	if err != nil {
		fmt.Fprintln(std.err, "hotfixbot:", err)
		return 1
	}
	command, err := parser.Parse(args)
	if exit >= 0 {
		return exit // --help
	}
	if err != nil {
		fmt.Fprintf(std.err, "hotfixbot: %v; see hotfixbot --help\n", err)
		return 2
	}
	if err := command.Run(); err != nil {
		fmt.Fprintln(std.err, "hotfixbot:", err)
		if errors.As(err, new(usageError)) {
			return 2
		}
		return 1
	}
	return 0
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(std streams) error {
	_, err := fmt.Fprintln(std.out, "hotfixbot", version)
	return err
}
