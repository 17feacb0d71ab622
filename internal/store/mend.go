package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/trail"
)

// takeOverAtLast takes over, again and again where that fails, as in all else a database
// that does not take anything now may do so later. It is false when ctx was done before.
func (s *Store) takeOverAtLast(ctx context.Context) bool {
	for ctx.Err() == nil {
		err := s.takeOver(ctx)
		if err == nil {
			return true
		}
		if ctx.Err() == nil {
			s.log.Error().Err(err).Msg("the work that was left cannot be taken up yet")
			_ = pause(ctx, longestNap)
		}
	}
	return false
}

// takeOver makes the queue agree with what is owed, before work starts.
func (s *Store) takeOver(ctx context.Context) error {
	if s.db.shared() {
		if err := s.join(ctx); err != nil {
			return err
		}
		return s.mendAll(ctx)
	}
	// Nobody else runs: a job that is marked running was left so by a process that
	// died, and the leader is dead too.
	return s.write(ctx, func(tx transaction) error {
		for _, statement := range []string{
			`DELETE FROM river_job WHERE state = 'running'`,
			`DELETE FROM river_leader`,
		} {
			if _, err := tx.Exec(ctx, statement); err != nil {
				return err
			}
		}
		return s.enqueueDue(ctx, tx)
	})
}

// mend makes the jobs again that are marked running and that nobody runs: those of
// processes that died, and those of this one whose outcome could not be written.
func (s *Store) mend(ctx context.Context) error {
	var living map[string]bool
	if s.db.shared() {
		var err error
		if living, err = s.bury(ctx); err != nil {
			return err
		}
	}
	marked, err := s.queue.JobList(ctx, river.NewJobListParams().States(rivertype.JobStateRunning).First(1000))
	if err != nil {
		return err
	}
	for _, job := range marked.Jobs {
		runner := s.runner(job)
		if runner == s.name && !s.lost(job) || living[runner] && runner != s.name {
			continue
		}
		if err := s.retake(ctx, job, runner); err != nil {
			return err
		}
	}
	return nil
}

// runner is the process that is marked as running a job. A database that is not
// shared knows only one.
func (s *Store) runner(job *rivertype.JobRow) string {
	if n := len(job.AttemptedBy); n > 0 && s.db.shared() {
		return job.AttemptedBy[n-1]
	}
	return s.name
}

// lost reports whether a job that is marked as run by this process is not. A minute
// is left for River to write an outcome.
func (s *Store) lost(job *rivertype.JobRow) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, running := s.running[repositoryOf(job)]
	return !running && job.AttemptedAt != nil && time.Since(*job.AttemptedAt) > time.Minute
}

func repositoryOf(job *rivertype.JobRow) hotfix.RepositoryID {
	var args reconcile
	_ = json.Unmarshal(job.EncodedArgs, &args) // it was written by this package; 0 is no repository
	return args.Repository
}

// retake replaces a job that its runner left, unless that turns out to live.
func (s *Store) retake(ctx context.Context, job *rivertype.JobRow, runner string) error {
	id := repositoryOf(job)
	ctx = trail.With(ctx, trail.Work{Repository: id})
	if runner == s.name {
		runner = "" // it lives, and does not run the job
	}
	var left int64
	err := s.write(ctx, func(tx transaction) (err error) {
		if err := s.lockWake(ctx, tx, id); err != nil {
			return err
		}
		left, err = tx.Exec(ctx, `DELETE FROM river_job WHERE id = $1 AND state = 'running'
			AND NOT EXISTS (SELECT 1 FROM processes WHERE name = $2)`, job.ID, runner)
		if err != nil || left == 0 {
			return err
		}
		return s.enqueueIfDue(ctx, tx, id)
	})
	if err == nil && left > 0 {
		s.log.Warn().Ctx(ctx).Str("left_by", runner).Msg("a reconcile that nobody runs any more is made again")
	}
	return err
}

// lockWake keeps others from waking a repository, and from ending its reconcile,
// until the transaction ends. Whoever changes a repository's job locks this first,
// so that nobody waits for each other.
func (s *Store) lockWake(ctx context.Context, tx transaction, id hotfix.RepositoryID) error {
	_, err := tx.Exec(ctx, `UPDATE wakes SET count = count WHERE repository = $1`, id)
	return err
}

// enqueueIfDue makes a job for a repository that is owed a reconcile now.
func (s *Store) enqueueIfDue(ctx context.Context, tx transaction, id hotfix.RepositoryID) error {
	var one int
	err := tx.QueryRow(ctx, `SELECT 1 FROM wakes WHERE repository = $1 AND not_before <= $2`, id, s.now()).Scan(&one)
	if ok, err := found(err); !ok {
		return err
	}
	return s.enqueue(ctx, tx, id)
}

func (s *Store) enqueueDue(ctx context.Context, tx transaction) error {
	due, err := s.due(ctx, tx)
	if err != nil {
		return err
	}
	return s.enqueueAll(ctx, tx, due)
}

func (s *Store) enqueueAll(ctx context.Context, tx transaction, ids []hotfix.RepositoryID) error {
	for _, id := range ids {
		if err := s.enqueue(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

// due lists the repositories that are owed a reconcile now.
func (s *Store) due(ctx context.Context, from querier) ([]hotfix.RepositoryID, error) {
	rows, err := from.Query(ctx, `SELECT repository FROM wakes WHERE not_before <= $1 ORDER BY since, repository`, s.now())
	return scanIDs(rows, err)
}
