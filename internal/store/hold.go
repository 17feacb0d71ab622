package store

import (
	"context"
	"errors"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	shortestBackOff = time.Second
	longestBackOff  = 5 * time.Minute
	// longestNap is how late a held repository is released after the clock was set
	// forward.
	longestNap = time.Second
)

// hold sets the time before which the repository is not looked at again. River
// could snooze the job instead, but it wakes snoozed jobs only every 5 s and
// cannot let a new wake through.
func (s *Store) hold(ctx context.Context, tx transaction, id hotfix.RepositoryID, o owed, outcome error) error {
	at, attempts, later := s.fate(o, outcome)
	if own(outcome) {
		s.log.Info().Ctx(ctx).Err(outcome).Time("not_before", at).Msg("the reconcile goes on later")
	} else {
		s.log.Warn().Ctx(ctx).Err(outcome).Int("attempts", attempts).
			Time("not_before", at).Msg("the reconcile has to be made again")
	}
	// A wake that came meanwhile, and would lift it, cuts it to the shortest.
	soonest := s.config.Now().Add(shortestBackOff).UnixMilli()
	_, err := tx.Exec(ctx, `UPDATE wakes SET attempts = $1, later = $2, problem = $3, urgent = 0,
			not_before = CASE WHEN (CAST($2 AS BIGINT) = 0 OR CAST($2 AS BIGINT) = 2 AND urgent = 1) AND count <> $4 THEN CAST($5 AS BIGINT) ELSE CAST($6 AS BIGINT) END
		WHERE repository = $7`,
		attempts, later, outcome.Error(), o.count, soonest, at.UnixMilli(), id)
	return err
}

// await sets the time at which something is due in a repository that is well. A
// wake comes before it; one that came meanwhile is served at once.
func (s *Store) await(ctx context.Context, tx transaction, id hotfix.RepositoryID, o owed, due time.Time) error {
	var notBefore int64
	err := tx.QueryRow(ctx, `UPDATE wakes SET since = $1, attempts = 0, later = 0, urgent = 0, problem = '',
			not_before = CASE WHEN count = $2 THEN CAST($3 AS BIGINT) ELSE 0 END,
			deliveries = substr(deliveries, CAST($4 AS INTEGER))
		WHERE repository = $5 RETURNING not_before`, o.at, o.count, due.UnixMilli(), o.rest(), id).Scan(&notBefore)
	if ok, err := found(err); !ok || notBefore > s.now() { // not found: who took the work over has served it, too
		return err
	}
	return s.enqueue(ctx, tx, id)
}

// fate tells from an error when to try again, the failures in a row, and whether
// that time stands against new wakes: against none (0), all (1), or those for which
// no person waits (2).
func (s *Store) fate(o owed, outcome error) (at time.Time, attempts, later int) {
	var known *hotfix.Later
	if errors.As(outcome, &known) {
		if known.Own {
			return known.At, 0, 2
		}
		return known.At, 0, 1
	}
	attempts = o.attempts + 1
	return s.config.Now().Add(backOff(attempts)), attempts, 0
}

// own reports whether the bot put a reconcile off itself: nothing is wrong.
func own(outcome error) bool {
	var later *hotfix.Later
	return errors.As(outcome, &later) && later.Own
}

// backOff is 1 s after the first failure, doubled after each, at most 5 min.
func backOff(attempts int) time.Duration {
	wait := shortestBackOff
	for range attempts - 1 {
		if wait *= 2; wait >= longestBackOff {
			return longestBackOff
		}
	}
	return wait
}

// release queues held repositories when their time has come, until ctx is done.
func (s *Store) release(ctx context.Context) {
	for ctx.Err() == nil {
		changed := s.change.wait()
		next, ok, err := s.releaseDue(ctx)
		if err != nil && ctx.Err() == nil {
			s.log.Error().Err(err).Msg("held repositories cannot be released")
			next, ok = s.config.Now().Add(longestNap), true
			changed = nil // announced or not: no faster than that
		}
		if !ok {
			next = s.config.Now().Add(longestNap)
		}
		s.nap(ctx, changed, next, ok || s.db.shared())
	}
}

// nap waits for a change, or, if timed, for the time, and no longer than the longest
// nap: another process that held a repository may have died.
func (s *Store) nap(ctx context.Context, changed <-chan struct{}, until time.Time, timed bool) {
	var alarm <-chan time.Time
	if timed {
		timer := time.NewTimer(min(max(until.Sub(s.config.Now()), time.Millisecond), longestNap))
		defer timer.Stop()
		alarm = timer.C
	}
	select {
	case <-changed:
	case <-alarm:
	case <-ctx.Done():
	}
}

// farthest is longer than GitHub's limits and the bot's own budget put a repository off,
// with 2,000 writes before it. What waits longer was put off by a clock that was ahead.
const farthest = 6 * time.Hour

// hasCome tells the held repositories whose time has come.
const hasCome = `not_before > 0 AND (not_before <= $1 OR later > 0 AND not_before > $2)`

// releaseDue queues the repositories whose time has come and says when the next
// one's comes.
func (s *Store) releaseDue(ctx context.Context) (next time.Time, ok bool, err error) {
	rows, err := s.db.Query(ctx, `SELECT repository FROM wakes WHERE `+hasCome, s.now(), s.now()+farthest.Milliseconds())
	ids, err := scanIDs(rows, err)
	if err != nil {
		return time.Time{}, false, err
	}
	for _, id := range ids {
		if err := s.write(ctx, func(tx transaction) error { return s.lift(ctx, tx, id) }); err != nil {
			return time.Time{}, false, err
		}
	}
	return s.nextHeld(ctx)
}

func (s *Store) lift(ctx context.Context, tx transaction, id hotfix.RepositoryID) error {
	lifted, err := tx.Exec(ctx, `UPDATE wakes SET not_before = 0, later = 0
		WHERE `+hasCome+` AND repository = $3`, s.now(), s.now()+farthest.Milliseconds(), id)
	if err != nil || lifted == 0 { // none: another process was faster
		return err
	}
	return s.enqueue(ctx, tx, id)
}

func (s *Store) nextHeld(ctx context.Context) (time.Time, bool, error) {
	var at int64
	err := s.db.QueryRow(ctx, `SELECT coalesce(min(not_before), 0) FROM wakes WHERE not_before > 0`).Scan(&at)
	return time.UnixMilli(at), at > 0, err
}
