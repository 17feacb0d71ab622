package store

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// pgTx is a transaction on one of the connections. Nothing in it takes longer than
// until the whole may take.
type pgTx struct {
	tx     pgx.Tx
	client *river.Client[pgx.Tx]
	until  time.Time
}

func (t pgTx) Query(ctx context.Context, query string, args ...any) (cursor, error) {
	return pgQuery(ctx, t.tx, t.until, query, args)
}

func (t pgTx) QueryRow(ctx context.Context, query string, args ...any) scanner {
	return pgQueryRow(ctx, t.tx, t.until, query, args)
}

func (t pgTx) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	ctx, cancel := context.WithDeadline(ctx, t.until)
	defer cancel()
	tag, err := t.tx.Exec(ctx, statement, storable(args)...)
	return tag.RowsAffected(), err
}

func (t pgTx) insert(ctx context.Context, job reconcile) (id int64, made bool, err error) {
	ctx, cancel := context.WithDeadline(ctx, t.until)
	defer cancel()
	result, err := t.client.InsertTx(ctx, t.tx, job, nil)
	if err != nil {
		return 0, false, err
	}
	return result.Job.ID, !result.UniqueSkippedAsDuplicate, nil
}

func (t pgTx) complete(ctx context.Context, job *river.Job[reconcile]) error {
	ctx, cancel := context.WithDeadline(ctx, t.until)
	defer cancel()
	_, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, t.tx, job)
	return err
}

// pgQuerier is a pool or a transaction of pgx.
type pgQuerier interface {
	Query(ctx context.Context, query string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) pgx.Row
}

func pgQuery(ctx context.Context, on pgQuerier, until time.Time, query string, args []any) (cursor, error) {
	ctx, cancel := context.WithDeadline(ctx, until)
	answer, err := on.Query(ctx, query, storable(args)...)
	if err != nil {
		cancel()
		return nil, plain(err)
	}
	return pgCursor{answer, cancel}, nil
}

func pgQueryRow(ctx context.Context, on pgQuerier, until time.Time, query string, args []any) scanner {
	ctx, cancel := context.WithDeadline(ctx, until)
	return pgRow{on.QueryRow(ctx, query, storable(args)...), cancel}
}

// pgCursor is pgx's rows; their time ends when they are closed.
type pgCursor struct {
	pgx.Rows
	done func()
}

func (c pgCursor) Close() error {
	c.Rows.Close()
	c.done()
	return plain(c.Err())
}

// pgRow is pgx's row; its time ends when it was read.
type pgRow struct {
	row  pgx.Row
	done func()
}

func (r pgRow) Scan(into ...any) error {
	defer r.done()
	return plain(r.row.Scan(into...))
}

// storable makes texts such that PostgreSQL takes them: what git or a server said
// goes into the tables as it came, and a TEXT holds neither NUL nor what is not
// UTF-8.
func storable(args []any) []any {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", "\ufffd"), "\ufffd")
		}
	}
	return args
}
