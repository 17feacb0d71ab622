package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/riverqueue/river"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// SQL is written once for both engines, with $1, $2, … in the order in which they
// first appear: SQLite counts such parameters by appearance, PostgreSQL by number.
// PostgreSQL takes a parameter's type from where it first stands; where that tells
// nothing, as in a CASE, it is cast.

// engine is a database of one kind, and River on it.
type engine interface {
	querier // reads what is committed
	// write runs fn in one transaction, which is on disk when write returns nil. fn
	// must use nothing but tx, and may be run again when the engine asks for it.
	write(ctx context.Context, fn func(tx transaction) error) error
	// name is what people call the database by; no password is in it.
	name() string
	// whole looks for damage, where that is ours to look for.
	whole(ctx context.Context) error
	// migrate brings River's tables and ours to this version's.
	migrate(ctx context.Context) error
	// connect makes the queue. It is called once, before the first insert.
	connect(config *river.Config) (queue, error)
	// shared tells whether other processes may work on the same database.
	shared() bool
	close() error
}

// querier is what reads: a database or a transaction.
type querier interface {
	Query(ctx context.Context, query string, args ...any) (cursor, error)
	QueryRow(ctx context.Context, query string, args ...any) scanner
}

// transaction is a transaction in the tables and in the queue.
type transaction interface {
	querier
	// Exec runs a statement and tells how many rows it changed.
	Exec(ctx context.Context, statement string, args ...any) (int64, error)
	// insert puts a job into the queue, unless the repository has one, and gives the id
	// of the one that is there then.
	insert(ctx context.Context, job reconcile) (id int64, made bool, err error)
	// complete ends the job that a worker was called with; rivertype.ErrNotFound
	// when it is gone.
	complete(ctx context.Context, job *river.Job[reconcile]) error
}

// scanner is one row of an answer. Scan gives sql.ErrNoRows when there is none.
type scanner interface {
	Scan(into ...any) error
}

// cursor gives the rows of an answer, one after the other.
type cursor interface {
	scanner
	Next() bool
	Err() error
	Close() error
}

// collect reads all rows, each with scan.
func collect[T any](answer cursor, err error, scan func(scanner) (T, error)) (all []T, problem error) {
	if err != nil {
		return nil, err
	}
	defer func() { problem = errors.Join(problem, answer.Close()) }()
	for answer.Next() {
		one, err := scan(answer)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, answer.Err()
}

func scanIDs(answer cursor, err error) ([]hotfix.RepositoryID, error) {
	return collect(answer, err, func(row scanner) (id hotfix.RepositoryID, err error) {
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
