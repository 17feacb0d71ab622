package e2e_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// taps are the trips in the way of each database, by its folder.
var taps = struct {
	mu sync.Mutex
	by map[string]*trip
}{by: map[string]*trip{}}

func tap(dir string, t *trip) {
	taps.mu.Lock()
	defer taps.mu.Unlock()
	taps.by[dir] = t
}

func untap(dir string) {
	taps.mu.Lock()
	defer taps.mu.Unlock()
	delete(taps.by, dir)
}

// tapped is the trip in the way of the database that a connection is opened to.
func tapped(dsn string) *trip {
	taps.mu.Lock()
	defer taps.mu.Unlock()
	for dir, t := range taps.by {
		if strings.HasPrefix(dsn, "file:"+databaseOf(dir)) && !strings.Contains(dsn, "mode=ro") {
			return t
		}
	}
	return nil
}

// Every connection to a tapped database tells its trip of its commits.
func init() {
	sqlite.RegisterConnectionHook(func(c sqlite.ExecQuerierContext, dsn string) error {
		t := tapped(dsn)
		if t == nil {
			return nil
		}
		hooks, ok := c.(sqlite.HookRegisterer)
		if !ok {
			return errors.New("the driver has no hooks")
		}
		tables := map[string]bool{}
		hooks.RegisterPreUpdateHook(func(d sqlite.SQLitePreUpdateData) { tables[d.TableName] = true })
		hooks.RegisterRollbackHook(func() { clear(tables) })
		hooks.RegisterCommitHook(func() int32 {
			defer clear(tables)
			if t.commit(tables) {
				return 0
			}
			return 1
		})
		return nil
	})
}

// peek opens a database for reading beside the program.
func peek(dir string) (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+databaseOf(dir)+"?mode=ro&_pragma=busy_timeout(10000)")
}

// copyDatabase copies a database as it is on disk to a new folder: what is committed,
// and nothing else.
func copyDatabase(from, to string) error {
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	db, err := peek(from)
	if err != nil {
		return err
	}
	_, err = db.Exec("VACUUM INTO ?", databaseOf(to))
	return errors.Join(err, db.Close())
}

// heldUntil tells until when the program puts off what failed, if anything did.
func heldUntil(ctx context.Context, dir string) (at time.Time, ok bool, err error) {
	db, err := peek(dir)
	if err != nil {
		return time.Time{}, false, err
	}
	return heldIn(ctx, db)
}
