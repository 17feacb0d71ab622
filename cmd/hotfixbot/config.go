package main

import (
	"fmt"
	"os"

	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// configCommand is `hotfixbot config …`.
type configCommand struct {
	Check configCheckCommand `cmd:"" help:"Say every mistake in a .github/hotfix.yml, with line and column."`
}

type configCheckCommand struct {
	File string `arg:"" optional:"" default:".github/hotfix.yml" help:"The file. Default: ${default}."`
}

// Run prints each mistake as FILE:LINE:COLUMN: what; any mistake is exit code 1.
// Which branches exist is not known here, so a branch may be any.
func (c configCheckCommand) Run(std streams) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return usageError{err}
	}
	config, problems := repoconfig.Parse(c.File, data, func(string) bool { return true })
	for _, p := range problems {
		fmt.Fprintf(std.out, "%s:%d:%d: %s\n", p.File, p.Line, p.Column, p.Message)
	}
	switch {
	case len(problems) == 1:
		return fmt.Errorf("%s has 1 mistake", c.File)
	case len(problems) > 1:
		return fmt.Errorf("%s has %d mistakes", c.File, len(problems))
	}
	for _, note := range config.Notes {
		fmt.Fprintln(std.out, "note:", note)
	}
	_, err = fmt.Fprintln(std.out, c.File, "is correct")
	return err
}
