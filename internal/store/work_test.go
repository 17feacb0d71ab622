package store

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

type reconciler = func(context.Context, hotfix.RepositoryID) error

// work runs Work until the returned function, or the test, ends.
func work(t *testing.T, s *Store, do reconciler) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Work(ctx, do) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// record is a reconcile that tells what it was called for and returns err.
func record(to chan<- hotfix.RepositoryID, err error) reconciler {
	return func(_ context.Context, id hotfix.RepositoryID) error {
		to <- id
		return err
	}
}

// stepped is a reconcile that tells that it began, with its context, and ends as it is told.
func stepped() (do reconciler, began chan context.Context, goOn chan error) {
	began, goOn = make(chan context.Context), make(chan error)
	return func(ctx context.Context, _ hotfix.RepositoryID) error {
		began <- ctx
		return <-goOn
	}, began, goOn
}

func idle(t *testing.T, s *Store) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ok(t, s.Idle(ctx))
}

func kill(t *testing.T, process *os.Process) {
	t.Helper()
	ok(t, process.Kill())
	_, err := process.Wait()
	ok(t, err)
}

// spoken is a log of which each line is sent on.
type spoken chan string

func (l spoken) Write(line []byte) (int, error) {
	select {
	case l <- string(line):
	default: // nobody waits for it any more
	}
	return len(line), nil
}

// A database that cannot be written when a program begins to work does not end it: the
// work that was left is done when the database is well.
func TestTakeOverAtLast(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		lines, seen := make(spoken, 1), make(chan hotfix.RepositoryID, 1)
		s := open(t, in(Config{Log: zerolog.New(lines)}))
		ok(t, s.Wake(t.Context(), "test", 7))
		execute(t, s, `ALTER TABLE wakes RENAME TO away`)
		work(t, s, record(seen, nil))
		if line := receive(t, lines); !strings.Contains(line, "cannot be taken up yet") {
			t.Errorf("it was said: %s", line)
		}
		execute(t, s, `ALTER TABLE away RENAME TO wakes`)
		if id := receive(t, seen); id != 7 {
			t.Errorf("%d was worked on", id)
		}
		idle(t, s)
	})
}

// Many wakes of few repositories: no two reconciles of one overlap, and each
// wake is followed by a reconcile that begins after it.
func TestNeverTwoOfOneRepository(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{Workers: 8}))
		const repositories, wakers, wakes = 4, 4, 20
		var inside, seen, told [repositories]atomic.Int64
		work(t, s, func(_ context.Context, id hotfix.RepositoryID) error {
			if inside[id-1].Add(1) > 1 {
				t.Errorf("two reconciles of %d at once", id)
			}
			now := told[id-1].Load()
			defer inside[id-1].Add(-1)
			seen[id-1].Store(now)
			return nil
		})
		var group sync.WaitGroup
		for range wakers {
			group.Go(func() {
				for range wakes {
					id := hotfix.RepositoryID(1 + rand.IntN(repositories))
					told[id-1].Add(1)
					if err := s.Wake(t.Context(), "test", id); err != nil {
						t.Error(err)
					}
				}
			})
		}
		group.Wait()
		idle(t, s)
		for i := range repositories {
			if seen[i].Load() != told[i].Load() {
				t.Errorf("repository %d: %d wakes, the last reconcile began after %d", i+1, told[i].Load(), seen[i].Load())
			}
		}
	})
}

func TestWakeDuringReconcileRunsAgain(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		do, began, goOn := stepped()
		work(t, s, do)
		ok(t, s.Wake(t.Context(), "test", 1))
		receive(t, began)
		for range 3 { // three wakes are one more run
			ok(t, s.Wake(t.Context(), "test", 1))
		}
		goOn <- nil
		receive(t, began)
		goOn <- nil
		idle(t, s)
		select {
		case <-began:
			t.Error("a third run")
		default:
		}
	})
}

func TestWakesAreGathered(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		served := make(chan hotfix.RepositoryID, 10)
		for range 5 {
			ok(t, s.Wake(t.Context(), "test", 1))
		}
		work(t, s, record(served, nil))
		idle(t, s)
		if len(served) != 1 {
			t.Errorf("%d reconciles", len(served))
		}
	})
}

// What waited in the queue for long enough is not held back for others once more.
func TestOldWakesAreNotGathered(t *testing.T) {
	var late atomic.Bool
	s := open(t, Config{DataDir: t.TempDir(), Gather: time.Hour, Now: func() time.Time {
		if late.Load() {
			return time.Unix(7200, 0)
		}
		return time.Unix(0, 0)
	}})
	ok(t, s.Wake(t.Context(), "test", 1))
	late.Store(true)
	served := make(chan hotfix.RepositoryID, 1)
	work(t, s, record(served, nil))
	receive(t, served)
}

// A process that is killed in the middle of a reconcile, again and again, leaves
// its work to the next, which takes it up within 2 s. Where several processes may
// work, a lease has to end first: TestKilledProcessIsReplaced.
func TestKilledWorkIsTakenUp(t *testing.T) {
	config := Config{DataDir: t.TempDir()}
	s, err := Open(t.Context(), config)
	ok(t, err)
	ok(t, s.Wake(t.Context(), "test", 7))
	ok(t, s.Close())
	for range 3 {
		process, line := spawn(t, "work", config)
		if line != "running" {
			t.Fatal(line)
		}
		kill(t, process)
	}
	start := time.Now()
	s = open(t, config)
	served := make(chan hotfix.RepositoryID, 1)
	work(t, s, record(served, nil))
	receive(t, served)
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("taken up after %v", took)
	}
	idle(t, s)
}

func TestStopLetsReconcilesFinish(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{Grace: patience}))
		began, goOn := make(chan struct{}), make(chan struct{})
		stop := work(t, s, func(ctx context.Context, _ hotfix.RepositoryID) error {
			close(began)
			<-goOn
			return ctx.Err()
		})
		ok(t, s.Wake(t.Context(), "test", 1))
		receive(t, began)
		stopped := make(chan struct{})
		go func() { stop(); close(stopped) }()
		close(goOn)
		receive(t, stopped)
		left, err := s.due(t.Context(), s.db)
		ok(t, err)
		if len(left) != 0 {
			t.Errorf("still owed: %v", left)
		}
	})
}

func TestStopCancelsAndKeepsWhatIsOwed(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock() // it stands: a back-off would never end
		s := open(t, in(Config{Grace: time.Millisecond, Now: c.Now}))
		began := make(chan struct{}, 1)
		stop := work(t, s, func(ctx context.Context, _ hotfix.RepositoryID) error {
			began <- struct{}{}
			<-ctx.Done()
			return ctx.Err()
		})
		ok(t, s.Wake(t.Context(), "test", 1))
		receive(t, began)
		stop()
		served := make(chan hotfix.RepositoryID, 1)
		work(t, s, record(served, nil)) // the same Store works again
		receive(t, served)
		idle(t, s)
	})
}

func TestIdleEndsWithItsContext(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		ok(t, s.Idle(t.Context())) // nothing is owed
		ok(t, s.Wake(t.Context(), "test", 1))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Idle(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// A job whose outcome could not be written is marked running by nobody.
func TestLostJobIsMended(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		served := make(chan hotfix.RepositoryID, 1)
		work(t, s, record(served, nil))
		idle(t, s)
		ok(t, s.write(t.Context(), func(tx transaction) error {
			if err := s.wake(t.Context(), tx, wake{why: "test", since: s.now()}, 7); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), `UPDATE river_job SET state = 'running', attempt = 1, attempted_at = $1`,
				time.Now().Add(-time.Hour).UTC().Format(time.DateTime))
			return err
		}))
		ok(t, s.mend(t.Context()))
		if id := receive(t, served); id != 7 {
			t.Errorf("repository %d was reconciled", id)
		}
		idle(t, s)
	})
}

// A job that was wrongly taken for lost is made again while it is still run. The
// second one is put off.
func TestNoOverlapWithJobTakenForLost(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		do, began, goOn := stepped()
		work(t, s, do)
		ok(t, s.Wake(t.Context(), "test", 1))
		receive(t, began)
		execute(t, s, `DELETE FROM river_job`)
		err := s.worker.Work(t.Context(), &river.Job[reconcile]{Args: reconcile{Repository: 1}})
		var snooze *rivertype.JobSnoozeError
		if !errors.As(err, &snooze) {
			t.Errorf("the second job came to %v", err)
		}
		goOn <- nil // the first one's outcome does not count: whoever took its job looks again
		receive(t, began)
		goOn <- nil
		idle(t, s)
	})
}

func TestWakeBelongsToItsTransaction(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		never := errors.New("never")
		err := s.write(t.Context(), func(tx transaction) error {
			return errors.Join(s.wake(t.Context(), tx, wake{why: "test", since: s.now()}, 7), never)
		})
		if !errors.Is(err, never) {
			t.Fatal(err)
		}
		var rows int
		ok(t, s.db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM river_job) + (SELECT count(*) FROM wakes)`).Scan(&rows))
		if rows != 0 {
			t.Errorf("%d rows were left by a transaction that failed", rows)
		}
	})
}
