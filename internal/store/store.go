// Package store keeps what must survive a restart: the deliveries that were
// accepted, the repositories that a reconcile is owed, the button presses, the
// intents and facts of the reconciler, and the ledger with its history.
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
	"database/sql"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Config is what a Store needs to know. The zero value of every field but
// DataDir has a default.
type Config struct {
	// DataDir is the folder that holds the database. It is made with mode 0700
	// when it does not exist.
	DataDir string
	// DatabaseURL is empty for the file hotfixbot.db in DataDir, or
	// sqlite:PATH for another file.
	DatabaseURL string
	Now         func() time.Time // default time.Now
	Log         zerolog.Logger
	// Workers is how many repositories are reconciled at once; default: the number
	// of cores, at least 2.
	Workers int
	// Poll is how often the queue is looked into; default 50 ms. A look costs about
	// a millisecond of processor time.
	Poll time.Duration
	// Gather is how long a wake waits for others of the same repository, so that
	// the handful of events of one click are one reconcile. The wait takes a
	// worker. Default: no longer than the queue needs anyway.
	Gather time.Duration
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
	if c.Grace == 0 {
		c.Grace = 8 * time.Second
	}
	return c
}

// Store is the database of one hotfixbot. Its methods may be used concurrently.
type Store struct {
	config Config
	log    zerolog.Logger
	db     *sql.DB // writes: one connection, so that SQLite never answers "busy"
	reader *sql.DB // reads that need not wait for a write
	lock   *os.File
	queue  *river.Client[*sql.Tx]
	worker *worker
	change *change

	mu      sync.Mutex
	running map[hotfix.RepositoryID]bool
}

// Open opens the database, makes or upgrades its tables and takes the folder's
// lock. The error says what is wrong with the folder or file. Close releases it.
func Open(ctx context.Context, config Config) (*Store, error) {
	config = config.withDefaults()
	path, err := location(config)
	if err != nil {
		return nil, err
	}
	lock, err := claim(path)
	if err != nil {
		return nil, err
	}
	s := &Store{config: config, log: config.Log, lock: lock, change: newChange(), running: map[hotfix.RepositoryID]bool{}}
	if err := s.start(ctx, path); err != nil {
		return nil, errors.Join(fmt.Errorf("open the database %s: %w", path, err), s.Close())
	}
	return s, nil
}

func (s *Store) start(ctx context.Context, path string) (err error) {
	if err := touch(path); err != nil {
		return err
	}
	if s.db, err = openPool(path, writePragmas, 1); err != nil {
		return err
	}
	if err := migrate(ctx, s.db); err != nil {
		return err
	}
	if s.reader, err = openPool(path, readPragmas, readers); err != nil {
		return err
	}
	if err := s.Ready(ctx); err != nil {
		return err
	}
	if s.queue, s.worker, err = newQueue(s); err != nil {
		return err
	}
	return s.prune(ctx)
}

// Close releases the database and the folder. Work must have returned.
func (s *Store) Close() error {
	var problems []error
	for _, pool := range []*sql.DB{s.reader, s.db} {
		if pool != nil {
			problems = append(problems, pool.Close())
		}
	}
	return errors.Join(append(problems, s.lock.Close())...)
}

// Ready reports whether something can be written, by writing.
func (s *Store) Ready(ctx context.Context) error {
	return s.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO pulse (id, at) VALUES (1, $1)
			ON CONFLICT (id) DO UPDATE SET at = excluded.at`, s.now())
		return err
	})
}

// now is the present in Unix milliseconds, as the tables hold it.
func (s *Store) now() int64 { return s.config.Now().UnixMilli() }

// write runs fn in one transaction, which is on disk when write returns nil. fn
// must use nothing but tx: the only connection is taken.
func (s *Store) write(ctx context.Context, fn func(tx *sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}
