// Package store keeps what must survive a restart: the deliveries that were
// accepted, the repositories that a reconcile is owed, the button presses, the
// intents and facts of the reconciler, the ledger with its history, and who is
// signed in on the page.
//
// What must always hold:
//
//   - What Accept and Wake were given is on disk when they return.
//   - A repository that was woken is reconciled afterwards, whatever is killed
//     when; a wake that comes during a reconcile makes it run once more.
//   - Two reconciles of one repository never overlap.
//   - An error delays a repository and is never the end of it.
//
// The table wakes is the truth about what is owed. River's jobs only carry it to
// a worker: they are made again from the table when one is missing.
//
// The package decides nothing about hotfixes and never talks to GitHub. It holds
// no transaction open while a reconcile runs.
package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Config is what a Store needs to know. The zero value of every field but
// DataDir has a default.
type Config struct {
	// DataDir is the folder of the database file, unless DatabaseURL names another
	// place. It is made with mode 0700 when it does not exist.
	DataDir string
	// DatabaseURL is empty for the file hotfixbot.db in DataDir, sqlite:PATH for
	// another file, or postgres://… for PostgreSQL, which several processes may use
	// at once.
	DatabaseURL string
	Now         func() time.Time // default time.Now
	Log         zerolog.Logger
	// Moved is told of each board that was saved, with what came to stand differently; the
	// events have no time. nil: nobody is.
	Moved func(hotfix.Board, []hotfix.Event)
	// Workers is how many repositories are reconciled at once; default: the number
	// of cores, at least 2.
	Workers int
	// Poll is how often the queue is looked into; default 50 ms. A look costs about
	// a millisecond of processor time.
	Poll time.Duration
	// Gather is how long a wake waits for others of the same repository, so that
	// the handful of events of one click are one reconcile. What is left of it when a
	// worker is free takes the worker. Default: no longer than the queue needs anyway.
	Gather time.Duration
	// Beside opens a database that another process may be working on: it must exist
	// and have this version's tables, its folder is not locked, and Work must not be
	// called.
	Beside bool
	// ReadOnly opens a database as Beside does, and writes nothing: only methods that
	// read may be called.
	ReadOnly bool
	// Lease is how long a process on a shared database keeps its work without a sign
	// of life; default 30 s.
	Lease time.Duration
	// Grace is how long running reconciles may go on after Work was told to stop;
	// default 8 s, since containers are killed after 10.
	Grace time.Duration
}

func (c Config) withDefaults() Config {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Workers == 0 {
		c.Workers = max(2, runtime.NumCPU())
	}
	if c.Poll == 0 {
		c.Poll = 50 * time.Millisecond
	}
	if c.Lease == 0 {
		c.Lease = 30 * time.Second
	}
	if c.Grace == 0 {
		c.Grace = 8 * time.Second
	}
	return c
}

// Store is the database of one hotfixbot. Its methods may be used concurrently.
type Store struct {
	config   Config
	name     string // of this process
	log      zerolog.Logger
	db       engine
	queue    queue
	worker   *worker
	change   *change
	entrance *entrance

	mu      sync.Mutex
	running map[hotfix.RepositoryID]context.CancelFunc
	wakes   tally // since the start
}

// Open opens the database and makes or upgrades its tables. The error says what
// is wrong with it, and never tells a password. Close gives it back.
func Open(ctx context.Context, config Config) (*Store, error) {
	config = config.withDefaults()
	db, err := openEngine(ctx, config)
	if err != nil {
		return nil, err
	}
	s := &Store{config: config, name: processName(), log: config.Log, db: db, change: newChange(), entrance: newEntrance(), running: map[hotfix.RepositoryID]context.CancelFunc{}, wakes: tally{wakeBegun: 0, wakeJoined: 0, wakeHeld: 0}}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database %s: %w", db.name(), err), s.Close())
	}
	return s, nil
}

// openEngine chooses the engine by the URL.
func openEngine(ctx context.Context, config Config) (engine, error) {
	path, isFile := strings.CutPrefix(config.DatabaseURL, "sqlite:")
	switch {
	case config.DatabaseURL == "":
		return openSQLite(filepath.Join(config.DataDir, "hotfixbot.db"), config)
	case strings.HasPrefix(config.DatabaseURL, "postgres://"), strings.HasPrefix(config.DatabaseURL, "postgresql://"):
		return openPostgres(ctx, config.DatabaseURL, config.ReadOnly)
	case isFile && path != "":
		return openSQLite(path, config)
	}
	return nil, errors.New("the database URL is not understood; leave it empty, or use sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE") // it may hold a password: not repeated
}

func (s *Store) start(ctx context.Context) (err error) {
	if !s.config.ReadOnly {
		if err := s.db.whole(ctx); err != nil {
			return err
		}
	}
	if !s.config.Beside && !s.config.ReadOnly {
		if err := s.db.migrate(ctx); err != nil {
			return err
		}
	}
	if err := s.checkTables(ctx); err != nil || s.config.ReadOnly {
		return err
	}
	if s.queue, s.worker, err = newQueue(s); err != nil {
		return err
	}
	return s.Ready(ctx)
}

// Close gives the database back. Work must have returned.
func (s *Store) Close() error { return s.db.close() }

// Ready reports whether something can be written, by writing.
func (s *Store) Ready(ctx context.Context) error {
	return s.write(ctx, func(tx transaction) error {
		_, err := tx.Exec(ctx, `INSERT INTO pulse (id, at) VALUES (1, $1)
			ON CONFLICT (id) DO UPDATE SET at = excluded.at`, s.now())
		return err
	})
}

// now is the present in Unix milliseconds, as the tables hold it.
func (s *Store) now() int64 { return s.config.Now().UnixMilli() }

// write runs fn in one transaction, which is on disk when write returns nil. fn
// must use nothing but tx, and may be run again when the engine asks for it. In a
// reconcile that another process goes on with, nothing is written.
func (s *Store) write(ctx context.Context, fn func(tx transaction) error) error {
	return s.db.write(ctx, func(tx transaction) error {
		if err := s.keepHold(ctx, tx); err != nil {
			return err
		}
		return fn(tx)
	})
}
