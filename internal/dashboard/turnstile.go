package dashboard

import (
	"sync"
	"time"
)

// mostSignIns is how many sign-ins a minute GitHub is asked about, of everybody together:
// whoever knows the way through the page could otherwise make it ask without end.
const mostSignIns = 60

// turnstile lets so many pass a minute.
type turnstile struct {
	mu     sync.Mutex
	minute time.Time
	passed int
}

// pass counts one who wants to pass, and tells whether there is room.
func (t *turnstile) pass(now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(t.minute) {
		t.minute, t.passed = minute, 0
	}
	t.passed++
	return t.passed <= mostSignIns
}
