package store

import (
	"context"
	"errors"
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
	pruned := s.config.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		err := s.mendAll(ctx)
		if now := s.config.Now(); err == nil && now.Sub(pruned) >= pruneInterval {
			err, pruned = s.prune(ctx), now
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

// prune deletes what is too old to be of use.
func (s *Store) prune(ctx context.Context) error {
	now := s.config.Now()
	return s.write(ctx, func(tx transaction) error {
		// The presses go with their deliveries.
		if _, err := tx.Exec(ctx, `DELETE FROM deliveries WHERE received_at < $1`,
			now.Add(-keepDeliveries).UnixMilli()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM actions WHERE asked_at < $1`, now.Add(-keepDeliveries).UnixMilli()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM sessions WHERE expires_at <= $1`, now.UnixMilli()); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM intents WHERE intended_at < $1`, now.Add(-keepFacts).UnixMilli()); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM facts WHERE used_at < $1`, now.Add(-keepFacts).UnixMilli())
		return err
	})
}
