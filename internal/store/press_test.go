package store

import (
	"reflect"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// pressed is a delivery that is a button press, some minutes after the others.
func pressed(guid string, minutes int) hotfix.Delivery {
	d := delivery(guid)
	d.Repository = 7
	d.Intent = &hotfix.Intent{
		ID: guid, Person: "alice", Command: "retry", Object: "34/qa", CheckRun: 9,
		Commit: "0123456789012345678901234567890123456789", At: d.ReceivedAt.Add(time.Duration(minutes) * time.Minute),
	}
	return d
}

func TestPressesAreKeptOnceOldestFirst(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		later, first := pressed("a", 1), pressed("b", 0)
		for _, d := range []hotfix.Delivery{later, first, later} {
			_, err := s.Accept(t.Context(), d, 7)
			ok(t, err)
		}
		presses, err := s.Presses(t.Context(), 7)
		ok(t, err)
		if want := []hotfix.Intent{*first.Intent, *later.Intent}; !reflect.DeepEqual(presses, want) {
			t.Errorf("got %+v", presses)
		}
	})
}

// An answered press does not come back, not even with its delivery.
func TestAnsweredPressesStayAnswered(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		for i, guid := range []string{"a", "b"} {
			_, err := s.Accept(t.Context(), pressed(guid, i), 7)
			ok(t, err)
		}
		ok(t, s.AnswerPress(t.Context(), 8, "b", hotfix.Response{Done: true})) // another repository's
		for range 2 {
			ok(t, s.AnswerPress(t.Context(), 7, "a", hotfix.Response{Done: true}))
			_, err := s.Accept(t.Context(), pressed("a", 0), 7)
			ok(t, err)
		}
		ok(t, s.AnswerPress(t.Context(), 7, "unknown", hotfix.Response{Done: true}))
		presses, err := s.Presses(t.Context(), 7)
		ok(t, err)
		if want := []hotfix.Intent{*pressed("b", 1).Intent}; !reflect.DeepEqual(presses, want) {
			t.Errorf("got %+v", presses)
		}
	})
}
