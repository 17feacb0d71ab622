package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
	"github.com/hotfixbot/hotfixbot/internal/terminal"
)

// statusCommand is `hotfixbot status`.
type statusCommand struct {
	Repository string `arg:"" optional:"" name:"owner/repo" help:"The repository. Default: a line for each one."`
	All        bool   `help:"The solved hotfixes, too."`
	JSON       bool   `name:"json" help:"Answer in one line of JSON."`
	storage
}

// Help is the longer text of `status --help`.
func (statusCommand) Help() string {
	return `Reads what hotfixbot serve has stored, whether or not it runs, and changes nothing. Versions, the red + and where each hotfix stands are those of the page and of the status comment.

Examples:

	hotfixbot status
	hotfixbot status acme/shop
	hotfixbot status acme/shop --json | jq '.hotfixes[].standings'

Exit code: 0 it was told, 2 there is no such repository, or no database that can be read.`
}

// Run tells it.
func (c statusCommand) Run(ctx context.Context, std streams) (err error) {
	if c.Repository != "" {
		if c.Repository, err = parseRepository(c.Repository); err != nil {
			return usageError{err}
		}
	}
	kept, err := c.openLedger(ctx)
	if err != nil {
		return usageError{err}
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	paint := terminal.Paint(terminal.Colours(std.out))
	if c.Repository == "" {
		return c.list(std.out, paint, kept.boards)
	}
	board, err := kept.board(c.Repository)
	if err != nil {
		return usageError{err}
	}
	if c.JSON {
		return printJSON(std.out, board)
	}
	stale, err := kept.stale(ctx, board.Repository)
	if err != nil {
		return err
	}
	_, err = io.WriteString(std.out, c.board(paint, board, stale))
	return err
}

// list has a line for each repository.
func (c statusCommand) list(out io.Writer, paint terminal.Paint, boards []hotfix.Board) error {
	if c.JSON {
		return printJSON(out, map[string]any{"boards": append([]hotfix.Board{}, boards...)})
	}
	if len(boards) == 0 {
		_, err := fmt.Fprintln(out, "no repository is known yet: install the App on one")
		return err
	}
	table := terminal.Table{Head: []string{"repository", "not solved", "waits for a person"}}
	for _, board := range boards {
		table.Rows = append(table.Rows, []string{board.Name, strconv.Itoa(len(unsolved(board))), waits(board)})
	}
	_, err := io.WriteString(out, paint.Lines(table))
	return err
}

// waits says whether somebody has to correct the configuration.
func waits(board hotfix.Board) string {
	if len(board.Problems) > 0 {
		return terminal.Safe(board.Problems[0].What)
	}
	return ""
}

// board is a repository's environments, and its hotfixes.
func (c statusCommand) board(paint terminal.Paint, board hotfix.Board, stale string) string {
	var b strings.Builder
	b.WriteString(paint.In(terminal.Bold, terminal.Safe(board.Name)) + "\n")
	if stale != "" {
		b.WriteString(paint.In(terminal.Yellow, stale) + "\n")
	}
	b.WriteString("\n" + environments(paint, board))
	if len(board.Problems) > 0 {
		b.WriteString("\n" + paint.Markdown(render.Problems(board.Problems)))
	}
	list := board.Hotfixes
	if !c.All {
		list = unsolved(board)
	}
	for _, status := range list {
		b.WriteString("\n" + title(paint, status) + "\n" + paint.Markdown(render.StatusReply(status)) + awaited(status))
	}
	switch {
	case len(board.Hotfixes) == 0:
		b.WriteString("\nThere was no hotfix yet.\n")
	case len(list) == 0:
		b.WriteString("\nEvery hotfix is solved.\n")
	}
	return b.String()
}

// environments is a table: what each runs of each application, and which hotfixes
// it holds or misses that are not solved.
func environments(paint terminal.Paint, board hotfix.Board) string {
	table := terminal.Table{Head: []string{"environment", "branch"}}
	names := board.Applications
	if len(names) < 2 {
		names = []string{""} // what runs there has no application's name
		table.Head = append(table.Head, "version")
	} else {
		table.Head = append(table.Head, names...)
	}
	table.Head = append(table.Head, "hotfixes")
	pipeline := hotfix.Pipeline{}
	for _, env := range board.Environments {
		pipeline = append(pipeline, env.Environment)
	}
	landing, _ := pipeline.Landing()
	for _, env := range board.Environments {
		row := []string{env.Name, env.Branch}
		for _, name := range names {
			runs := env.Of(name)
			row = append(row, runs.Version+runs.Mark)
		}
		table.Rows = append(table.Rows, append(row, holds(board, env, env.Branch == landing.Branch)))
	}
	table.Colour = func(row, column int) terminal.Colour {
		if column > 1 && board.Environments[row].Red {
			return terminal.Red
		}
		return terminal.Plain
	}
	return paint.Lines(table)
}

// holds names the hotfixes that are not solved: in the landing environment, which
// has them, and below, where one is missing.
func holds(board hotfix.Board, env hotfix.EnvironmentState, landing bool) string {
	var names []string
	for _, status := range unsolved(board) {
		misses := slices.ContainsFunc(status.Missing(), func(s hotfix.Standing) bool { return s.Branch == env.Branch })
		if landing && env.Red || misses {
			names = append(names, called(status))
		}
	}
	switch {
	case env.Absent:
		return "no such branch"
	case len(names) == 0:
		return ""
	case landing:
		return "not solved: " + strings.Join(names, ", ")
	}
	return "misses " + strings.Join(names, ", ")
}

// called is a hotfix's release, or its number while it has none.
func called(status hotfix.Status) string {
	if tags := status.Tags(); len(tags) > 0 {
		return strings.Join(tags, ", ")
	}
	return "#" + strconv.Itoa(status.Key.Pull)
}

// title names a hotfix.
func title(paint terminal.Paint, status hotfix.Status) string {
	line := paint.In(terminal.Bold, fmt.Sprintf("#%d %s", status.Key.Pull, terminal.Safe(status.Title)))
	line += " by " + terminal.Safe(status.Author)
	if !status.MergedAt.IsZero() {
		line += ", merged " + stamp(status.MergedAt)
	}
	return line + "\n" + terminal.Safe(status.URL) + "\n"
}

// awaited names the people whom the open backports wait for.
func awaited(status hotfix.Status) string {
	var lines string
	for _, standing := range status.Missing() {
		if len(standing.Awaited) > 0 {
			lines += terminal.Safe(standing.Environment+" waits for "+strings.Join(standing.Awaited, ", ")) + "\n"
		}
	}
	if lines == "" {
		return ""
	}
	return "\n" + lines
}

// unsolved are the hotfixes that are not over.
func unsolved(board hotfix.Board) []hotfix.Status {
	return slices.DeleteFunc(slices.Clone(board.Hotfixes), func(s hotfix.Status) bool {
		return s.State == hotfix.StateSolved || s.State == hotfix.StateForced
	})
}

// stamp is a time to the minute, in UTC, as the page shows it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
