package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// states are the states of what was received, by GUID.
func states(t *testing.T, s *Store) map[string]hotfix.ReceiptState {
	t.Helper()
	list, err := s.Receipts(t.Context(), 10)
	ok(t, err)
	found := map[string]hotfix.ReceiptState{}
	for _, r := range list {
		found[r.GUID] = r.State
	}
	return found
}

// expectState waits until a delivery is in that state.
func expectState(t *testing.T, s *Store, guid string, want hotfix.ReceiptState) {
	t.Helper()
	late := time.After(patience)
	for {
		changed := s.change.wait()
		if states(t, s)[guid] == want {
			return
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("%s is not %s: %v", guid, want, states(t, s))
		}
	}
}

// expectOwed waits until the one repository that is owed a look is owed it for a reason.
func expectOwed(t *testing.T, s *Store, problem string) {
	t.Helper()
	late := time.After(patience)
	for {
		changed := s.change.wait()
		debts, err := s.Debts(t.Context())
		ok(t, err)
		if len(debts) == 1 && debts[0].Problem == problem && debts[0].NotBefore.After(s.config.Now()) {
			return
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("owed is %+v, not %s", debts, problem)
		}
	}
}

func TestWhatBecameOfDeliveries(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		now := newClock()
		s := open(t, in(Config{Now: now.Now}))
		accept := func(guid string, repositories ...hotfix.RepositoryID) {
			d := delivery(guid)
			d.ReceivedAt = now.Now()
			if len(repositories) == 0 {
				d.Repository = 0
			}
			_, err := s.Accept(t.Context(), d, repositories...)
			ok(t, err)
		}
		accept("ping")
		accept("first", 7)
		expectState(t, s, "ping", hotfix.ReceiptServed)
		expectState(t, s, "first", hotfix.ReceiptWaiting)

		outcome := make(chan error, 1)
		work(t, s, func(context.Context, hotfix.RepositoryID) error { return <-outcome })
		outcome <- errors.New("GitHub is away")
		expectState(t, s, "first", hotfix.ReceiptFailed)
		debts, err := s.Debts(t.Context())
		ok(t, err)
		if len(debts) != 1 || debts[0].Problem != "GitHub is away" || debts[0].Attempts != 1 || debts[0].Why != "delivery first" ||
			!debts[0].Since.Equal(now.Now()) || !debts[0].NotBefore.After(now.Now()) {
			t.Errorf("owed is %+v", debts)
		}

		now.advance(time.Minute)
		s.change.announce()
		outcome <- &hotfix.Later{At: now.Now().Add(time.Minute), Why: "the budget is used up"}
		expectState(t, s, "first", hotfix.ReceiptWaiting)
		if debts, err := s.Debts(t.Context()); err != nil || len(debts) != 1 || debts[0].Attempts != 0 {
			t.Errorf("a budget that is used up: %+v, %v", debts, err)
		}
		now.advance(time.Minute)
		s.change.announce()
		own := &hotfix.Later{At: now.Now().Add(time.Minute), Own: true, Why: "the installation's budget is used up for now"}
		outcome <- own
		expectOwed(t, s, own.Error())
		now.advance(time.Minute)
		s.change.announce()
		outcome <- &hotfix.Due{At: now.Now().Add(time.Hour)}
		expectState(t, s, "first", hotfix.ReceiptServed)
		now.advance(time.Minute)
		accept("second", 7)
		expectState(t, s, "second", hotfix.ReceiptWaiting)
		expectState(t, s, "first", hotfix.ReceiptServed)
		outcome <- nil
		expectState(t, s, "second", hotfix.ReceiptServed)
		if debts, err := s.Debts(t.Context()); err != nil || len(debts) != 0 {
			t.Errorf("still owed: %+v, %v", debts, err)
		}
	})
}

func TestMarkChangesWithWhatIsShown(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{Now: newClock().Now}))
		mark := func() hotfix.Mark {
			m, err := s.Mark(t.Context())
			ok(t, err)
			return m
		}
		first := mark()
		if first != mark() {
			t.Error("it changes by itself")
		}
		_, err := s.Accept(t.Context(), delivery("first"), 7)
		ok(t, err)
		second := mark()
		if second.Deliveries == first.Deliveries || second.Boards != first.Boards {
			t.Errorf("a delivery: %v, then %v", first, second)
		}
		for range 2 { // the second time nothing is different
			ok(t, s.Save(t.Context(), hotfix.Board{Repository: 7, Name: "acme/shop"}))
		}
		third := mark()
		if third.Boards == second.Boards || third.Deliveries != second.Deliveries {
			t.Errorf("a board: %v, then %v", second, third)
		}
	})
}
