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
		ID:      s.name,
		Queues:  map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: s.config.Workers}},
		Workers: workers,
		Logger:  slog.New(newQuiet(zerolog.NewSlogHandler(s.log.Level(max(zerolog.WarnLevel, s.log.GetLevel()))))),
		// River's notifications would be polled for as well on SQLite, with a query
		// every 50 ms and a row for each job. On PostgreSQL they take a connection that
		// no pooler may share, and are lost with it.
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
	_, err := s.enqueueOnce(ctx, tx, id)
	return err
}

// enqueueOnce tells also whether there was none.
func (s *Store) enqueueOnce(ctx context.Context, tx transaction, id hotfix.RepositoryID) (made bool, err error) {
	job, made, err := tx.insert(ctx, reconcile{Repository: id})
	if err != nil {
		return false, fmt.Errorf("queue repository %d: %w", id, err)
	}
	_, err = tx.Exec(ctx, `UPDATE wakes SET job = $1 WHERE repository = $2`, job, id)
	return made, err
}

// waits reports whether a job still does what enqueue is for. To insert it again would
// find that out, too, and is by far the dearest part of a wake. SQLite gives the id of a
// job that was deleted to another one, so the repository is asked for.
func waits(ctx context.Context, tx transaction, job int64, id hotfix.RepositoryID) (bool, error) {
	if job == 0 {
		return false, nil
	}
	var one int
	return found(tx.QueryRow(ctx, `SELECT 1 FROM river_job WHERE id = $1 AND state IN ('available', 'pending', 'running', 'scheduled')
		AND CAST(args ->> 'repository' AS BIGINT) = $2`, job, id).Scan(&one))
}
