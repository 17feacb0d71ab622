package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/spelling"
	"github.com/hotfixbot/hotfixbot/internal/store"
)

// ledger is what hotfixbot serve stored, to be read beside it or without it.
type ledger struct {
	*store.Store
	boards []hotfix.Board
}

// openLedger reads the boards. Close gives the database back.
func (c storage) openLedger(ctx context.Context) (ledger, error) {
	return c.openIn(ctx, store.Config{ReadOnly: true})
}

// openIn opens the database in one of its ways.
func (c storage) openIn(ctx context.Context, how store.Config) (ledger, error) {
	if err := c.find(); err != nil {
		return ledger{}, err
	}
	how.DataDir, how.DatabaseURL = c.DataDir, c.DatabaseURL
	kept, err := store.Open(ctx, how)
	if errors.Is(err, store.ErrNone) {
		return ledger{}, fmt.Errorf("%s: there is no database in %s: hotfixbot serve makes it; if it runs already, name its folder with --data-dir, or its database with --database-url", c.setting(), shown(c.place()))
	}
	if errors.Is(err, fs.ErrPermission) {
		return ledger{}, fmt.Errorf("%s: %w: ask as the account that runs hotfixbot serve", c.setting(), err)
	}
	if err != nil {
		return ledger{}, fmt.Errorf("%s: %w", c.setting(), err)
	}
	boards, err := kept.Boards(ctx)
	if err != nil {
		return ledger{}, fmt.Errorf("%s: %w", c.setting(), errors.Join(err, kept.Close()))
	}
	for i, board := range boards {
		boards[i] = board.Whole()
	}
	return ledger{kept, boards}, nil
}

// board is that of a repository, by its name in any case. The error says which
// there are.
func (l ledger) board(name string) (hotfix.Board, error) {
	var known []string
	for _, board := range l.boards {
		if strings.EqualFold(board.Name, name) {
			return board, nil
		}
		known = append(known, board.Name)
	}
	if len(known) == 0 {
		return hotfix.Board{}, fmt.Errorf("%s is not known, and no repository is: is hotfixbot serve running, and the App installed there?", shown(name))
	}
	if near, ok := spelling.Nearest(name, known); ok {
		return hotfix.Board{}, fmt.Errorf("%s is not known; did you mean %s?", shown(name), near)
	}
	const most = 10
	if len(known) > most {
		known = append(known[:most], "and "+strconv.Itoa(len(known)-most)+" more")
	}
	return hotfix.Board{}, fmt.Errorf("%s is not known; known are: %s", shown(name), strings.Join(known, ", "))
}

// stale says since when what is stored of a repository may be out of date, because
// looking at GitHub failed; empty when it is not.
func (l ledger) stale(ctx context.Context, id hotfix.RepositoryID) (string, error) {
	debts, err := l.Debts(ctx)
	for _, debt := range debts {
		if debt.Repository == id && debt.Attempts > 0 {
			return "It may be out of date: what happened since " + stamp(debt.Since) + " could not be looked at yet.", nil
		}
	}
	return "", err
}

// printJSON prints one line.
func printJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
