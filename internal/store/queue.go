package store

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	// limit ends a reconcile that hangs. River rescues only jobs that are older than
	// this and an hour, so it never starts a second one beside the first.
	limit      = 30 * time.Minute
	fetchPause = 10 * time.Millisecond
	// keepJobs is how long finished jobs stay, for who looks into the queue.
	keepJobs = time.Hour
)

// reconcile is the job: one repository is owed a reconcile.
type reconcile struct {
	Repository hotfix.RepositoryID `json:"repository"`
}

// Kind names the job in River's table.
func (reconcile) Kind() string { return "reconcile" }

// InsertOpts makes the job unique by repository. River asks for these four
// states at least; "running" is why a job that ends looks whether it was woken
// again, and "retryable" is left out so that a job that River itself puts back
// holds no wake up.
func (reconcile) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{
		ByArgs: true,
		ByState: []rivertype.JobState{
			rivertype.JobStateAvailable, rivertype.JobStatePending,
			rivertype.JobStateRunning, rivertype.JobStateScheduled,
		},
	}}
}

// queue is River's client, whatever the engine.
type queue interface {
	Start(ctx context.Context) error
	Stopped() <-chan struct{}
	JobList(ctx context.Context, params *river.JobListParams) (*river.JobListResult, error)
}

func newQueue(s *Store) (queue, *worker, error) {
	w := &worker{store: s}
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, w); err != nil {
		return nil, nil, err
	}
	client, err := s.db.connect(&river.Config{
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: s.config.Workers}},
		Workers: workers,
		Logger:  slog.New(zerolog.NewSlogHandler(s.log.Level(max(zerolog.WarnLevel, s.log.GetLevel())))),
		// River's notifications would be polled for as well on SQLite, with a query
		// every 50 ms and a row for each job.
		PollOnly:                    true,
		FetchPollInterval:           s.config.Poll,
		FetchCooldown:               fetchPause,
		JobTimeout:                  limit,
		SoftStopTimeout:             s.config.Grace,
		CompletedJobRetentionPeriod: keepJobs,
	})
	return client, w, err
}

// enqueue makes sure that a job for the repository waits, or runs and will look.
func (s *Store) enqueue(ctx context.Context, tx transaction, id hotfix.RepositoryID) error {
	if err := tx.insert(ctx, reconcile{Repository: id}); err != nil {
		return fmt.Errorf("queue repository %d: %w", id, err)
	}
	return nil
}

// takeOver makes the queue agree with what is owed, before work starts: nobody
// runs, so a job that is marked running was left so by a process that died, and
// the leader is dead too.
func (s *Store) takeOver(ctx context.Context) error {
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

// mend does the same for a job that was lost while this process lives: its
// outcome could not be written. It is marked running, and nobody runs it.
func (s *Store) mend(ctx context.Context) error {
	marked, err := s.queue.JobList(ctx, river.NewJobListParams().States(rivertype.JobStateRunning).First(1000))
	if err != nil {
		return err
	}
	return s.write(ctx, func(tx transaction) error {
		for _, job := range marked.Jobs {
			if !s.lost(job) {
				continue
			}
			if _, err := tx.Exec(ctx, `DELETE FROM river_job WHERE id = $1 AND state = 'running'`, job.ID); err != nil {
				return err
			}
		}
		return s.enqueueDue(ctx, tx)
	})
}

func (s *Store) enqueueDue(ctx context.Context, tx transaction) error {
	due, err := s.due(ctx, tx)
	if err != nil {
		return err
	}
	for _, id := range due {
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
