package e2e_test

import (
	"sync"
	"time"
)

// clock is the time of a story, of its GitHub and of its App. It moves when
// people act, and never by itself.
type clock struct {
	mu     sync.Mutex
	now    time.Time
	halted bool
}

// monday is when every story begins.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// Now is the present.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// tick is the time between two acts of people.
func (c *clock) tick() {
	if !c.halted {
		c.advance(7 * time.Second)
	}
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
