package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/pgtest"
)

// lease is that of the tests: long enough for a process that gets no processor for a
// while.
const lease = 3 * time.Second

// A process that is killed in the middle of a reconcile leaves it to the others.
func TestKilledProcessIsReplaced(t *testing.T) {
	onPostgres(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{Lease: lease}))
		ok(t, s.Wake(t.Context(), "test", 7))
		process, line := spawn(t, "work", in(Config{Lease: lease}))
		if line != "running" {
			t.Fatal(line)
		}
		served := make(chan hotfix.RepositoryID, 2)
		work(t, s, record(served, nil))
		ok(t, s.Wake(t.Context(), "test", 8))
		if id := receive(t, served); id != 8 {
			t.Fatalf("repository %d is reconciled by two", id)
		}
		kill(t, process)
		killed := time.Now()
		receive(t, served)
		if took := time.Since(killed); took > 2*lease {
			t.Errorf("taken over after %v", took)
		}
		idle(t, s)
	})
}

// A process that stops in order leaves nothing to wait for.
func TestStoppedProcessIsReplacedAtOnce(t *testing.T) {
	onPostgres(t, func(t *testing.T, in spot) {
		one, other := open(t, in(Config{Lease: time.Hour, Grace: time.Millisecond})), open(t, in(Config{Lease: time.Hour}))
		began := make(chan struct{})
		stop := work(t, one, func(ctx context.Context, _ hotfix.RepositoryID) error {
			close(began)
			<-ctx.Done()
			return ctx.Err()
		})
		ok(t, one.Wake(t.Context(), "test", 7))
		receive(t, began)
		stop()
		served := make(chan hotfix.RepositoryID, 1)
		work(t, other, record(served, nil))
		receive(t, served)
		idle(t, other)
	})
}

// Who cannot reach the database stops before others take over, and works again when
// it is back.
func TestProcessWithoutDatabaseGivesUp(t *testing.T) {
	wire := pgtest.NewWire(t, pgtest.Database(t))
	s := open(t, Config{DatabaseURL: wire.URL(), Lease: lease})
	began := make(chan context.Context, 2)
	var again atomic.Bool
	work(t, s, func(ctx context.Context, _ hotfix.RepositoryID) error {
		began <- ctx
		if again.CompareAndSwap(false, true) {
			<-ctx.Done()
		}
		return ctx.Err()
	})
	ok(t, s.Wake(t.Context(), "test", 7))
	reconcile := receive(t, began)
	wire.Cut()
	cut := time.Now()
	if s.Ready(t.Context()) == nil {
		t.Error("ready without a database")
	}
	if _, err := s.Accept(t.Context(), delivery("a"), 7); err == nil {
		t.Error("accepted without a database")
	}
	receive(t, reconcile.Done())
	if took := time.Since(cut); took > lease {
		t.Errorf("given up after %v", took)
	}
	wire.Mend(t)
	ok(t, s.Wake(t.Context(), "test", 7))
	receive(t, began)
	ok(t, s.Ready(t.Context()))
	idle(t, s)
}

// Who was taken for dead, and is not, stops what it does and goes on with new work.
func TestProcessTakenForDead(t *testing.T) {
	onPostgres(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{Lease: lease}))
		began := make(chan context.Context, 2)
		work(t, s, func(ctx context.Context, id hotfix.RepositoryID) error {
			began <- ctx
			if id == 7 {
				<-ctx.Done()
			}
			return ctx.Err()
		})
		ok(t, s.Wake(t.Context(), "test", 7))
		reconcile := receive(t, began)
		execute(t, s, `DELETE FROM processes`)
		receive(t, reconcile.Done())
		ok(t, s.Wake(t.Context(), "test", 8))
		receive(t, began)
	})
}

// replicas is how many repositories the processes of TestRollingRestart work on.
const replicas = 5

// Processes come and go, in order and killed, while deliveries arrive: of each
// repository the last reconcile has seen all that arrived, and no two overlapped.
func TestRollingRestart(t *testing.T) {
	onPostgres(t, func(t *testing.T, in spot) {
		s, dir := open(t, in(Config{Lease: lease})), t.TempDir()
		config := in(Config{DataDir: dir, Lease: lease})
		var running []*os.Process
		start := func() {
			process, line := spawn(t, "replica", config)
			if line != "working" {
				t.Fatal(line)
			}
			running = append(running, process)
		}
		start()
		start()
		sent := 0
		for round := range 6 {
			for range 20 {
				sent++
				d := delivery(strconv.Itoa(sent))
				d.Repository = hotfix.RepositoryID(1 + sent%replicas)
				_, err := s.Accept(t.Context(), d, d.Repository)
				ok(t, err)
			}
			start()
			ok(t, running[0].Signal([]os.Signal{syscall.SIGTERM, syscall.SIGKILL}[round%2]))
			running = running[1:]
		}
		idle(t, s)
		for id := range replicas {
			seen, err := os.ReadFile(filepath.Join(dir, strconv.Itoa(id+1)))
			ok(t, err)
			if want := strconv.Itoa(sent / replicas); string(seen) != want {
				t.Errorf("repository %d: the last reconcile saw %q of %s deliveries", id+1, seen, want)
			}
		}
		if overlaps, _ := filepath.Glob(filepath.Join(dir, "overlap*")); len(overlaps) > 0 {
			t.Errorf("two reconciles at once: %q", overlaps)
		}
	})
}

// replicate works until it is told to stop. Each reconcile holds its repository's
// file, and writes there how many deliveries it saw.
func replicate(config Config) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	s, err := Open(ctx, config)
	if err != nil {
		return err
	}
	fmt.Println("working")
	return errors.Join(s.Work(ctx, func(ctx context.Context, id hotfix.RepositoryID) error {
		return count(ctx, s, filepath.Join(config.DataDir, strconv.FormatInt(int64(id), 10)), id)
	}), s.Close())
}

// count writes how many deliveries of a repository there are.
func count(ctx context.Context, s *Store, path string, id hotfix.RepositoryID) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer file.Close() // and with it the lock
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return os.WriteFile(filepath.Join(filepath.Dir(path), "overlap-"+filepath.Base(path)), nil, 0o600)
	}
	var seen int
	if err := s.db.QueryRow(ctx, `SELECT count(*) FROM deliveries WHERE repository = $1`, id).Scan(&seen); err != nil {
		return err
	}
	return errors.Join(file.Truncate(0), os.WriteFile(path, []byte(strconv.Itoa(seen)), 0o600))
}

// Who was taken for dead writes nothing any more, not even before it has noticed.
func TestTakenOverWorkWritesNothing(t *testing.T) {
	onPostgres(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{Lease: time.Hour})) // it notices nothing
		do, began, goOn := stepped()
		work(t, s, do)
		ok(t, s.Wake(t.Context(), "test", 7))
		reconcile := receive(t, began)
		ok(t, s.Holds(reconcile))
		ok(t, s.Save(reconcile, hotfix.Board{Repository: 7, Name: "mine"}))
		execute(t, s, `DELETE FROM river_job`) // as another process does that takes over
		if err := s.Holds(reconcile); !errors.Is(err, errTakenOver) {
			t.Errorf("it may change GitHub: %v", err)
		}
		if err := s.Save(reconcile, hotfix.Board{Repository: 7, Name: "late"}); !errors.Is(err, errTakenOver) {
			t.Errorf("it may write: %v", err)
		}
		goOn <- errTakenOver
		board, _, err := s.Board(t.Context(), 7)
		ok(t, err)
		if board.Name != "mine" {
			t.Errorf("the board is %q", board.Name)
		}
	})
}

// Whoever took the work over has counted the wakes anew: who ends too late strikes off
// none, or one that came since would be lost.
func TestTakenOverWorkStrikesNothingOff(t *testing.T) {
	onPostgres(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{Lease: time.Hour}))
		do, began, goOn := stepped()
		work(t, s, do)
		ok(t, s.Wake(t.Context(), "test", 7))
		receive(t, began)
		execute(t, s, `DELETE FROM river_job`)
		goOn <- nil
		receive(t, began) // the wake was still there
		goOn <- nil
		idle(t, s)
	})
}
