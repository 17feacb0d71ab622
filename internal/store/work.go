package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"golang.org/x/sync/errgroup"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/trail"
)

// Work runs reconcile for every repository that is woken, until ctx is done. The
// error of reconcile decides when the repository is looked at again: a
// *hotfix.Later at its time, a *hotfix.Due at its time or the next wake, any other
// after a back-off, nil at the next wake.
//
// When ctx is done, Work fetches no more, lets what runs finish within
// Config.Grace and cancels the rest, which stays owed. The error is nil after a
// proper end. Work must not be called twice at the same time.
func (s *Store) Work(ctx context.Context, reconcile func(context.Context, hotfix.RepositoryID) error) error {
	if !s.takeOverAtLast(ctx) {
		return nil
	}
	s.worker.reconcile, s.worker.stopping = reconcile, ctx.Done()
	if err := s.queue.Start(ctx); err != nil {
		return fmt.Errorf("start the queue: %w", err)
	}
	stopped := s.queue.Stopped()
	var group errgroup.Group
	group.Go(func() error { s.release(ctx); return nil })
	group.Go(func() error { s.tend(ctx); return nil })
	if s.db.shared() {
		group.Go(func() error { return s.liveUntil(ctx, stopped) })
	}
	group.Go(func() error { <-stopped; return nil })
	return group.Wait()
}

// liveUntil lives, also while the last reconciles finish, and departs.
func (s *Store) liveUntil(ctx context.Context, stopped <-chan struct{}) error {
	ctx = context.WithoutCancel(ctx)
	working, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() { <-stopped; cancel() }()
	s.live(working)
	if err := s.depart(ctx); err != nil {
		s.log.Warn().Err(err).Msg("the others are not told that this process ends; they find out")
	}
	return nil
}

// worker is River's way to a reconcile.
type worker struct {
	river.WorkerDefaults[reconcile]
	store     *Store
	reconcile func(context.Context, hotfix.RepositoryID) error
	stopping  <-chan struct{} // closed when Work was told to stop
}

// Work serves what the repository of the job is owed. It returns an error only
// where River has to keep the job; the fate of a failed reconcile is written to
// the table wakes.
func (w *worker) Work(ctx context.Context, job *river.Job[reconcile]) error {
	s, id := w.store, job.Args.Repository
	ctx, cancel := context.WithCancel(trail.With(ctx, trail.Work{Repository: id}))
	defer cancel()
	if !s.enter(id, cancel) {
		return river.JobSnooze(time.Second) // the job was taken for lost, and is not
	}
	defer s.leave(id)
	if err := s.gather(ctx, id); err != nil {
		return err
	}
	owed, ok, err := s.owed(ctx, id)
	if err != nil {
		return err
	}
	if !ok {
		return s.dismiss(ctx, job)
	}
	ctx = trail.With(ctx, trail.Work{Repository: id, Deliveries: owed.guids()})
	err = w.attempt(withTenure(ctx, job.ID), id)
	if ctx.Err() != nil && w.toldToStop() {
		return ctx.Err() // River puts the job back; the wake is still there
	}
	// The outcome is written even when the time limit has passed.
	return s.finish(context.WithoutCancel(ctx), job, owed, err)
}

// attempt is one reconcile; a panic in it is an error.
func (w *worker) attempt(ctx context.Context, id hotfix.RepositoryID) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			w.store.log.Error().Ctx(ctx).Str("panic", fmt.Sprint(cause)).
				Bytes("stack", debug.Stack()).Msg("the reconcile panicked")
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	return w.reconcile(ctx, id)
}

func (w *worker) toldToStop() bool {
	select {
	case <-w.stopping:
		return true
	default:
		return false
	}
}

// enter claims the repository within this process; cancel ends what is done with
// it. River's unique jobs keep reconciles apart already; this holds also when a job
// was wrongly given up.
func (s *Store) enter(id hotfix.RepositoryID, cancel context.CancelFunc) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, running := s.running[id]; running {
		return false
	}
	s.running[id] = cancel
	return true
}

func (s *Store) leave(id hotfix.RepositoryID) {
	s.mu.Lock()
	delete(s.running, id)
	s.mu.Unlock()
	s.change.announce()
}

// gather waits for what comes with a wake. One that has waited in the queue for as long,
// as those of a sweep do, waits no longer.
func (s *Store) gather(ctx context.Context, id hotfix.RepositoryID) error {
	if s.config.Gather <= 0 {
		return nil
	}
	var since int64
	ok, err := found(s.db.QueryRow(ctx, `SELECT since FROM wakes WHERE repository = $1`, id).Scan(&since))
	if err != nil || !ok {
		return err
	}
	waited := max(0, s.config.Now().Sub(time.UnixMilli(since)))
	return pause(ctx, s.config.Gather-waited)
}

// pause waits for d, or until ctx is done.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// owed is what a reconcile that starts now will have served.
type owed struct {
	count      int64
	attempts   int
	at         int64  // now: what comes later is not served
	deliveries string // that asked for it, as they stand in the row
}

// guids are those of the deliveries that asked for it, each once.
func (o owed) guids() []string {
	var guids []string
	for _, guid := range strings.Fields(o.deliveries) {
		if !slices.Contains(guids, guid) {
			guids = append(guids, guid)
		}
	}
	return guids
}

// rest is from where on the row's deliveries are not served yet: they are only ever
// added at the end.
func (o owed) rest() int { return len(o.deliveries) + 1 }

// owed reads it; ok is false when nothing is due.
func (s *Store) owed(ctx context.Context, id hotfix.RepositoryID) (o owed, ok bool, err error) {
	o.at = s.now()
	err = s.db.QueryRow(ctx, `SELECT count, attempts, deliveries FROM wakes WHERE repository = $1 AND not_before <= $2`, id, o.at).
		Scan(&o.count, &o.attempts, &o.deliveries)
	ok, err = found(err)
	return o, ok, err
}

// dismiss completes a job of a repository that was owed nothing when it began. A
// wake that came since found the job and made no other.
func (s *Store) dismiss(ctx context.Context, job *river.Job[reconcile]) error {
	id := job.Args.Repository
	return s.write(ctx, func(tx transaction) error {
		if err := s.lockWake(ctx, tx, id); err != nil {
			return err
		}
		if _, err := complete(ctx, tx, job); err != nil {
			return err
		}
		return s.enqueueIfDue(ctx, tx, id)
	})
}

// finish writes what a reconcile came to and completes its job, in one
// transaction: after it either nothing is owed, or a job or a time is set.
func (s *Store) finish(ctx context.Context, job *river.Job[reconcile], o owed, outcome error) error {
	id := job.Args.Repository
	err := s.write(ctx, func(tx transaction) error {
		if err := s.lockWake(ctx, tx, id); err != nil {
			return err
		}
		ours, err := complete(ctx, tx, job)
		if err != nil {
			return err
		}
		var due *hotfix.Due
		switch {
		case !ours: // whoever took the work over finds out what is still owed
			s.log.Warn().Ctx(ctx).Err(outcome).Msg("the reconcile ended here: another goes on with it")
			return s.enqueueIfDue(ctx, tx, id)
		case outcome == nil:
			return s.settle(ctx, tx, id, o)
		case errors.As(outcome, &due):
			return s.await(ctx, tx, id, o, due.At)
		}
		return s.hold(ctx, tx, id, o, outcome)
	})
	if err != nil {
		s.log.Error().Ctx(ctx).Err(err).Msg("what a reconcile came to could not be written; it is made again")
	}
	return err
}

// complete ends a job. It is not ours any more when it was taken for lost, here or
// by another process.
func complete(ctx context.Context, tx transaction, job *river.Job[reconcile]) (ours bool, err error) {
	err = tx.complete(ctx, job)
	if errors.Is(err, rivertype.ErrNotFound) {
		return false, nil
	}
	return true, err
}

// settle strikes off what was served. A wake that came meanwhile gets a job.
func (s *Store) settle(ctx context.Context, tx transaction, id hotfix.RepositoryID, o owed) error {
	served, err := tx.Exec(ctx, `DELETE FROM wakes WHERE repository = $1 AND count = $2`, id, o.count)
	if err != nil || served == 1 {
		return err
	}
	woken, err := tx.Exec(ctx, `UPDATE wakes SET since = $1, attempts = 0, not_before = 0, later = 0, urgent = 0, problem = '',
			deliveries = substr(deliveries, CAST($2 AS INTEGER))
		WHERE repository = $3`, o.at, o.rest(), id)
	if err != nil || woken == 0 { // none: who took the work over has served it, too
		return err
	}
	return s.enqueue(ctx, tx, id)
}
