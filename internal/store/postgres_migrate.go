package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

// migrate makes the tables while no other process does. Who waits asks once a
// second: a session that waits for the lock in the server would hold up the indexes
// that the other makes concurrently.
func (p *postgres) migrate(ctx context.Context) (err error) {
	if err := p.checkVersion(ctx); err != nil {
		return err
	}
	db := stdlib.OpenDBFromPool(p.pool)
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return plain(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
	if err != nil {
		return err
	}
	if err := locker.SessionLock(ctx, conn); err != nil {
		return fmt.Errorf("wait for another process that makes the tables: %w", plain(err))
	}
	err = migrate(ctx, riverpgxv5.New(p.pool), goose.DialectPostgres, db)
	return errors.Join(plain(err), locker.SessionUnlock(context.WithoutCancel(ctx), conn))
}

// oldestServer is what River's statements are written for, as PostgreSQL counts its
// versions.
const oldestServer = 14_00_00

// checkVersion tells an older server before its syntax errors do.
func (p *postgres) checkVersion(ctx context.Context) error {
	var version int
	err := p.QueryRow(ctx, `SELECT CAST(current_setting('server_version_num') AS INTEGER)`).Scan(&version)
	if err != nil {
		return err
	}
	return newEnough(version)
}

func newEnough(version int) error {
	if version < oldestServer {
		return fmt.Errorf("the server is PostgreSQL %d; %d or newer is needed", version/10000, oldestServer/10000)
	}
	return nil
}
