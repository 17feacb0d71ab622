package store

import (
	"context"
	"errors"
)

// A process that was taken for dead may live: its machine stood still, or the
// network was cut. Its work is another's by then, and it must not write any more,
// neither here nor on GitHub, before it has noticed.
//
// What a reconcile holds is its job: whoever takes the work over deletes that job and
// makes another, so a job's id is never held twice. Every transaction of a reconcile
// reads its job first and keeps it from being deleted until the end.

// errTakenOver says that a reconcile's work is another process's.
var errTakenOver = errors.New("this process was taken for dead, and another goes on with the repository")

// tenure is the key of the job that the reconcile of a context holds.
type tenure struct{}

// withTenure marks what is done in a reconcile.
func withTenure(ctx context.Context, job int64) context.Context {
	return context.WithValue(ctx, tenure{}, job)
}

// Holds is nil as long as nobody else goes on with the reconcile that ctx belongs to,
// and outside of one. It is to be asked before each change on GitHub.
func (s *Store) Holds(ctx context.Context) error {
	job, inside := ctx.Value(tenure{}).(int64)
	if !inside || !s.db.shared() {
		return nil
	}
	return held(s.db.QueryRow(ctx, `SELECT 1 FROM river_job WHERE id = $1 AND state = 'running'`, job))
}

// keepHold keeps the job of a reconcile from being taken over until the transaction ends.
func (s *Store) keepHold(ctx context.Context, tx transaction) error {
	job, inside := ctx.Value(tenure{}).(int64)
	if !inside || !s.db.shared() {
		return nil
	}
	return held(tx.QueryRow(ctx, `SELECT 1 FROM river_job WHERE id = $1 AND state = 'running' FOR SHARE`, job))
}

func held(row scanner) error {
	var one int
	ok, err := found(row.Scan(&one))
	if err == nil && !ok {
		return errTakenOver
	}
	return err
}
