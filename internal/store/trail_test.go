package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/trail"
)

// A reconcile knows the deliveries that it serves: those since the last one began, also
// when that failed, and not those that come while it runs.
func TestAReconcileKnowsItsDeliveries(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		served, goOn := make(chan trail.Work), make(chan error)
		accept := func(guids ...string) {
			t.Helper()
			for _, guid := range guids {
				_, err := s.Accept(t.Context(), delivery(guid), 7)
				ok(t, err)
			}
		}
		serves := func(want ...string) {
			t.Helper()
			if got := receive(t, served); got.Repository != 7 || !slices.Equal(got.Deliveries, want) {
				t.Errorf("served %+v, want %q", got, want)
			}
		}
		accept("one", "two", "one")
		work(t, s, func(ctx context.Context, _ hotfix.RepositoryID) error {
			served <- trail.Of(ctx)
			return <-goOn
		})
		serves("one", "two")
		accept("three")
		goOn <- nil
		serves("three")
		goOn <- errors.New("no luck")
		idle(t, s)
		accept("four")
		serves("three", "four")
		accept("five")
		goOn <- &hotfix.Due{At: s.config.Now().Add(time.Hour)}
		serves("five")
		goOn <- nil
		idle(t, s)
		ok(t, s.WakeAgain(t.Context(), "one", 7))
		serves("one")
		goOn <- nil
		idle(t, s)
	})
}

// However many deliveries come, the lines of the log stay short.
func TestNotAllDeliveriesAreNamed(t *testing.T) {
	s := open(t, Config{DataDir: t.TempDir()})
	for i := range 100 {
		_, err := s.Accept(t.Context(), delivery(fmt.Sprintf("%036d", i)), 7)
		ok(t, err)
	}
	served := make(chan trail.Work, 1)
	work(t, s, func(ctx context.Context, _ hotfix.RepositoryID) error {
		served <- trail.Of(ctx)
		return nil
	})
	if named := len(receive(t, served).Deliveries); named < 30 || named > 35 {
		t.Errorf("%d are named", named)
	}
}
