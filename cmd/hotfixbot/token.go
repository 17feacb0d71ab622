package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/store"
	"github.com/hotfixbot/hotfixbot/internal/terminal"
)

// tokenCommand is `hotfixbot token`: what the page's Tokens does, for who runs the bot.
type tokenCommand struct {
	Create tokenCreateCommand `cmd:"" help:"Make a token for the JSON API, or for badges of private repositories."`
	List   tokenListCommand   `cmd:"" help:"List all tokens."`
	Revoke tokenRevokeCommand `cmd:"" help:"Make a token worthless."`
}

// tokenCreateCommand is `hotfixbot token create`.
type tokenCreateCommand struct {
	Repositories []string `arg:"" name:"owner/repo" help:"What it reads."`
	Name         string   `required:"" placeholder:"TEXT" help:"What it is called in the lists."`
	Badge        bool     `help:"It is for badges, and for nothing else."`
	storage
}

// Help is the longer text of `token create --help`.
func (tokenCreateCommand) Help() string {
	return `Prints the token, once: only its digest is stored. It reads these repositories until it is revoked, and can change nothing. It may run beside hotfixbot serve, which must let people sign in: else nobody elsewhere is answered.

Examples:

	hotfixbot token create --name dashboard acme/shop acme/site
	hotfixbot token create --name wiki --badge acme/shop

Exit code: 0 it is made, 2 there is no such repository, or no database.`
}

// Run makes it.
func (c tokenCreateCommand) Run(ctx context.Context, std streams) (err error) {
	for i, name := range c.Repositories {
		if c.Repositories[i], err = parseRepository(name); err != nil {
			return usageError{err}
		}
	}
	kept, err := c.openTokens(ctx)
	if err != nil {
		return usageError{err}
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	pass := hotfix.Pass{ID: hotfix.PassID(), Kind: hotfix.PassRead, Name: c.Name, CreatedAt: time.Now()}
	if c.Badge {
		pass.Kind = hotfix.PassBadge
	}
	for _, name := range c.Repositories {
		board, err := kept.board(name)
		if err != nil {
			return usageError{err}
		}
		pass.Repositories = append(pass.Repositories, board.Repository)
	}
	token := hotfix.NewPassToken()
	if err := kept.Issue(ctx, pass, hotfix.PassDigest(token)); err != nil {
		return err
	}
	_, err = fmt.Fprintln(std.out, token)
	return err
}

// tokenListCommand is `hotfixbot token list`.
type tokenListCommand struct {
	JSON bool `name:"json" help:"Answer in one line of JSON."`
	storage
}

// Help is the longer text of `token list --help`.
func (tokenListCommand) Help() string {
	return "Those that were made on the page are among them. A token itself is stored nowhere.\n\nExample:\n\n\thotfixbot token list"
}

// tokenLine is a token as it is listed.
type tokenLine struct {
	ID           string    `json:"id"`
	Name         string    `json:"name"`
	For          string    `json:"for"` // "read" or "badge"
	Repositories []string  `json:"repositories"`
	Owner        string    `json:"owner"` // a login; empty: the command line
	CreatedAt    time.Time `json:"created_at"`
	UsedAt       time.Time `json:"used_at,omitzero"`
	Revoked      bool      `json:"revoked"`
}

// Run lists them.
func (c tokenListCommand) Run(ctx context.Context, std streams) (err error) {
	kept, err := c.openLedger(ctx)
	if err != nil {
		return usageError{err}
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	passes, err := kept.Passes(ctx, hotfix.Account{})
	if err != nil {
		return err
	}
	lines := make([]tokenLine, len(passes))
	for i, pass := range passes {
		lines[i] = kept.tokenLine(pass)
	}
	if c.JSON {
		return printJSON(std.out, map[string]any{"tokens": lines})
	}
	if len(lines) == 0 {
		_, err := fmt.Fprintln(std.out, "there is no token")
		return err
	}
	table := terminal.Table{Head: []string{"id", "name", "for", "repositories", "made by", "made", "last used", ""}}
	for _, l := range lines {
		table.Rows = append(table.Rows, l.cells())
	}
	_, err = io.WriteString(std.out, terminal.Paint(terminal.Colours(std.out)).Lines(table))
	return err
}

func (l tokenLine) cells() []string {
	used, state, owner := "never", "", "the command line"
	if !l.UsedAt.IsZero() {
		used = stamp(l.UsedAt)
	}
	if l.Revoked {
		state = "revoked"
	}
	if l.Owner != "" {
		owner = l.Owner
	}
	return []string{l.ID, terminal.Safe(l.Name), l.For, strings.Join(l.Repositories, ", "), owner, stamp(l.CreatedAt), used, state}
}

// tokenLine names the repositories of a token.
func (l ledger) tokenLine(pass hotfix.Pass) tokenLine {
	line := tokenLine{
		ID: pass.ID, Name: pass.Name, For: string(pass.Kind), Repositories: []string{}, Owner: pass.Owner.Login,
		CreatedAt: pass.CreatedAt, UsedAt: pass.UsedAt, Revoked: pass.Revoked,
	}
	for _, id := range pass.Repositories {
		name := fmt.Sprintf("repository %d", id)
		for _, board := range l.boards {
			if board.Repository == id {
				name = board.Name
			}
		}
		line.Repositories = append(line.Repositories, name)
	}
	return line
}

// tokenRevokeCommand is `hotfixbot token revoke`.
type tokenRevokeCommand struct {
	ID string `arg:"" help:"As hotfixbot token list says it."`
	storage
}

// Help is the longer text of `token revoke --help`.
func (tokenRevokeCommand) Help() string {
	return "Example:\n\n\thotfixbot token revoke 4f2d9a7c1b\n\nExit code: 0 it is revoked, 2 there is none of that id."
}

// Run revokes it.
func (c tokenRevokeCommand) Run(ctx context.Context, std streams) (err error) {
	kept, err := c.openTokens(ctx)
	if err != nil {
		return usageError{err}
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	known, err := kept.Revoke(ctx, hotfix.Account{}, c.ID)
	if err == nil && !known {
		return usageError{fmt.Errorf("there is no token %s that is not revoked; see hotfixbot token list", shown(c.ID))}
	}
	if err == nil {
		_, err = fmt.Fprintf(std.out, "token %s is revoked\n", c.ID)
	}
	return err
}

// openTokens opens the database to change tokens, beside hotfixbot serve or without it.
func (c storage) openTokens(ctx context.Context) (ledger, error) {
	return c.openIn(ctx, store.Config{Beside: true})
}
