package e2e_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx": the tests look into the database themselves

	"github.com/hotfixbot/hotfixbot/internal/pgtest"
	"github.com/hotfixbot/hotfixbot/internal/store"
)

// keeping is where the Apps of a world keep things.
type keeping struct {
	// places are used one after the other: the URLs of databases on PostgreSQL, and ""
	// for a file in the App's folder.
	places []string
	lease  time.Duration // how long the work of one that dies stays with it; 0: as usual
}

// place is where they are now.
func (k *keeping) place() string { return k.places[0] }

// moveOn goes to the next place.
func (k *keeping) moveOn() { k.places = k.places[1:] }

// tables is a database that an App has opened once.
var tables = pgtest.Template{Prepare: func(url string) error {
	s, err := store.Open(context.Background(), store.Config{DatabaseURL: url})
	if err != nil {
		return err
	}
	return s.Close()
}}

// keep is where a playing keeps things. The databases outlive its Apps.
func keep(t *testing.T, how way) keeping {
	t.Helper()
	switch how {
	case wayPostgres:
		return keeping{places: []string{tables.Copy(t), tables.Copy(t)}}
	case wayReplicas:
		return keeping{places: []string{tables.Copy(t), tables.Copy(t)}, lease: twinLease}
	case wayMove:
		return keeping{places: []string{"", pgtest.Database(t), tables.Copy(t)}}
	}
	return keeping{places: []string{"", ""}}
}

// peek opens the App's database beside it.
func (w *world) peek() (*sql.DB, error) {
	if w.keeping.place() != "" {
		return sql.Open("pgx", w.keeping.place())
	}
	return peek(w.data())
}

// heldIn tells until when the program puts off what failed, if anything did.
func heldIn(ctx context.Context, db *sql.DB) (at time.Time, ok bool, err error) {
	var ms sql.NullInt64
	err = db.QueryRowContext(ctx, `SELECT min(not_before) FROM wakes WHERE not_before > 0 AND (later = 1 OR problem <> '')`).Scan(&ms)
	return time.UnixMilli(ms.Int64), ms.Valid, errors.Join(err, db.Close())
}
