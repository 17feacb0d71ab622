// Command picks holds the engine against git: it makes every pick of a data file
// with gitops and with a real `git cherry-pick -x` in a work tree, and prints
// how many agree and each that does not.
//
// Two picks agree when both are clean with the same tree, the same author and
// the same message; or both are empty; or both conflict in the same paths, for
// the same reasons, with the same content in each (labels of markers aside), and
// have the same content everywhere else.
//
// The data file is a table with tabs, gzipped or not: repository, kind, commit,
// base, target, what people committed (may be empty). The clones are only read;
// everything is written to a folder of its own.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/alecthomas/kong"
)

type program struct {
	File  string            `arg:"" help:"The data file."`
	Repo  map[string]string `required:"" placeholder:"NAME=DIR" help:"A local clone of each repository that the file names."`
	Work  string            `required:"" placeholder:"DIR" help:"Folder for the work trees and the engine; it may be used again."`
	Full  bool              `help:"Check all files out, not only those at the root. Slower, with the same result."`
	From  int               `help:"Begin after so many cases." default:"0"`
	Count int               `help:"Make at most so many cases; 0 for all." default:"0"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	var p program
	kong.Parse(&p, kong.Name("picks"), kong.Description("Holds the engine against git cherry-pick."))
	if err := p.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "picks:", err)
		stop()
		os.Exit(1)
	}
}

// run ends with an error when a case differs.
func (p program) run(ctx context.Context) error {
	cases, err := readCases(p.File)
	if err != nil {
		return err
	}
	cases = cases[min(p.From, len(cases)):]
	if p.Count > 0 {
		cases = cases[:min(p.Count, len(cases))]
	}
	differ := 0
	for _, name := range names(cases) {
		dir, ok := p.Repo[name]
		if !ok {
			fmt.Printf("%s: no clone was given, left out\n", name)
			continue
		}
		r, err := p.repository(ctx, name, dir, of(cases, name))
		fmt.Println(r)
		if err != nil {
			return err
		}
		differ += r.differ
	}
	if differ > 0 {
		return fmt.Errorf("%d cases differ", differ)
	}
	return nil
}

func (p program) repository(ctx context.Context, name, dir string, cases []pick) (*result, error) {
	r := &result{name: name}
	ref, err := newReference(ctx, p.Work, name, dir, p.Full)
	if err != nil {
		return r, err
	}
	o, err := newOurs(ctx, p.Work, ref.dir)
	if err != nil {
		return r, err
	}
	defer o.engine.Close()
	for _, c := range cases {
		if err := r.add(ctx, c, ref, o); err != nil {
			return r, err
		}
	}
	return r, nil
}
