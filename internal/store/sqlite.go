package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	_ "modernc.org/sqlite" // "sqlite" to database/sql
)

// readers is how many reads may go on at once.
const readers = 4

// A commit is on disk when it returns only with synchronous=FULL: in WAL mode
// NORMAL leaves out the fsync. https://sqlite.org/pragma.html#pragma_synchronous
var (
	writePragmas = url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"},
		"_txlock": {"immediate"}, // a transaction that reads first must not find out at its first write that it is late
	}
	readPragmas = url.Values{"_pragma": {"busy_timeout(10000)", "query_only(1)"}}
)

// sqlite is a database in a file, for one process: it holds the folder's lock.
type sqlite struct {
	path   string
	file   os.FileInfo // of the file that was opened
	lock   *os.File    // nil: beside the process that has it
	writer *sql.DB     // one connection, so that SQLite never answers "busy"; nil: for reading alone
	reader *sql.DB     // for reads that need not wait for a write
	client *river.Client[*sql.Tx]
	texts  prepared
	damage atomic.Pointer[error] // what was found broken in the file
}

// openSQLite takes the lock of the file's folder and opens the file; beside the
// process that has the lock, it only opens it.
func openSQLite(path string, config Config) (engine, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	switch {
	case config.ReadOnly:
		return openToRead(path)
	case config.Beside:
		return openBeside(path)
	}
	lock, err := claim(path)
	if err != nil {
		return nil, err
	}
	s := &sqlite{path: path, lock: lock}
	if err := s.open(); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database %s: %w", path, err), s.close())
	}
	return s, nil
}

func (s *sqlite) open() (err error) {
	if err := touch(s.path); err != nil {
		return err
	}
	if s.file, err = os.Stat(s.path); err != nil {
		return err
	}
	if s.writer, err = openPool(s.path, writePragmas, 1); err != nil {
		return err
	}
	s.reader, err = openPool(s.path, readPragmas, readers)
	return err
}

// touch makes the database file with mode 0600, which SQLite's own files beside
// it then have too.
func touch(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return fmt.Errorf("%w; the account that runs the bot must be able to write the file and its folder", err)
	}
	if err != nil {
		return err
	}
	return file.Close()
}

func openPool(path string, pragmas url.Values, connections int) (*sql.DB, error) {
	name := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + pragmas.Encode()
	pool, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(connections)
	return pool, nil
}

func (s *sqlite) migrate(ctx context.Context) error {
	return s.remedy(migrate(ctx, riversqlite.New(s.writer), goose.DialectSQLite3, s.writer))
}

func (s *sqlite) connect(config *river.Config) (queue, error) {
	var err error
	s.client, err = river.NewClient(riversqlite.New(s.writer), config)
	return s.client, err
}

func (s *sqlite) name() string { return s.path }

func (s *sqlite) shared() bool { return false }

func (s *sqlite) close() error {
	problems := []error{s.texts.close()}
	for _, pool := range []*sql.DB{s.reader, s.writer} {
		if pool != nil {
			problems = append(problems, pool.Close())
		}
	}
	if s.lock != nil {
		problems = append(problems, s.lock.Close())
	}
	return errors.Join(problems...)
}

func (s *sqlite) Query(ctx context.Context, query string, args ...any) (cursor, error) {
	rows, err := s.reader.QueryContext(ctx, query, args...) //nolint:rowserrcheck // who reads the rows asks
	if err != nil {
		return nil, s.remedy(err)
	}
	return advised{rows, s}, nil
}

func (s *sqlite) QueryRow(ctx context.Context, query string, args ...any) scanner {
	return advisedRow{s.reader.QueryRowContext(ctx, query, args...), s}
}

// advised are rows whose error says what to do about it, advisedRow one row.
type (
	advised struct {
		*sql.Rows
		of *sqlite
	}
	advisedRow struct {
		row *sql.Row
		of  *sqlite
	}
)

func (a advised) Err() error { return a.of.remedy(a.Rows.Err()) }

func (a advisedRow) Scan(into ...any) error { return a.of.remedy(a.row.Scan(into...)) }

// here reports whether the file is where it was. One that was removed can be written
// still, and is gone with the process.
func (s *sqlite) here() error {
	now, err := os.Stat(s.path)
	if err == nil && os.SameFile(s.file, now) {
		return nil
	}
	gone := fmt.Errorf("the database file %s was removed or replaced: put it back, or restart hotfixbot to begin with what is there", s.path)
	if err == nil {
		return gone
	}
	return fmt.Errorf("%w (%w)", gone, err)
}

func (s *sqlite) write(ctx context.Context, fn func(tx transaction) error) error {
	if s.writer == nil {
		return errors.New("the database was opened for reading alone")
	}
	if err := s.here(); err != nil {
		return err
	}
	if damage := s.damage.Load(); damage != nil {
		return *damage
	}
	s.texts.prepare(ctx, s.writer)
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return s.remedy(err)
	}
	if err := fn(sqliteTx{tx, s.client, &s.texts}); err != nil {
		return s.remedy(errors.Join(err, tx.Rollback()))
	}
	return s.remedy(tx.Commit())
}

// sqliteTx holds the only connection that writes.
type sqliteTx struct {
	tx     *sql.Tx
	client *river.Client[*sql.Tx]
	texts  *prepared
}

func (t sqliteTx) Query(ctx context.Context, query string, args ...any) (cursor, error) {
	if known := t.texts.of(query); known != nil {
		return t.tx.StmtContext(ctx, known).QueryContext(ctx, args...) //nolint:rowserrcheck,sqlclosecheck // who reads the rows asks and closes; the transaction's end closes the statement
	}
	return t.tx.QueryContext(ctx, query, args...) //nolint:rowserrcheck // who reads the rows asks
}

func (t sqliteTx) QueryRow(ctx context.Context, query string, args ...any) scanner {
	if known := t.texts.of(query); known != nil {
		return t.tx.StmtContext(ctx, known).QueryRowContext(ctx, args...) //nolint:sqlclosecheck // the transaction's end does
	}
	return t.tx.QueryRowContext(ctx, query, args...)
}

func (t sqliteTx) Exec(ctx context.Context, statement string, args ...any) (int64, error) {
	result, err := t.exec(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (t sqliteTx) exec(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	if known := t.texts.of(statement); known != nil {
		return t.tx.StmtContext(ctx, known).ExecContext(ctx, args...) //nolint:sqlclosecheck // the transaction's end does
	}
	return t.tx.ExecContext(ctx, statement, args...)
}

func (t sqliteTx) insert(ctx context.Context, job reconcile) (id int64, made bool, err error) {
	result, err := t.client.InsertTx(ctx, t.tx, job, nil)
	if err != nil {
		return 0, false, err
	}
	return result.Job.ID, !result.UniqueSkippedAsDuplicate, nil
}

func (t sqliteTx) complete(ctx context.Context, job *river.Job[reconcile]) error {
	_, err := river.JobCompleteTx[*riversqlite.Driver](ctx, t.tx, job)
	return err
}
