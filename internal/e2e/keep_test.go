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

// keeping is where the Apps of a world keep things, one after the other: the URLs of
// databases on PostgreSQL, and "" for a file in the App's folder.
type keeping []string

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
	case wayPostgres, wayReplicas:
		return keeping{tables.Copy(t), tables.Copy(t)}
	case wayMove:
		return keeping{"", pgtest.Database(t), tables.Copy(t)}
	}
	return keeping{"", ""}
}

// peek opens the App's database beside it.
func (w *world) peek() (*sql.DB, error) {
	if w.keeping[0] != "" {
		return sql.Open("pgx", w.keeping[0])
	}
	return peek(w.data())
}

// heldIn tells until when the program puts off what failed, if anything did.
func heldIn(ctx context.Context, db *sql.DB) (at time.Time, ok bool, err error) {
	var ms sql.NullInt64
	err = db.QueryRowContext(ctx, `SELECT min(not_before) FROM wakes WHERE not_before > 0 AND (later = 1 OR problem <> '')`).Scan(&ms)
	return time.UnixMilli(ms.Int64), ms.Valid, errors.Join(err, db.Close())
}
