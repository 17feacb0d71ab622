package pgtest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
)

func ask(t *testing.T, url, question string) (answer string, err error) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	err = conn.QueryRow(t.Context(), question).Scan(&answer)
	return answer, err
}

func TestDatabasesAreApart(t *testing.T) {
	one, other := Database(t), Database(t)
	first, err := ask(t, one, `SELECT current_database()`)
	if err != nil {
		t.Fatal(err)
	}
	second, err := ask(t, other, `SELECT current_database()`)
	if err != nil || first == second {
		t.Errorf("%q and %q, %v", first, second, err)
	}
	if encoding, err := ask(t, one, `SELECT current_setting('server_encoding')`); encoding != "UTF8" || err != nil {
		t.Errorf("encoding %q, %v", encoding, err)
	}
}

// A role needs its password.
func TestRole(t *testing.T) {
	database := Database(t)
	if who, err := ask(t, Role(t, database, "guest", "hunter2"), `SELECT current_user`); who != "guest" || err != nil {
		t.Errorf("%q, %v", who, err)
	}
	if _, err := ask(t, Role(t, database, "other", ""), `SELECT current_user`); err == nil {
		t.Error("somebody came in without a password")
	}
}
