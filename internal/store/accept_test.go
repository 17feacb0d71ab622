package store

import (
	"reflect"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestAcceptStoresOnceAndWakesAgain(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		for i, want := range []bool{true, false} {
			fresh, err := s.Accept(t.Context(), delivery("a"), 7, 8)
			ok(t, err)
			if fresh != want {
				t.Errorf("time %d: fresh is %v", i, fresh)
			}
		}
		var count int
		ok(t, s.db.QueryRow(t.Context(), `SELECT sum(count) FROM wakes`).Scan(&count))
		if count != 4 {
			t.Errorf("%d wakes", count)
		}
		d, known, err := s.Delivery(t.Context(), "a")
		ok(t, err)
		if !known || !reflect.DeepEqual(d, delivery("a")) {
			t.Errorf("read back %+v", d)
		}
		if _, known, err := s.Delivery(t.Context(), "b"); known || err != nil {
			t.Errorf("an unknown delivery: %v, %v", known, err)
		}
	})
}

// What was accepted is there although the process was killed right after.
func TestAcceptOutlivesKill(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		process, line := spawn(t, "accept", in(Config{}))
		if line != "done" {
			t.Fatal(line)
		}
		kill(t, process)
		s := open(t, in(Config{}))
		if _, known, err := s.Delivery(t.Context(), "child"); !known || err != nil {
			t.Errorf("the delivery is lost: %v", err)
		}
		served := make(chan hotfix.RepositoryID, 1)
		work(t, s, record(served, nil))
		if id := receive(t, served); id != 7 {
			t.Errorf("repository %d was reconciled", id)
		}
	})
}

func TestAcceptFailsWhole(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		execute(t, s, `DROP TABLE wakes`)
		if _, err := s.Accept(t.Context(), delivery("a"), 7); err == nil {
			t.Fatal("accepted although the wake could not be stored")
		}
		if _, known, err := s.Delivery(t.Context(), "a"); known || err != nil {
			t.Errorf("the delivery was stored without its wake: %v, %v", known, err)
		}
	})
}

func TestReadyWrites(t *testing.T) {
	s := open(t, Config{})
	ok(t, s.Ready(t.Context()))
	execute(t, s, `PRAGMA query_only = 1`)
	if s.Ready(t.Context()) == nil {
		t.Error("ready although nothing can be written")
	}
}

// receive takes the next value, or ends the test.
func receive[T any](t *testing.T, from <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-from:
	case <-time.After(patience):
		t.Fatal("nothing came")
	}
	return v
}

// More than fit into one transaction are woken, once each.
func TestManyAreWoken(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		var ids []hotfix.RepositoryID
		for i := range 2*atOnce + 1 {
			ids = append(ids, hotfix.RepositoryID(1+i))
		}
		ok(t, s.Wake(t.Context(), "test", ids...))
		ok(t, s.mendAll(t.Context()))
		due, err := s.due(t.Context(), s.db)
		ok(t, err)
		var jobs int
		ok(t, s.db.QueryRow(t.Context(), `SELECT count(*) FROM river_job`).Scan(&jobs))
		if len(due) != len(ids) || jobs != len(ids) {
			t.Errorf("%d are due, with %d jobs, of %d", len(due), jobs, len(ids))
		}
	})
}
