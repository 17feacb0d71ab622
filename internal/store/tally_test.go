package store

import (
	"context"
	"maps"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Each wake is counted once by what became of it, and none of a transaction that failed.
func TestWakesAreCounted(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock()
		s := open(t, in(Config{Now: c.Now}))
		ok(t, s.Wake(t.Context(), "test", 7, 8))
		ok(t, s.Wake(t.Context(), "test", 7))
		_, err := s.Accept(t.Context(), delivery("one"), 7)
		ok(t, err)
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.Wake(gone, "test", 9); err == nil {
			t.Error("it woke")
		}
		work(t, s, func(context.Context, hotfix.RepositoryID) error { return &hotfix.Later{At: c.Now().Add(time.Hour)} })
		idle(t, s)
		ok(t, s.Wake(t.Context(), "test", 8))
		if got, want := s.Wakes(), map[string]int64{"begun": 2, "joined": 2, "held": 1}; !maps.Equal(got, want) {
			t.Errorf("counted %v, want %v", got, want)
		}
	})
}
