package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// querier is what reads: a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// collect reads all rows, each with scan.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) (all []T, problem error) {
	if err != nil {
		return nil, err
	}
	defer func() { problem = errors.Join(problem, rows.Close()) }()
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

func scanIDs(rows *sql.Rows, err error) ([]hotfix.RepositoryID, error) {
	return collect(rows, err, func(row *sql.Rows) (id hotfix.RepositoryID, err error) {
		return id, row.Scan(&id)
	})
}

// found tells a missing row from a failed read.
func found(err error) (bool, error) {
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}
