package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// freshUse is how old the note of a fact's last use may get.
const freshUse = 24 * time.Hour

// Intend stores that a thing without uniqueness on GitHub is about to be created
// under a marker, and returns when that was first stored: until a minute after it
// the thing may exist although GitHub does not show it yet.
func (s *Store) Intend(ctx context.Context, repo hotfix.RepositoryID, marker string, now time.Time) (since time.Time, err error) {
	var at int64
	err = s.write(ctx, func(tx transaction) error {
		return tx.QueryRow(ctx, `INSERT INTO intents (repository, marker, since) VALUES ($1, $2, $3)
			ON CONFLICT (repository, marker) DO UPDATE SET since = intents.since RETURNING since`,
			repo, marker, now.UnixMilli()).Scan(&at)
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("store the intent %s: %w", marker, err)
	}
	return time.UnixMilli(at).UTC(), nil
}

// Begun lists the markers of intents that were never settled, oldest first: what
// was begun and never seen to end.
func (s *Store) Begun(ctx context.Context, repo hotfix.RepositoryID) ([]string, error) {
	rows, err := s.db.Query(ctx, `SELECT marker FROM intents WHERE repository = $1 ORDER BY since, marker`, repo)
	return collect(rows, err, func(row scanner) (marker string, err error) {
		return marker, row.Scan(&marker)
	})
}

// Settle forgets an intent: the thing was seen. That there is none is no error.
func (s *Store) Settle(ctx context.Context, repo hotfix.RepositoryID, marker string) error {
	// Most are settled already: no need to wait for the writer.
	var one int
	err := s.db.QueryRow(ctx, `SELECT 1 FROM intents WHERE repository = $1 AND marker = $2`, repo, marker).Scan(&one)
	if ok, err := found(err); !ok {
		return err
	}
	return s.write(ctx, func(tx transaction) error {
		_, err := tx.Exec(ctx, `DELETE FROM intents WHERE repository = $1 AND marker = $2`, repo, marker)
		return err
	})
}

// Recall reads a fact into a pointer; ok is false when it is not known.
func (s *Store) Recall(ctx context.Context, repo hotfix.RepositoryID, fact string, into any) (ok bool, err error) {
	var value string
	var used int64
	err = s.db.QueryRow(ctx, `SELECT value, used_at FROM facts WHERE repository = $1 AND fact = $2`, repo, fact).
		Scan(&value, &used)
	if ok, err := found(err); !ok {
		return false, err
	}
	if err := json.Unmarshal([]byte(value), into); err != nil {
		return false, fmt.Errorf("read the fact %s: %w", fact, err)
	}
	if s.now()-used < freshUse.Milliseconds() {
		return true, nil
	}
	return true, s.write(ctx, func(tx transaction) error {
		_, err := tx.Exec(ctx, `UPDATE facts SET used_at = $1 WHERE repository = $2 AND fact = $3`, s.now(), repo, fact)
		return err
	})
}

// Remember keeps a fact that can never change, as JSON.
func (s *Store) Remember(ctx context.Context, repo hotfix.RepositoryID, fact string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("keep the fact %s: %w", fact, err)
	}
	return s.write(ctx, func(tx transaction) error {
		_, err := tx.Exec(ctx, `INSERT INTO facts (repository, fact, value, used_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (repository, fact) DO UPDATE SET value = excluded.value, used_at = excluded.used_at`,
			repo, fact, string(text), s.now())
		return err
	})
}
