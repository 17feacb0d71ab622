// Command hotfixbot carries every hotfix from where it was shipped back to every
// environment that must not lose it.
//
// Exit codes: see about.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set at build time: -ldflags "-X main.version=v1.2.3".
var version = "dev"

// about is the longer text of `hotfixbot --help`.
const about = `Carries every hotfix back to every environment that must not lose it.

Examples:

	hotfixbot demo                   # a hotfix from the bug to its end, without account and network
	hotfixbot setup                  # make the GitHub App, in the browser
	hotfixbot serve                  # run it
	hotfixbot status acme/shop       # what each environment runs, and which hotfixes are not solved
	hotfixbot explain acme/shop#34   # everything about one hotfix
	hotfixbot help serve             # what a command does, and its flags

Exit codes: 0 it is done; 1 it failed, or the answer is no: forecast and backport found conflicts, config check found mistakes, health that it is not ready, doctor that something will not work; 2 the call or a setting is wrong, or something kept the command from an answer.`

// program is the command line. Each subcommand has a file of its own.
type program struct {
	Setup  setupCommand  `cmd:"" group:"run" help:"Make the GitHub App, in the browser, and keep its credentials."`
	Serve  serveCommand  `cmd:"" group:"run" help:"Run the GitHub App: receive webhooks, carry hotfixes."`
	Health healthCommand `cmd:"" group:"run" help:"Ask a running hotfixbot whether it is ready; for container health checks."`
	Doctor doctorCommand `cmd:"" group:"run" help:"Check credentials, clock, permissions, webhooks, rules and the machine, with remedies."`
	Replay replayCommand `cmd:"" group:"run" help:"Have GitHub send a webhook delivery again."`
	Relay  relayCommand  `cmd:"" group:"run" help:"Pass on webhooks from a smee.io channel to this machine."`

	Token tokenCommand `cmd:"" group:"run" help:"Make and revoke tokens of machines, for the JSON API and for badges."`

	Status  statusCommand  `cmd:"" group:"look" help:"Say what each environment runs, and where the hotfixes stand."`
	Explain explainCommand `cmd:"" group:"look" help:"Tell everything that is known of one hotfix."`

	Config   configCommand   `cmd:"" group:"hand" help:"Check a repository's .github/hotfix.yml, or print its JSON Schema."`
	Forecast forecastCommand `cmd:"" group:"hand" help:"Say what picking commits of a local repository would come to."`
	Backport backportCommand `cmd:"" group:"hand" help:"Pick commits of a local repository onto a branch, into a new branch."`

	Demo demoCommand `cmd:"" group:"try" help:"Play a hotfix from the bug to the end on a simulated GitHub. No account, no network."`
	Sim  simCommand  `cmd:"" group:"try" help:"Run a simulated GitHub that any client can be tried on."`

	Completion completionCommand `cmd:"" group:"rest" help:"Print a script that completes hotfixbot's commands in a shell."`
	Version    versionCommand    `cmd:"" group:"rest" help:"Print the version."`
}

// groups are the headings in the list of commands.
var groups = kong.ExplicitGroups([]kong.Group{
	{Key: "run", Title: "Run it:"},
	{Key: "look", Title: "Look at hotfixes:"},
	{Key: "hand", Title: "In a repository of yours:"},
	{Key: "try", Title: "Try it:"},
	{Key: "rest", Title: "Else:"},
})

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

// dropEmpty makes an environment variable that is empty one that is not set, where the
// setting has a default: as those of a compose file are that nobody filled in.
func dropEmpty(node *kong.Node) {
	for _, flag := range node.Flags {
		for _, name := range flag.Envs {
			if value, set := os.LookupEnv(name); set && value == "" && flag.HasDefault {
				os.Unsetenv(name) //nolint:errcheck,gosec // a name that was just looked up
			}
		}
	}
	for _, child := range node.Children {
		dropEmpty(child)
	}
}

// run parses the arguments, runs the command and says what went wrong in one line.
func run(ctx context.Context, args []string, std streams) int {
	exit := -1
	parser, err := kong.New(&program{},
		kong.Name("hotfixbot"),
		kong.Description(about),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		groups,
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
	if len(args) > 0 && args[0] == asked {
		if complete(std.out, parser.Model, args[1:]) != nil {
			return 1
		}
		return 0
	}
	dropEmpty(parser.Model.Node)
	command, err := parser.Parse(spelled(args))
	if exit >= 0 {
		return exit // --help
	}
	if err != nil {
		fmt.Fprintln(std.err, "hotfixbot:", misuse(err))
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

// versionCommand is `hotfixbot version`.
type versionCommand struct {
	JSON bool `name:"json" help:"Answer in one line of JSON."`
}

// Help is the longer text of `version --help`.
func (versionCommand) Help() string { return "Example:\n\n\thotfixbot version --json" }

// Run prints the version.
func (c versionCommand) Run(std streams) error {
	if c.JSON {
		return printJSON(std.out, map[string]string{"version": version, "go": runtime.Version()})
	}
	_, err := fmt.Fprintln(std.out, "hotfixbot", version)
	return err
}
