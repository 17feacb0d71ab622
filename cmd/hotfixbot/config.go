package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// configCommand is `hotfixbot config …`.
type configCommand struct {
	Check  configCheckCommand  `cmd:"" help:"Say every mistake in a .github/hotfix.yml, with line and column."`
	Schema configSchemaCommand `cmd:"" help:"Print the JSON Schema of .github/hotfix.yml, with which editors complete it."`
}

type configSchemaCommand struct{}

// Help is the longer text of `config schema --help`.
func (configSchemaCommand) Help() string {
	return `Editors that know the YAML language server complete and check the file with it.

Example:

	hotfixbot config schema > .github/hotfix.schema.json`
}

// Run prints the schema.
func (configSchemaCommand) Run(std streams) error {
	schema, err := repoconfig.Schema()
	if err == nil {
		_, err = std.out.Write(schema)
	}
	return err
}

type configCheckCommand struct {
	File     string   `arg:"" optional:"" help:"The file; - for standard input. Default: .github/hotfix.yml, in DIR if --repo is given."`
	Branches []string `placeholder:"NAME,…" xor:"branches" help:"The branches that there are; the file's others are said to be missing."`
	Repo     string   `placeholder:"DIR" xor:"branches" help:"A clone whose branches, or those of its origin, are the ones that there are."`
	JSON     bool     `name:"json" help:"Answer in one line of JSON."`
}

// Help is the longer text of `config check --help`.
func (configCheckCommand) Help() string {
	return `Prints each mistake as FILE:LINE:COLUMN: what is wrong, and what would be right.

Examples:

	hotfixbot config check
	hotfixbot config check --repo .
	hotfixbot config check - --branches main,qa < hotfix.yml

Exit code: 0 the file is right; 1 it has mistakes, or names branches that there are not (--branches, --repo); 2 it could not be read.`
}

// Run prints each mistake, and then each branch that is missing. Without
// --branches and --repo it is not known which there are, so a branch may be any.
func (c configCheckCommand) Run(ctx context.Context, std streams) error {
	name, data, err := c.read(std.in)
	if err != nil {
		return usageError{err}
	}
	exists, done, err := c.branches(ctx)
	if err != nil {
		return usageError{err}
	}
	config, problems := repoconfig.Parse(name, data, exists)
	what := "mistake"
	if len(problems) == 0 {
		problems, what = repoconfig.Missing(name, data, exists), "missing branch"
	}
	if err := done(); err != nil {
		return usageError{err}
	}
	if c.JSON {
		err = printJSON(std.out, checked{File: name, Problems: append([]hotfix.ConfigProblem{}, problems...), Notes: append([]string{}, config.Notes...)})
	} else if len(problems) > 0 {
		err = tell(std.out, problems)
	}
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		return counted(name, what, len(problems))
	}
	if c.JSON {
		return nil
	}
	for _, note := range config.Notes {
		fmt.Fprintln(std.out, "note:", note)
	}
	_, err = fmt.Fprintln(std.out, name, "is correct")
	return err
}

// checked is the answer in JSON.
type checked struct {
	File     string                 `json:"file"`
	Problems []hotfix.ConfigProblem `json:"problems"`
	Notes    []string               `json:"notes"`
}

// tell prints the problems.
func tell(out io.Writer, problems []hotfix.ConfigProblem) error {
	for _, p := range problems {
		place := p.File
		if p.Line > 0 {
			place = fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
		}
		if _, err := fmt.Fprintf(out, "%s: %s\n", place, p.Message); err != nil {
			return err
		}
	}
	return nil
}

// counted is the error of a file with problems.
func counted(name, what string, problems int) error {
	if problems == 1 {
		return fmt.Errorf("%s has 1 %s", name, what)
	}
	plural := map[string]string{"mistake": "mistakes", "missing branch": "missing branches"}[what]
	return fmt.Errorf("%s has %d %s", name, problems, plural)
}

// mostRead is more than any configuration may have, so that an endless file is
// not read to its end before it is refused.
const mostRead = 1 << 20

// read is the file and the name by which it is spoken of.
func (c configCheckCommand) read(in io.Reader) (name string, data []byte, err error) {
	name = c.File
	if name == "-" {
		data, err = io.ReadAll(io.LimitReader(in, mostRead))
		return "standard input", data, err
	}
	if name == "" {
		name = filepath.Join(c.Repo, filepath.FromSlash(repoconfig.File))
	}
	file, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) && c.File == "" {
		return "", nil, fmt.Errorf("there is no %s: name the file, or a clone with --repo DIR; a repository without one goes by the names of its branches", name)
	}
	if err != nil {
		return "", nil, err
	}
	defer file.Close()
	data, err = io.ReadAll(io.LimitReader(file, mostRead))
	return name, data, err
}

// branches tells which branches there are. done must be called after the last
// question.
func (c configCheckCommand) branches(ctx context.Context) (exists func(string) bool, done func() error, err error) {
	nothing := func() error { return nil }
	switch {
	case c.Branches != nil:
		return func(name string) bool { return slices.Contains(c.Branches, name) }, nothing, nil
	case c.Repo == "":
		return func(string) bool { return true }, nothing, nil
	}
	l, err := openLocal(ctx, c.Repo)
	if err != nil {
		return nil, nil, err
	}
	exists = func(name string) bool {
		return l.clone.HasBranch(ctx, name) || l.clone.BranchOf(ctx, "refs/remotes/origin/"+name) == name
	}
	return exists, func() error { return errors.Join(ctx.Err(), l.Close()) }, nil
}
