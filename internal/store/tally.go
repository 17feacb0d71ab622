package store

import "maps"

// What becomes of a wake.
const (
	wakeBegun  = "begun"  // a look was made due by it
	wakeJoined = "joined" // a look is due or running already; one more is made where that is too late
	wakeHeld   = "held"   // the repository waits until a time
)

// tally counts wakes by what became of them, in one transaction. nil counts nothing.
type tally map[string]int64

func (t tally) note(fate string) {
	if t != nil {
		t[fate]++
	}
}

// counted adds what a transaction that was committed has counted.
func (s *Store) counted(t tally) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for fate, n := range t {
		s.wakes[fate] += n
	}
}

// Wakes are how many wakes there were since the start, by what became of them: "begun",
// "joined", "held".
func (s *Store) Wakes() map[string]int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.wakes)
}
