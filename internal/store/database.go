package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// SQL is written with $1, $2, … in the order in which they first appear: SQLite
// counts such parameters by appearance, PostgreSQL by number.

//go:embed migrations/*.sql
var migrations embed.FS

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

// location is the path of the database file that the configuration names.
func location(config Config) (string, error) {
	path, isFile := strings.CutPrefix(config.DatabaseURL, "sqlite:")
	switch {
	case config.DatabaseURL == "":
		path = filepath.Join(config.DataDir, "hotfixbot.db")
	case strings.HasPrefix(config.DatabaseURL, "postgres://"), strings.HasPrefix(config.DatabaseURL, "postgresql://"):
		return "", errors.New("the database URL names PostgreSQL, which this version does not support yet; leave it empty or use sqlite:PATH")
	case !isFile || path == "":
		return "", errors.New("the database URL is not understood; leave it empty or use sqlite:PATH") // it may hold a password: not repeated
	}
	return filepath.Abs(path)
}

// touch makes the database file with mode 0600, which SQLite's own files beside
// it then have too.
func touch(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w; the account that runs the bot must own the file and its folder", err)
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

// migrate brings River's tables and ours to this version's. One process does so
// at a time: it holds the folder's lock.
func migrate(ctx context.Context, db *sql.DB) error {
	quiet := slog.New(slog.DiscardHandler)
	queue, err := rivermigrate.New(riversqlite.New(db), &rivermigrate.Config{Logger: quiet})
	if err != nil {
		return err
	}
	if _, err := queue.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("make the queue's tables: %w", err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	own, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithSlog(quiet))
	if err != nil {
		return err
	}
	if _, err := own.Up(ctx); err != nil {
		return fmt.Errorf("make the tables: %w", err)
	}
	return nil
}
