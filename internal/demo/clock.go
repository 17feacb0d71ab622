package demo

import (
	"sync"
	"time"
)

// clock is the time of the story. It stands still while the bot works, so that
// each telling has the same commits, and goes on by itself when the story is
// over.
type clock struct {
	mu      sync.Mutex
	now     time.Time
	started time.Time // of going on by itself; zero before
}

// newClock starts on a Friday afternoon.
func newClock() *clock { return &clock{now: time.Date(2026, 3, 6, 15, 40, 0, 0, time.UTC)} }

// Now is the present of everybody in the story.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.started.IsZero() {
		return c.now
	}
	return c.now.Add(time.Since(c.started))
}

// pass lets time go by.
func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// release lets the clock go on by itself.
func (c *clock) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.started = time.Now()
}
