package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Save replaces the board of a repository and adds a line of history for each
// hotfix that came to stand differently. The board that is there already costs
// no write.
func (s *Store) Save(ctx context.Context, board hotfix.Board) error {
	text, err := json.Marshal(board)
	if err != nil {
		return fmt.Errorf("save the board of %s: %w", board.Name, err)
	}
	if same, err := s.saved(ctx, board.Repository, text); same || err != nil {
		return err
	}
	var lines []hotfix.Event
	err = s.write(ctx, func(tx transaction) error {
		before, _, err := readBoard(ctx, tx, board.Repository)
		if err != nil {
			return err
		}
		lines = events(before, board)
		if err := s.addHistory(ctx, tx, board.Repository, lines); err != nil {
			return err
		}
		if _, err = tx.Exec(ctx, `INSERT INTO boards (repository, name, board, saved_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (repository) DO UPDATE SET name = excluded.name, board = excluded.board, saved_at = excluded.saved_at`,
			board.Repository, board.Name, string(text), s.now()); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE changes SET boards = boards + 1 WHERE id = 1`)
		return err
	})
	if err == nil && s.config.Moved != nil {
		s.config.Moved(board, lines)
	}
	return err
}

func (s *Store) saved(ctx context.Context, id hotfix.RepositoryID, text []byte) (bool, error) {
	var one int
	err := s.db.QueryRow(ctx, `SELECT 1 FROM boards WHERE repository = $1 AND board = $2`, id, string(text)).Scan(&one)
	return found(err)
}

// Board is the last saved board of a repository; ok is false when there is none.
func (s *Store) Board(ctx context.Context, id hotfix.RepositoryID) (board hotfix.Board, ok bool, err error) {
	return readBoard(ctx, s.db, id)
}

func readBoard(ctx context.Context, from querier, id hotfix.RepositoryID) (board hotfix.Board, ok bool, err error) {
	var text string
	err = from.QueryRow(ctx, `SELECT board FROM boards WHERE repository = $1`, id).Scan(&text)
	if ok, err := found(err); !ok {
		return hotfix.Board{}, false, err
	}
	err = json.Unmarshal([]byte(text), &board)
	return board, err == nil, err
}

// Boards are the last saved boards of all repositories, by name.
func (s *Store) Boards(ctx context.Context) ([]hotfix.Board, error) {
	rows, err := s.db.Query(ctx, `SELECT board FROM boards ORDER BY name, repository`)
	return collect(rows, err, func(row scanner) (board hotfix.Board, err error) {
		var text string
		if err := row.Scan(&text); err != nil {
			return board, err
		}
		return board, json.Unmarshal([]byte(text), &board)
	})
}

// History is the history of one hotfix, oldest line first; pull 0 is that of the
// whole repository.
func (s *Store) History(ctx context.Context, id hotfix.RepositoryID, pull int) ([]hotfix.Event, error) {
	rows, err := s.db.Query(ctx, `SELECT at, pull, environment, was, became, ground FROM history
		WHERE repository = $1 AND ($2 = 0 OR pull = $2) ORDER BY line`, id, pull)
	return collect(rows, err, func(row scanner) (e hotfix.Event, err error) {
		var at int64
		var ground string
		if err := row.Scan(&at, &e.Pull, &e.Environment, &e.From, &e.To, &ground); err != nil {
			return e, err
		}
		e.At = time.UnixMilli(at).UTC()
		if ground != "" {
			err = json.Unmarshal([]byte(ground), &e.Ground)
		}
		return e, err
	})
}

func (s *Store) addHistory(ctx context.Context, tx transaction, id hotfix.RepositoryID, lines []hotfix.Event) error {
	for _, e := range lines {
		ground, err := grounded(e.Ground)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO history (repository, line, pull, environment, was, became, at, ground)
			SELECT $1, coalesce(max(line), 0) + 1, $2, $3, $4, $5, $6, $7 FROM history WHERE repository = $1`,
			id, e.Pull, e.Environment, e.From, e.To, s.now(), ground); err != nil {
			return err
		}
	}
	return nil
}

// grounded is the text of a ground; of an empty one there is none.
func grounded(g hotfix.Ground) (string, error) {
	if g.IsZero() {
		return "", nil
	}
	text, err := json.Marshal(g)
	return string(text), err
}
