package main

import (
	"context"
	"io"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// simCommand is `hotfixbot sim`.
type simCommand struct {
	Listen string `default:"127.0.0.1:8090" placeholder:"ADDR" help:"Where to listen. Default: ${default}."`
	Data   string `required:"" placeholder:"DIR" help:"Folder for the repositories: DIR/git/OWNER/REPO.git."`
	Seed   string `required:"" placeholder:"FILE" help:"What is there at the beginning: accounts, repositories, an App."`
}

// Help is the longer text of `sim --help`.
func (simCommand) Help() string {
	return `When it is ready it prints one line of JSON: the URL of REST, git and GraphQL, and the App's installation. docs/simulator.md describes the seed file.

Example:

	hotfixbot sim --data github --seed seed.yml

Exit code: 0 it was told to end, 1 it failed while it ran, 2 the seed, the folder or the address is wrong.`
}

// Run serves until the context ends.
func (c simCommand) Run(ctx context.Context, std streams) error {
	ready := &announcement{out: std.out}
	err := githubsim.Program{
		Listen: c.Listen, Data: c.Data, Seed: c.Seed, Out: ready,
		Grant: githubsim.Grant{Permissions: app.Permissions(), Events: app.Events()},
	}.Run(ctx)
	if err != nil && !ready.made {
		return usageError{err} // the seed, the folder or the address
	}
	return err
}

// announcement remembers whether it was made.
type announcement struct {
	out  io.Writer
	made bool
}

// Write makes it.
func (a *announcement) Write(p []byte) (int, error) {
	a.made = true
	return a.out.Write(p)
}
