package store

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/trail"
)

func TestBackOff(t *testing.T) {
	for attempts, want := range map[int]time.Duration{
		1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second, 9: 256 * time.Second,
		10: 5 * time.Minute, 11: 5 * time.Minute, 10000: 5 * time.Minute,
	} {
		if got := backOff(attempts); got != want {
			t.Errorf("after %d failures: %v, want %v", attempts, got, want)
		}
	}
}

// pass moves the clock, and lets the store notice.
func pass(s *Store, c *clock, d time.Duration) {
	c.advance(d)
	s.change.announce()
}

// runs counts reconciles, the first few of which fail.
func runs(count *atomic.Int64, fail func(n int64) error) reconciler {
	return func(context.Context, hotfix.RepositoryID) error { return fail(count.Add(1)) }
}

func expect(t *testing.T, s *Store, count *atomic.Int64, want int64) {
	t.Helper()
	idle(t, s)
	if got := count.Load(); got != want {
		t.Fatalf("%d reconciles, want %d", got, want)
	}
}

func TestFailureIsRetriedWithBackOff(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock()
		s := open(t, in(Config{Now: c.Now}))
		var count atomic.Int64
		work(t, s, runs(&count, func(n int64) error {
			if n <= 3 {
				return errors.New("no luck")
			}
			return nil
		}))
		ok(t, s.Wake(t.Context(), "test", 1))
		expect(t, s, &count, 1)
		for i, wait := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
			pass(s, c, wait-time.Millisecond)
			expect(t, s, &count, int64(i+1))
			pass(s, c, time.Millisecond)
			expect(t, s, &count, int64(i+2))
		}
		pass(s, c, time.Hour)
		expect(t, s, &count, 4) // it succeeded: nothing is owed
		ok(t, s.Wake(t.Context(), "test", 1))
		expect(t, s, &count, 5)
	})
}

func TestNewWakeLiftsBackOff(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock()
		s := open(t, in(Config{Now: c.Now}))
		var count atomic.Int64
		work(t, s, runs(&count, func(int64) error { return errors.New("no luck") }))
		for want := range int64(12) { // never given up
			ok(t, s.Wake(t.Context(), "test", 1))
			expect(t, s, &count, want+1)
		}
	})
}

func TestWakeDuringFailureShortensBackOff(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock()
		s := open(t, in(Config{Now: c.Now}))
		var count atomic.Int64
		work(t, s, runs(&count, func(n int64) error {
			if n == 4 {
				return errors.Join(errors.New("no luck"), s.Wake(t.Context(), "test", 1))
			}
			return errors.New("no luck")
		}))
		for want := range int64(4) {
			ok(t, s.Wake(t.Context(), "test", 1))
			expect(t, s, &count, want+1)
		}
		pass(s, c, time.Second) // else it were 8 s
		expect(t, s, &count, 5)
	})
}

func TestLaterStandsAgainstWakes(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock()
		s := open(t, in(Config{Now: c.Now}))
		var count atomic.Int64
		work(t, s, runs(&count, func(n int64) error {
			if n == 1 {
				return &hotfix.Later{At: c.Now().Add(time.Minute), Why: "the budget is used up"}
			}
			return nil
		}))
		ok(t, s.Wake(t.Context(), "test", 1))
		expect(t, s, &count, 1)
		ok(t, s.Wake(t.Context(), "test", 1, 2))
		expect(t, s, &count, 2) // repository 2 only
		pass(s, c, time.Minute)
		expect(t, s, &count, 3)
		ok(t, s.Wake(t.Context(), "test", 1)) // afterwards a wake is a wake
		expect(t, s, &count, 4)
	})
}

func TestDueLetsWakesThrough(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock()
		var text bytes.Buffer
		s := open(t, in(Config{Now: c.Now, Log: zerolog.New(zerolog.SyncWriter(&text)).Level(zerolog.WarnLevel)}))
		var count atomic.Int64
		due := c.Now().Add(time.Hour)
		work(t, s, runs(&count, func(n int64) error {
			if n == 2 { // a wake that comes meanwhile is served at once
				ok(t, s.Wake(t.Context(), "test", 1))
			}
			if n <= 3 {
				return &hotfix.Due{At: due}
			}
			return nil
		}))
		ok(t, s.Wake(t.Context(), "test", 1))
		expect(t, s, &count, 1)
		ok(t, s.Wake(t.Context(), "test", 1))
		expect(t, s, &count, 3)
		pass(s, c, time.Hour)
		expect(t, s, &count, 4)
		pass(s, c, time.Hour)
		expect(t, s, &count, 4)
		if text.Len() > 0 {
			t.Errorf("what is due is no failure, yet it was logged:\n%s", text.String())
		}
	})
}

func TestHoldOutlivesRestart(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock()
		s, err := Open(t.Context(), in(Config{Now: c.Now}))
		ok(t, err)
		var count atomic.Int64
		do := runs(&count, func(n int64) error {
			if n == 1 {
				return &hotfix.Later{At: c.Now().Add(time.Minute), Why: "the budget is used up"}
			}
			return nil
		})
		stop := work(t, s, do)
		ok(t, s.Wake(t.Context(), "test", 1))
		expect(t, s, &count, 1)
		stop()
		ok(t, s.Close())
		s = open(t, in(Config{Now: c.Now}))
		work(t, s, do)
		expect(t, s, &count, 1)
		pass(s, c, time.Minute)
		expect(t, s, &count, 2)
	})
}

func TestPanicIsLoggedAndRetried(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock()
		var text bytes.Buffer
		s := open(t, in(Config{Now: c.Now, Log: zerolog.New(zerolog.SyncWriter(&text)).Hook(trail.Stamp{})}))
		var count atomic.Int64
		stop := work(t, s, runs(&count, func(n int64) error {
			if n == 1 {
				panic("a bug")
			}
			return nil
		}))
		ok(t, s.Wake(t.Context(), "test", 1))
		expect(t, s, &count, 1)
		pass(s, c, time.Second)
		expect(t, s, &count, 2)
		stop()
		for _, want := range []string{`"panic":"a bug"`, "hold_test.go", `"repository":1`} {
			if !strings.Contains(text.String(), want) {
				t.Errorf("the log lacks %s:\n%s", want, text.String())
			}
		}
	})
}

// The clock was a day ahead for a moment, in which GitHub's limit was reached: what was
// put off by it comes when the clock is right again.
func TestAWaitOfAWrongClockIsNotKept(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		c := newClock()
		s := open(t, in(Config{Now: c.Now}))
		do, began, goOn := stepped()
		work(t, s, do)
		c.advance(24 * time.Hour)
		ok(t, s.Wake(t.Context(), "test", 1))
		receive(t, began)
		goOn <- &hotfix.Later{At: c.Now().Add(time.Minute), Why: "GitHub's rate limit is used up"}
		idle(t, s)
		pass(s, c, -24*time.Hour)
		receive(t, began)
		goOn <- nil
		idle(t, s)
	})
}
