// Package pgtest gives tests a real PostgreSQL: one private cluster for each test
// program, from the binaries that are installed, and in it a database for each
// test, empty or a copy of one that was prepared.
//
// The cluster is reached by a socket in its own folder and by no network. It ends,
// and its folder is removed, when the test program ends, in whatever way. What is
// written there need not survive the machine, so nothing waits for a disk.
//
// It never touches a cluster that somebody else runs, and never skips a test: where
// PostgreSQL is missing, it says what to install.
package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

// superuser owns the cluster; it needs no password.
const superuser = "hotfixbot"

var (
	shared    = sync.OnceValues(start)
	databases atomic.Int64
)

// Database makes an empty database and gives its URL. It is dropped when the test
// ends, with whoever is connected to it still.
func Database(t *testing.T) string {
	t.Helper()
	return create(t, "template1")
}

// Template is a database that tests get copies of: a copy is made in a fraction of
// the time that its tables take.
type Template struct {
	// Prepare fills the empty database of that URL, once, and disconnects from it.
	Prepare func(url string) error

	once sync.Once
	name string
	err  error
}

// Copy makes a copy of the prepared database and gives its URL. It is dropped as
// that of Database is.
func (m *Template) Copy(t *testing.T) string {
	t.Helper()
	if m.once.Do(m.prepare); m.err != nil {
		t.Fatal(m.err)
	}
	return create(t, m.name)
}

func (m *Template) prepare() {
	cluster, err := shared()
	if err != nil {
		m.err = err
		return
	}
	m.name = fmt.Sprintf("template_%d", databases.Add(1))
	if m.err = run("CREATE DATABASE " + m.name); m.err == nil {
		m.err = m.Prepare(cluster.address(superuser, m.name))
	}
}

// create makes a copy of a database of the cluster.
func create(t *testing.T, of string) string {
	t.Helper()
	cluster, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test_%d", databases.Add(1))
	if err := run("CREATE DATABASE " + name + " TEMPLATE " + of); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := run("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return cluster.address(superuser, name)
}

// Role makes a role with a password in the cluster of a database, who owns nothing,
// and gives the database's URL for it.
func Role(t *testing.T, database, name, password string) string {
	t.Helper()
	if err := run(fmt.Sprintf("CREATE ROLE %s LOGIN PASSWORD '%s'", name, password)); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	u.User = url.UserPassword(name, password)
	return u.String()
}

// run executes a statement that belongs to no database.
func run(statement string) error {
	cluster, err := shared()
	if err != nil {
		return err
	}
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, cluster.address(superuser, "postgres"))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
