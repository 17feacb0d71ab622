package store

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func TestMissedDeliveries(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		if until, err := s.SeenUntil(t.Context()); !until.IsZero() || err != nil {
			t.Errorf("looked before the first look: %s, %v", until, err)
		}
		_, err := s.Accept(t.Context(), delivery("stored"), 7)
		ok(t, err)
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		sent := func(id int64, guid, event, action string) hotfix.Sending {
			return hotfix.Sending{ID: id, GUID: guid, Event: event, Action: action, At: at.Add(time.Duration(id) * time.Second)}
		}
		note := func(at time.Time, missed []hotfix.Sending, arrived ...string) {
			t.Helper()
			ok(t, s.NoteSendings(t.Context(), at, missed, arrived, at.Add(-72*time.Hour)))
		}
		list := func(now time.Time, limit int) string {
			t.Helper()
			missed, err := s.Missed(t.Context(), now, limit)
			ok(t, err)
			text := ""
			for _, m := range missed {
				text += fmt.Sprintf("%s:%d:%d ", m.GUID, m.Sending, m.Asked)
			}
			return text
		}
		want := func(got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		note(at, []hotfix.Sending{sent(1, "a", "push", ""), sent(2, "stored", "push", ""), sent(3, "press", "check_run", "requested_action"), sent(4, "b", "push", "")})
		want(list(at, 9), "press:3:0 a:1:0 b:4:0 ")
		want(list(at, 1), "press:3:0 ")
		a := hotfix.Missed{GUID: "a", Sending: 1}
		for i, first := range []bool{true, false} { // two processes ask at once
			if mine, err := s.Ask(t.Context(), a, at.Add(time.Minute)); mine != first || err != nil {
				t.Errorf("time %d: %v, %v", i, mine, err)
			}
		}
		want(list(at, 9), "press:3:0 b:4:0 ")
		note(at, []hotfix.Sending{sent(5, "a", "push", "")}, "press") // a was sent again in vain
		want(list(at.Add(time.Minute), 9), "a:5:1 b:4:0 ")
		_, err = s.Accept(t.Context(), delivery("b"), 7)
		ok(t, err)
		later := at.Add(72*time.Hour + 30*time.Second)
		note(later, nil)
		want(list(later, 9), "a:5:1 ") // asked for since
		note(later.Add(time.Hour), nil)
		want(list(later.Add(time.Hour), 9), "")
		if until, err := s.SeenUntil(t.Context()); !until.Equal(later.Add(time.Hour)) || err != nil {
			t.Errorf("looked until %s, %v", until, err)
		}
	})
}

// Beside a running process something can be woken, and is worked on there.
func TestBeside(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(t.Context(), Config{DataDir: dir, Beside: true}); !errors.Is(err, ErrNone) {
		t.Errorf("beside nothing: %v", err)
	}
	s := open(t, Config{DataDir: dir})
	served := make(chan hotfix.RepositoryID, 1)
	work(t, s, record(served, nil))
	beside, err := Open(t.Context(), Config{DataDir: dir, Beside: true})
	ok(t, err)
	ok(t, beside.Wake(t.Context(), "test", 7))
	ok(t, beside.Close())
	if id := receive(t, served); id != 7 {
		t.Errorf("repository %d was reconciled", id)
	}
}

// For reading alone nothing is locked, made or written.
func TestReadOnly(t *testing.T) {
	dir := t.TempDir()
	if _, err := Open(t.Context(), Config{DataDir: dir, ReadOnly: true}); !errors.Is(err, ErrNone) {
		t.Errorf("nothing to read: %v", err)
	}
	s := open(t, Config{DataDir: dir})
	ok(t, s.Save(t.Context(), hotfix.Board{Repository: 7, Name: "acme/shop"}))
	reading, err := Open(t.Context(), Config{DataDir: dir, ReadOnly: true})
	ok(t, err)
	boards, err := reading.Boards(t.Context())
	ok(t, err)
	if len(boards) != 1 || boards[0].Name != "acme/shop" {
		t.Errorf("read %+v", boards)
	}
	if err := reading.Wake(t.Context(), "test", 7); err == nil {
		t.Error("it was written to")
	}
	ok(t, reading.Close())
}

// After days of outage there are thousands: more than one transaction may take.
func TestManyMissedDeliveries(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
		var missed []hotfix.Sending
		var arrived []string
		for i := range 3*atOnce + 1 {
			missed = append(missed, hotfix.Sending{ID: int64(i + 1), GUID: fmt.Sprint("guid-", i), Event: "push", At: at})
			if i > 0 {
				arrived = append(arrived, fmt.Sprint("guid-", i))
			}
		}
		ok(t, s.NoteSendings(t.Context(), at, missed, nil, at.Add(-time.Hour)))
		list, err := s.Missed(t.Context(), at, 1000)
		ok(t, err)
		if len(list) != len(missed) {
			t.Errorf("%d of %d are noted", len(list), len(missed))
		}
		ok(t, s.NoteSendings(t.Context(), at, nil, arrived, at.Add(-time.Hour)))
		list, err = s.Missed(t.Context(), at, 1000)
		ok(t, err)
		if len(list) != 1 || list[0].GUID != "guid-0" {
			t.Fatalf("%d are left", len(list))
		}
		for i, first := range []bool{true, false} {
			if mine, err := s.GiveUp(t.Context(), list[0]); mine != first || err != nil {
				t.Errorf("given up, time %d: %v, %v", i, mine, err)
			}
		}
		list, err = s.Missed(t.Context(), at, 1000)
		ok(t, err)
		if len(list) != 0 {
			t.Errorf("%d are left", len(list))
		}
	})
}
