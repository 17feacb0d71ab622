package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/doctor"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/terminal"
)

// doctorCommand is `hotfixbot doctor`.
type doctorCommand struct {
	Repo string `name:"repo" placeholder:"OWNER/REPO" help:"Of the repositories look at this one only."`
	JSON bool   `name:"json" help:"Answer in one line of JSON."`
	settings
}

// Help is the longer text of `doctor --help`.
func (doctorCommand) Help() string {
	return `Looks, with the settings of hotfixbot serve or the credentials that hotfixbot setup has kept, at these settings themselves, at the machine (address, git, disk, database, signing key), at the App on GitHub (credentials, clock, permissions and events, signing in, webhook), and at each repository where it is installed (configuration, branches, rulesets, required checks). It may run beside hotfixbot serve. It changes nothing but one thing: the newest webhook is sent once more, to see whether it arrives.

Each check is a line: ok, warning, failed, or skipped with the reason; behind the arrow stands what to do. docs/doctor.md explains each one.

Examples:

	hotfixbot doctor
	hotfixbot doctor --repo acme/shop
	hotfixbot doctor --json | jq -r '.findings[] | select(.state == "failed") | .remedy'

Exit code: 0 nothing failed (there may be warnings), 1 something failed, 2 the call is wrong.`
}

// Run looks at everything.
func (c doctorCommand) Run(ctx context.Context, std streams) error {
	if c.Repo != "" {
		var err error
		if c.Repo, err = parseRepository(c.Repo); err != nil {
			return usageError{fmt.Errorf("--repo: %w", err)}
		}
	}
	out := &findings{out: std.out, paint: terminal.Paint(terminal.Colours(std.out))}
	progress := terminal.Start(std.err, "looking")
	app.Examine(ctx, c.examination(), func(f hotfix.Finding) {
		progress.Done()
		out.take(f, !c.JSON)
		progress.Say("looking")
	})
	progress.Done()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := out.end(c.JSON); err != nil {
		return err
	}
	if n := out.count(hotfix.FindingFailed); n > 0 {
		return fmt.Errorf("%d %s", n, plural(n, "check failed", "checks failed"))
	}
	return nil
}

// examination reads each setting by itself, as hotfixbot serve does: what is wrong with
// one keeps nothing else from being looked at.
func (c doctorCommand) examination() app.Examination {
	config, wrong := c.read(io.Discard)
	config.Log = zerolog.Nop()
	e := app.Examination{Repository: c.Repo, Config: config, Problems: wrong, Listen: c.Listen}
	e.Serving = func(ctx context.Context) error { return askReady(ctx, c.Listen) }
	e.Signing = c.readSigningKey(&e.Config)
	return e
}

// findings prints what is found.
type findings struct {
	out   io.Writer
	paint terminal.Paint
	all   []hotfix.Finding
	last  string // the repository of the last line
	err   error
}

var stateColours = map[hotfix.FindingState]terminal.Colour{
	hotfix.FindingOK: terminal.Green, hotfix.FindingWarning: terminal.Yellow,
	hotfix.FindingFailed: terminal.Red, hotfix.FindingSkipped: terminal.Faint,
}

// take keeps a finding, and prints it.
func (p *findings) take(f hotfix.Finding, shown bool) {
	p.all = append(p.all, f)
	if !shown {
		return
	}
	if f.Repository != p.last {
		p.print("\n" + p.paint.In(terminal.Bold, terminal.Safe(f.Repository)) + "\n")
		p.last = f.Repository
	}
	line := p.paint.In(stateColours[f.State], fmt.Sprintf("%-7s", f.State)) + "  " +
		p.paint.In(terminal.Bold, terminal.Safe(f.Check)) + ": " + terminal.Safe(f.What)
	if f.Remedy != "" {
		line += " → " + terminal.Safe(f.Remedy)
	}
	p.print(line + "\n")
}

// print notes the first error: there is nobody to tell the rest to.
func (p *findings) print(text string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.out, text)
	}
}

func (p *findings) count(state hotfix.FindingState) int {
	n := 0
	for _, f := range p.all {
		if f.State == state {
			n++
		}
	}
	return n
}

// end prints how many there are of each state, or everything as JSON.
func (p *findings) end(asJSON bool) error {
	if p.err != nil {
		return p.err
	}
	if asJSON {
		return printJSON(p.out, map[string]any{"state": doctor.Worst(p.all), "findings": p.all})
	}
	var parts []string
	for _, state := range []hotfix.FindingState{hotfix.FindingOK, hotfix.FindingWarning, hotfix.FindingFailed, hotfix.FindingSkipped} {
		if n := p.count(state); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, state))
		}
	}
	_, err := fmt.Fprintf(p.out, "\n%s\n", strings.Join(parts, ", "))
	return err
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}
