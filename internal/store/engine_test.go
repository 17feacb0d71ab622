package store

import (
	"context"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/pgtest"
)

// spot names the place of a test's database: the same for every Config.
type spot func(Config) Config

// onEngines runs a test on a new database of each kind.
func onEngines(t *testing.T, test func(t *testing.T, in spot)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		dir := t.TempDir()
		test(t, func(c Config) Config {
			c.DataDir = dir
			return c
		})
	})
	t.Run("postgres", func(t *testing.T) { onPostgres(t, test) })
}

// tables is a database that was opened once.
var tables = pgtest.Template{Prepare: func(url string) error {
	s, err := Open(context.Background(), Config{DatabaseURL: url})
	if err != nil {
		return err
	}
	return s.Close()
}}

// onPostgres is for what only a database that is shared can do.
func onPostgres(t *testing.T, test func(t *testing.T, in spot)) {
	t.Helper()
	url := tables.Copy(t)
	test(t, func(c Config) Config {
		c.DatabaseURL = url
		return c
	})
}
