package store

import (
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/pgtest"
)

// Several processes that start at once on an empty database make its tables once.
func TestTablesAreMadeOnce(t *testing.T) {
	database := pgtest.Database(t)
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			s, err := Open(t.Context(), Config{DatabaseURL: database})
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

// What is wrong at the first start is one line with a remedy and without a password.
func TestOpenPostgresTellsWhatIsWrong(t *testing.T) {
	database := pgtest.Database(t)
	at := func(change func(u *url.URL, query url.Values)) string {
		u, err := url.Parse(database)
		ok(t, err)
		query := u.Query()
		change(u, query)
		u.RawQuery = query.Encode()
		return u.String()
	}
	pgtest.Role(t, database, "keeper", "hunter2")
	for name, tc := range map[string]struct {
		url  string
		want []string
	}{
		"no database":    {at(func(u *url.URL, _ url.Values) { u.Path = "/nowhere" }), []string{`database "nowhere" does not exist`, "create the database"}},
		"wrong password": {at(func(u *url.URL, _ url.Values) { u.User = url.UserPassword("keeper", "hunter2!") }), []string{"password authentication failed", "check user and password"}},
		"no rights":      {pgtest.Role(t, database, "guest", "hunter2"), []string{"permission denied for schema public", "granted CREATE"}},
		"no server": {at(func(_ *url.URL, q url.Values) { q.Set("host", t.TempDir()) }),
			[]string{"no such file or directory"}},
		"wrong port":         {"postgres://keeper:hunter2@127.0.0.1:x/hotfix", []string{"cannot be read", "postgres://USER:PASSWORD@HOST/DATABASE"}},
		"wrong setting":      {"postgres://keeper@127.0.0.1/hotfix?password=hunter2&sslmode=perhaps", []string{"cannot be read", "sslmode"}},
		"password in a port": {"postgres://keeper:x@127.0.0.1:hunter2/hotfix", []string{"cannot be read"}},
		"pool size":          {at(func(_ *url.URL, q url.Values) { q.Set("pool_max_conns", "many") }), []string{"cannot be read", "pool_max_conns", "invalid syntax"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), Config{DatabaseURL: tc.url})
			if err == nil {
				t.Fatal("it opened")
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q does not say %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") {
				t.Errorf("it says too much: %v", err)
			}
		})
	}
}

func TestOldServersAreNamed(t *testing.T) {
	err := newEnough(13_00_20)
	if err == nil || err.Error() != "the server is PostgreSQL 13; 14 or newer is needed" {
		t.Errorf("got %v", err)
	}
	ok(t, newEnough(14_00_00))
}

// A command beside the program makes no tables, and one that only reads cannot write.
func TestBesidePostgres(t *testing.T) {
	_, err := Open(t.Context(), Config{DatabaseURL: pgtest.Database(t), Beside: true})
	if err == nil || !strings.Contains(err.Error(), "hotfixbot serve makes them") {
		t.Errorf("got %v", err)
	}
	onPostgres(t, func(t *testing.T, in spot) {
		beside, reading := open(t, in(Config{Beside: true})), open(t, in(Config{ReadOnly: true}))
		ok(t, beside.Wake(t.Context(), "test", 7))
		debts, err := reading.Debts(t.Context())
		if err != nil || len(debts) != 1 {
			t.Errorf("%+v, %v", debts, err)
		}
		if err := reading.Wake(t.Context(), "test", 8); err == nil {
			t.Error("it was written to")
		}
	})
}

// What git said may hold what no TEXT can.
func TestOddTextIsStored(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		d := delivery("odd")
		d.Action = "a\x00b\xffc"
		_, err := s.Accept(t.Context(), d, 7)
		ok(t, err)
		ok(t, s.Save(t.Context(), hotfix.Board{Repository: 7, Name: "acme/\x00\xff"}))
		if _, known, err := s.Board(t.Context(), 7); err != nil || !known {
			t.Errorf("%v, %v", known, err)
		}
	})
}

// What is locked by a machine that is not heard of is free before long.
func TestSilentTransactionsAreEnded(t *testing.T) {
	onPostgres(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		var limit, isolation string
		ok(t, s.write(t.Context(), func(tx transaction) error {
			return errors.Join(
				tx.QueryRow(t.Context(), `SELECT current_setting('idle_in_transaction_session_timeout')`).Scan(&limit),
				tx.QueryRow(t.Context(), `SELECT current_setting('transaction_isolation')`).Scan(&isolation))
		}))
		if limit != "10s" || isolation != "read committed" {
			t.Errorf("%q, %q", limit, isolation)
		}
	})
}

// What one process did, the pages of the others show.
func TestMarkTellsOfOtherProcesses(t *testing.T) {
	onPostgres(t, func(t *testing.T, in spot) {
		one, other := open(t, in(Config{})), open(t, in(Config{}))
		before, err := other.Mark(t.Context())
		ok(t, err)
		ok(t, one.Save(t.Context(), hotfix.Board{Repository: 7, Name: "acme/shop"}))
		_, err = one.Accept(t.Context(), delivery("a"), 7)
		ok(t, err)
		after, err := other.Mark(t.Context())
		ok(t, err)
		if before.Boards == after.Boards || before.Deliveries == after.Deliveries {
			t.Errorf("%+v, then %+v", before, after)
		}
	})
}
