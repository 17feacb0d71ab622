package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
	"github.com/hotfixbot/hotfixbot/internal/terminal"
)

// explainCommand is `hotfixbot explain`.
type explainCommand struct {
	Hotfix string `arg:"" name:"owner/repo#12" help:"The hotfix: the number of its pull request or of its issue; or the address of either."`
	JSON   bool   `name:"json" help:"Answer in one line of JSON."`
	storage
}

// Help is the longer text of `explain --help`.
func (explainCommand) Help() string {
	return `Tells how a hotfix's merge was read, what was decided for each environment and by which proof, what is awaited, and everything that happened to it, from what hotfixbot serve has stored.

Examples:

	hotfixbot explain acme/shop#34
	hotfixbot explain https://github.com/acme/shop/pull/34
	hotfixbot explain acme/shop#34 --json | jq '.hotfixes[0].history'

Exit code: 0 it was told, 2 there is no such hotfix, or no database that can be read.`
}

// explained is a hotfix with its history.
type explained struct {
	hotfix.Status
	History  []hotfix.Event `json:"history"`
	Requests []request      `json:"requests"` // that were made on the page
}

// Run tells it; of an issue, each of its hotfixes.
func (c explainCommand) Run(ctx context.Context, std streams) (err error) {
	name, number, err := c.parse()
	if err != nil {
		return usageError{err}
	}
	kept, err := c.openLedger(ctx)
	if err != nil {
		return usageError{err}
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	board, err := kept.board(name)
	if err != nil {
		return usageError{err}
	}
	var list []explained
	for _, status := range concerned(board, number) {
		history, err := kept.History(ctx, board.Repository, status.Key.Pull)
		if err != nil {
			return err
		}
		asked, err := kept.requests(ctx, status.Key)
		if err != nil {
			return err
		}
		list = append(list, explained{status, append([]hotfix.Event{}, history...), asked})
	}
	switch {
	case len(list) == 0:
		return usageError{fmt.Errorf("%s has no hotfix #%d; hotfixbot status %s --all lists them", board.Name, number, board.Name)}
	case c.JSON:
		return printJSON(std.out, map[string]any{"repository": board.Name, "hotfixes": list})
	}
	stale, err := kept.stale(ctx, board.Repository)
	if err != nil {
		return err
	}
	return tellAll(std.out, list, stale)
}

// concerned is the hotfix with that pull request, or those of that issue.
func concerned(board hotfix.Board, number int) []hotfix.Status {
	var ofIssue []hotfix.Status
	for _, status := range board.Hotfixes {
		switch number {
		case status.Key.Pull:
			return []hotfix.Status{status}
		case status.Issue:
			ofIssue = append(ofIssue, status)
		}
	}
	return ofIssue
}

// named is "acme/shop#34", as people write it and in an address.
var (
	named   = regexp.MustCompile(`^([^/\s#]+/[^/\s#]+)#([1-9][0-9]{0,8})$`)
	address = regexp.MustCompile(`^/([^/]+/[^/]+)/(?:pull|issues)/([1-9][0-9]{0,8})(?:/|$)`)
)

// parse reads which hotfix is meant.
func (c explainCommand) parse() (repository string, number int, err error) {
	found := named.FindStringSubmatch(c.Hotfix)
	if u, err := url.Parse(c.Hotfix); found == nil && err == nil && u.Host != "" {
		found = address.FindStringSubmatch(u.Path)
	}
	if found == nil {
		if name, err := parseRepository(c.Hotfix); err == nil {
			return "", 0, fmt.Errorf("%s names no hotfix; write %s#12, with the number of its pull request: hotfixbot status %s lists them", shown(c.Hotfix), name, name)
		}
		return "", 0, fmt.Errorf("%s names no hotfix; write owner/repo#12, or the address of its pull request", shown(c.Hotfix))
	}
	number, err = strconv.Atoi(found[2])
	return found[1], number, err
}

func tellAll(out io.Writer, list []explained, stale string) error {
	paint := terminal.Paint(terminal.Colours(out))
	var b strings.Builder
	if stale != "" {
		b.WriteString(paint.In(terminal.Yellow, stale) + "\n\n")
	}
	for i, one := range list {
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString(terminal.Safe(one.URL) + "\n\n" + paint.Markdown(render.Explain(one.Status)) + awaited(one.Status))
		if len(one.History) > 0 {
			b.WriteString("\n" + paint.In(terminal.Bold, "History") + "\n\n" + past(paint, one.History))
		}
		if len(one.Requests) > 0 {
			b.WriteString("\n" + paint.In(terminal.Bold, "Asked for on the page") + "\n\n" + wishes(paint, one.Requests))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}

// past is the history, oldest line first.
func past(paint terminal.Paint, history []hotfix.Event) string {
	table := terminal.Table{Head: []string{"when", "where", "from", "to", "because"}}
	for _, event := range history {
		from := event.From
		if from == event.To {
			from = ""
		}
		where := event.Environment
		if where == "" {
			where = "the hotfix"
		}
		because := strings.TrimSuffix(terminal.Paint(false).Markdown(render.Because(event)), "\n")
		table.Rows = append(table.Rows, []string{stamp(event.At), where, from, event.To, because})
	}
	return paint.Lines(table)
}
