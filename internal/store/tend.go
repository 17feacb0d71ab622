package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	tendInterval   = time.Minute
	pruneInterval  = 24 * time.Hour
	keepDeliveries = 30 * 24 * time.Hour
	// keepFacts is counted from the last use: facts can be found again. So long after
	// something was begun, or was said to be gone, that says nothing any more.
	keepFacts = 90 * 24 * time.Hour
)

// tend mends and prunes until ctx is done. What fails is tried again in a minute.
func (s *Store) tend(ctx context.Context) {
	ticker := time.NewTicker(tendInterval)
	defer ticker.Stop()
	var pruned time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := s.mendAll(ctx)
		if now := s.config.Now(); err == nil && now.Sub(pruned) >= pruneInterval {
			if err = s.prune(ctx); err == nil {
				pruned = now
			}
		}
		if err != nil && ctx.Err() == nil {
			s.log.Error().Err(err).Msg("the database cannot be tended")
		}
	}
}

// mendAll makes all jobs again that are missing.
func (s *Store) mendAll(ctx context.Context) error {
	if err := s.mend(ctx); err != nil {
		return err
	}
	due, err := s.due(ctx, s.db)
	for some := range slices.Chunk(due, atOnce) {
		err = errors.Join(err, s.write(ctx, func(tx transaction) error { return s.enqueueAll(ctx, tx, some) }))
	}
	return err
}

// prune deletes what is too old to be of use: some at once, so that deliveries get in
// between, and what was deleted stays so where it has to end early.
func (s *Store) prune(ctx context.Context) error {
	now := s.config.Now()
	for _, old := range []struct {
		table, key, when string
		before           time.Time
	}{
		{"deliveries", "guid", "received_at < $1", now.Add(-keepDeliveries)}, // the presses go with them
		{"actions", "id", "asked_at < $1", now.Add(-keepDeliveries)},
		{"sessions", "id", "expires_at <= $1", now},
		{"intents", "repository, marker", "intended_at < $1", now.Add(-keepFacts)},
		{"facts", "repository, fact", "used_at < $1", now.Add(-keepFacts)},
	} {
		if err := s.deleteAll(ctx, fmt.Sprintf(`DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s WHERE %s LIMIT %d)`,
			old.table, old.key, old.key, old.table, old.when, atOnce), old.before); err != nil {
			return fmt.Errorf("delete old %s: %w", old.table, err)
		}
	}
	return nil
}

// deleteAll repeats a statement that deletes some rows until it finds none.
func (s *Store) deleteAll(ctx context.Context, statement string, before time.Time) error {
	for {
		var gone int64
		err := s.write(ctx, func(tx transaction) (err error) {
			gone, err = tx.Exec(ctx, statement, before.UnixMilli())
			return err
		})
		if err != nil || gone == 0 {
			return err
		}
	}
}
