package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
)

const (
	// connections is how many one process holds, unless the URL says pool_max_conns.
	connections = 10
	// connectIn bounds one attempt to connect, unless the URL says connect_timeout.
	connectIn = 5 * time.Second
	// answerIn bounds a read or a transaction: GitHub waits 10 s for the answer to a
	// delivery, and a connection that nobody answers on says nothing for many minutes.
	answerIn = 8 * time.Second
	// again is how often a transaction is run that PostgreSQL ends for another's sake.
	again = 5
	// beginning opens a transaction at the isolation that the statements were written for,
	// whatever the server's default is: each sees what was committed before it. What a
	// machine has locked that is not heard of any more is free after 10 s, not when TCP
	// gives it up, after hours.
	beginning = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL idle_in_transaction_session_timeout = 10000`
)

// postgres is a PostgreSQL database, which any number of processes may share.
type postgres struct {
	pool   *pgxpool.Pool
	client *river.Client[pgx.Tx]
}

// openPostgres reads the URL; it makes no connection yet.
func openPostgres(ctx context.Context, address string, readOnly bool) (engine, error) {
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, unreadable(address, err)
	}
	if strings.Contains(config.ConnConfig.Host, "@") { // what stands there is the end of a password
		return nil, errors.New("the database URL cannot be read: an @ in user or password is written %40")
	}
	if !strings.Contains(address, "pool_max_conns") {
		config.MaxConns = connections
	}
	if config.MaxConns < 2 { // one holds the lock while the tables are made
		return nil, errors.New("pool_max_conns in the database URL must be at least 2")
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectIn
	}
	if config.ConnConfig.RuntimeParams["application_name"] == "" {
		config.ConnConfig.RuntimeParams["application_name"] = "hotfixbot"
	}
	if readOnly {
		config.ConnConfig.RuntimeParams["default_transaction_read_only"] = "on"
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, unreadable(address, err)
	}
	return &postgres{pool: pool}, nil
}

func (p *postgres) connect(config *river.Config) (queue, error) {
	var err error
	p.client, err = river.NewClient(riverpgxv5.New(p.pool), config)
	return p.client, err
}

func (p *postgres) name() string {
	c := p.pool.Config().ConnConfig
	return fmt.Sprintf("%s on %s", c.Database, c.Host)
}

func (p *postgres) whole(context.Context) error { return nil } // the server's own care

func (p *postgres) shared() bool { return true }

func (p *postgres) close() error {
	p.pool.Close()
	return nil
}

func (p *postgres) Query(ctx context.Context, query string, args ...any) (cursor, error) {
	return pgQuery(ctx, p.pool, time.Now().Add(answerIn), query, args)
}

func (p *postgres) QueryRow(ctx context.Context, query string, args ...any) scanner {
	return pgQueryRow(ctx, p.pool, time.Now().Add(answerIn), query, args)
}

func (p *postgres) write(ctx context.Context, fn func(tx transaction) error) error {
	until := time.Now().Add(answerIn)
	ctx, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	var err error
	for range again {
		err = pgx.BeginTxFunc(ctx, p.pool, pgx.TxOptions{BeginQuery: beginning}, func(tx pgx.Tx) error {
			return fn(pgTx{tx, p.client, until})
		})
		if !chosen(err) {
			break
		}
	}
	return plain(err)
}
