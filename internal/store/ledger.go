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

// Intend stores that something is about to be done under a marker, and returns since
// when that is stored and when it was intended last before; both are zero when it was
// not stored.
func (s *Store) Intend(ctx context.Context, repo hotfix.RepositoryID, marker string, now time.Time) (since, last time.Time, err error) {
	err = s.write(ctx, func(tx transaction) error {
		var began, intended int64
		err := tx.QueryRow(ctx, `SELECT since, intended_at FROM intents WHERE repository = $1 AND marker = $2`, repo, marker).
			Scan(&began, &intended)
		known, err := found(err)
		if err != nil {
			return err
		}
		if since, last = (time.Time{}), (time.Time{}); known {
			since, last = time.UnixMilli(began).UTC(), time.UnixMilli(intended).UTC()
		}
		_, err = tx.Exec(ctx, `INSERT INTO intents (repository, marker, since, intended_at) VALUES ($1, $2, $3, $3)
			ON CONFLICT (repository, marker) DO UPDATE SET intended_at = excluded.intended_at`, repo, marker, now.UnixMilli())
		return err
	})
	if err != nil {
		return time.Time{}, time.Time{}, fmt.Errorf("store the intent %s: %w", marker, err)
	}
	return since, last, nil
}

// Begun are the markers of intents that were never settled, and since when each is
// stored.
func (s *Store) Begun(ctx context.Context, repo hotfix.RepositoryID) (map[string]time.Time, error) {
	type intent struct {
		marker string
		since  int64
	}
	rows, err := s.db.Query(ctx, `SELECT marker, since FROM intents WHERE repository = $1`, repo)
	list, err := collect(rows, err, func(row scanner) (i intent, err error) {
		return i, row.Scan(&i.marker, &i.since)
	})
	begun := make(map[string]time.Time, len(list))
	for _, i := range list {
		begun[i.marker] = time.UnixMilli(i.since).UTC()
	}
	return begun, err
}

// Settle forgets intents. That there are none is no error.
func (s *Store) Settle(ctx context.Context, repo hotfix.RepositoryID, markers ...string) error {
	// Most are settled already: no need to wait for the writer.
	markers, err := s.unsettled(ctx, repo, markers)
	if err != nil || len(markers) == 0 {
		return err
	}
	return s.write(ctx, func(tx transaction) error {
		for _, marker := range markers {
			if _, err := tx.Exec(ctx, `DELETE FROM intents WHERE repository = $1 AND marker = $2`, repo, marker); err != nil {
				return err
			}
		}
		return nil
	})
}

// unsettled are those of some markers that are stored.
func (s *Store) unsettled(ctx context.Context, repo hotfix.RepositoryID, markers []string) ([]string, error) {
	var stored []string
	for _, marker := range markers {
		var one int
		err := s.db.QueryRow(ctx, `SELECT 1 FROM intents WHERE repository = $1 AND marker = $2`, repo, marker).Scan(&one)
		ok, err := found(err)
		if err != nil {
			return nil, err
		}
		if ok {
			stored = append(stored, marker)
		}
	}
	return stored, nil
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
