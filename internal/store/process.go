package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"time"
)

// Several processes may work on one PostgreSQL. River keeps their reconciles apart
// while all of them live; what is here is for when one does not:
//
//   - Each says a few times in a Lease that it lives. The work of one that was
//     silent for a whole Lease is given to others, once its row is gone.
//   - One that could not say so for half a Lease, or finds its row gone, stops what
//     it is doing: it may be taken for dead while it still talks to GitHub.
//
// A machine that is suspended and resumed does not notice it until its next beat. What
// a reconcile does there until then is refused: tenure.go.

// beats is how many signs of life a process gives in a Lease.
const beats = 6

// present is the database's clock in Unix milliseconds: those of several machines
// differ. Only PostgreSQL is asked for it.
const present = `CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)`

// processName is told apart from that of every other process, and tells a person
// where to look.
func processName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	unique := make([]byte, 4)
	_, _ = rand.Read(unique) // it never fails: https://pkg.go.dev/crypto/rand#Read
	return fmt.Sprintf("%.60s-%d-%s", host, os.Getpid(), hex.EncodeToString(unique))
}

// join says for the first time that this process lives.
func (s *Store) join(ctx context.Context) error {
	return s.write(ctx, func(tx transaction) error {
		_, err := tx.Exec(ctx, `INSERT INTO processes (name, seen_at) VALUES ($1, `+present+`)
			ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at`, s.name)
		return err
	})
}

// depart leaves what this process did not bring to its end to others, at once.
func (s *Store) depart(ctx context.Context) error {
	return s.write(ctx, func(tx transaction) error {
		_, err := tx.Exec(ctx, `DELETE FROM processes WHERE name = $1`, s.name)
		return err
	})
}

// live gives signs of life and takes over from the dead until ctx is done.
func (s *Store) live(ctx context.Context) {
	ticker := time.NewTicker(s.config.Lease / beats)
	defer ticker.Stop()
	seen := time.Now() // not the configured clock: this one must not be set
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		at := time.Now()
		err := s.beat(ctx)
		if err == nil {
			seen = at
		} else if ctx.Err() == nil {
			s.log.Warn().Err(err).Msg("no sign of life could be given; it is tried again, and others take over before long")
			if time.Since(seen) >= s.config.Lease/2 {
				s.giveUp("the database cannot be reached")
			}
		}
	}
}

// beat is one sign of life, and a look at those of the others. It takes no longer than
// leaves time to give up.
func (s *Store) beat(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.Lease/3)
	defer cancel()
	var alive int64
	err := s.write(ctx, func(tx transaction) (err error) {
		alive, err = tx.Exec(ctx, `UPDATE processes SET seen_at = `+present+` WHERE name = $1`, s.name)
		return err
	})
	if err != nil {
		return err
	}
	if alive == 0 {
		s.giveUp("this process was taken for dead")
		if err := s.join(ctx); err != nil {
			return err
		}
	}
	return s.mend(ctx)
}

// giveUp cancels every reconcile that runs here.
func (s *Store) giveUp(why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, cancel := range s.running {
		s.log.Error().Int64("repository", int64(id)).Str("why", why).Msg("the reconcile is given up")
		cancel()
	}
}

// bury removes the processes that are silent for a whole Lease, and gives the names
// of those that are left.
func (s *Store) bury(ctx context.Context) (living map[string]bool, err error) {
	living = map[string]bool{}
	err = s.write(ctx, func(tx transaction) error {
		clear(living)
		if _, err := tx.Exec(ctx, `DELETE FROM processes WHERE seen_at < `+present+` - $1`, s.config.Lease.Milliseconds()); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT name FROM processes`)
		names, err := collect(rows, err, func(row scanner) (name string, err error) { return name, row.Scan(&name) })
		for _, name := range names {
			living[name] = true
		}
		return err
	})
	return living, err
}
