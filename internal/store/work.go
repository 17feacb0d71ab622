package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"golang.org/x/sync/errgroup"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
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
	if err := s.takeOver(ctx); err != nil {
		return fmt.Errorf("take up the work that was left: %w", err)
	}
	s.worker.reconcile, s.worker.stopping = reconcile, ctx.Done()
	if err := s.queue.Start(ctx); err != nil {
		return fmt.Errorf("start the queue: %w", err)
	}
	stopped := s.queue.Stopped()
	var group errgroup.Group
	group.Go(func() error { s.release(ctx); return nil })
	group.Go(func() error { s.tend(ctx); return nil })
	group.Go(func() error { <-stopped; return nil })
	return group.Wait()
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
	if !s.enter(id) {
		return river.JobSnooze(time.Second) // the job was taken for lost, and is not
	}
	defer s.leave(id)
	if err := pause(ctx, s.config.Gather); err != nil {
		return err
	}
	owed, ok, err := s.owed(ctx, id)
	if err != nil || !ok {
		return err
	}
	err = w.attempt(ctx, id)
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
			w.store.log.Error().Int64("repository", int64(id)).Str("panic", fmt.Sprint(cause)).
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

// enter claims the repository within this process. River's unique jobs keep
// reconciles apart already; this holds also when a job was wrongly given up.
func (s *Store) enter(id hotfix.RepositoryID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[id] {
		return false
	}
	s.running[id] = true
	return true
}

func (s *Store) leave(id hotfix.RepositoryID) {
	s.mu.Lock()
	delete(s.running, id)
	s.mu.Unlock()
	s.change.announce()
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
	count    int64
	attempts int
	at       int64 // now: what comes later is not served
}

// owed reads it; ok is false when nothing is due.
func (s *Store) owed(ctx context.Context, id hotfix.RepositoryID) (o owed, ok bool, err error) {
	o.at = s.now()
	err = s.db.QueryRow(ctx, `SELECT count, attempts FROM wakes WHERE repository = $1 AND not_before <= $2`, id, o.at).
		Scan(&o.count, &o.attempts)
	ok, err = found(err)
	return o, ok, err
}

// finish writes what a reconcile came to and completes its job, in one
// transaction: after it either nothing is owed, or a job or a time is set.
func (s *Store) finish(ctx context.Context, job *river.Job[reconcile], o owed, outcome error) error {
	id := job.Args.Repository
	return s.write(ctx, func(tx transaction) error {
		err := tx.complete(ctx, job)
		if err != nil && !errors.Is(err, rivertype.ErrNotFound) { // not found: taken for lost; what is owed is still so
			return err
		}
		var due *hotfix.Due
		switch {
		case outcome == nil:
			return s.settle(ctx, tx, id, o)
		case errors.As(outcome, &due):
			return s.await(ctx, tx, id, o, due.At)
		}
		return s.hold(ctx, tx, id, o, outcome)
	})
}

// settle strikes off what was served. A wake that came meanwhile gets a job.
func (s *Store) settle(ctx context.Context, tx transaction, id hotfix.RepositoryID, o owed) error {
	served, err := tx.Exec(ctx, `DELETE FROM wakes WHERE repository = $1 AND count = $2`, id, o.count)
	if err != nil || served == 1 {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE wakes SET since = $1, attempts = 0, not_before = 0, later = 0, problem = ''
		WHERE repository = $2`, o.at, id); err != nil {
		return err
	}
	return s.enqueue(ctx, tx, id)
}

// lost reports whether a job that is marked running is not run by this process.
// A minute is left for River to write an outcome.
func (s *Store) lost(job *rivertype.JobRow) bool {
	var args reconcile
	if json.Unmarshal(job.EncodedArgs, &args) != nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.running[args.Repository] && job.AttemptedAt != nil && time.Since(*job.AttemptedAt) > time.Minute
}
