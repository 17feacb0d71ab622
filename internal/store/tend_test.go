package store

import (
	"fmt"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestPrune(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock()
		s := open(t, in(Config{Now: c.Now}))
		accept := func(guid string) {
			d := delivery(guid)
			d.ReceivedAt = c.Now()
			d.Intent = &hotfix.Intent{Person: "alice", At: c.Now()}
			_, err := s.Accept(t.Context(), d)
			ok(t, err)
		}
		accept("old")
		ok(t, s.Remember(t.Context(), 7, "unused", 1))
		ok(t, s.Remember(t.Context(), 7, "used", 1))
		intend := func(marker string) time.Time {
			since, _, err := s.Intend(t.Context(), 7, marker, c.Now())
			ok(t, err)
			return since
		}
		intend("left")
		intend("renewed")
		c.advance(60 * 24 * time.Hour)
		accept("new")
		known, err := s.Recall(t.Context(), 7, "used", new(int))
		ok(t, err)
		if !known {
			t.Fatal("the fact is gone early")
		}
		if intend("renewed").IsZero() {
			t.Fatal("the intent is gone early")
		}
		c.advance(30 * 24 * time.Hour)
		ok(t, s.prune(t.Context())) // "new" is 30 days old to the millisecond: kept
		c.advance(time.Hour)
		ok(t, s.prune(t.Context()))

		for fact, want := range map[string]bool{"unused": false, "used": true} {
			if known, err := s.Recall(t.Context(), 7, fact, new(int)); known != want || err != nil {
				t.Errorf("fact %s: %v, %v", fact, known, err)
			}
		}
		begun, err := s.Begun(t.Context(), 7)
		ok(t, err)
		if begun["renewed"].IsZero() || len(begun) != 1 {
			t.Errorf("begun: %v", begun)
		}
		accept("newest")
		presses, err := s.Presses(t.Context(), 7)
		ok(t, err)
		if len(presses) != 1 {
			t.Errorf("%d presses", len(presses))
		}
		for guid, want := range map[string]bool{"old": false, "new": false, "newest": true} {
			if _, known, err := s.Delivery(t.Context(), guid); known != want || err != nil {
				t.Errorf("delivery %s: %v, %v", guid, known, err)
			}
		}
	})
}

// A deployment that stood still for a while has more to delete than one transaction may.
func TestPruneManyRows(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock()
		s := open(t, in(Config{Now: c.Now}))
		for i := range 2*atOnce + 3 {
			ok(t, s.Remember(t.Context(), 7, fmt.Sprint("old ", i), 1))
		}
		c.advance(keepFacts + time.Hour)
		ok(t, s.Remember(t.Context(), 7, "new", 1))
		ok(t, s.prune(t.Context()))
		var left int
		ok(t, s.db.QueryRow(t.Context(), `SELECT COUNT(*) FROM facts`).Scan(&left))
		if left != 1 {
			t.Errorf("%d facts are left", left)
		}
	})
}
