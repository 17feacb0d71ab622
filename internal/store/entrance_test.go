package store

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// press is a writer whose first turn lasts until it is let go.
type press struct {
	began, letGo chan struct{}
	once         sync.Once
	mu           sync.Mutex
	turns        [][]string
}

func newPress() *press { return &press{began: make(chan struct{}), letGo: make(chan struct{})} }

var errUnwritable = errors.New("it cannot be written")

func (p *press) write(ctx context.Context, all []*accepting) error {
	p.once.Do(func() { close(p.began); <-p.letGo })
	var guids []string
	for _, a := range all {
		guids = append(guids, a.GUID)
	}
	slices.Sort(guids)
	p.mu.Lock()
	p.turns = append(p.turns, guids)
	p.mu.Unlock()
	if slices.Contains(guids, "bad") {
		return errUnwritable
	}
	return ctx.Err()
}

func arriving(guid string) *accepting {
	return &accepting{Delivery: hotfix.Delivery{GUID: guid}, done: make(chan struct{})}
}

// What comes while another is written goes in together. What cannot be written keeps
// nothing else out, nor does a client that went away while it wrote for others.
func TestDeliveriesGoInTogether(t *testing.T) {
	e, p := newEntrance(), newPress()
	var all sync.WaitGroup
	errs := map[string]error{}
	var mu sync.Mutex
	come := func(ctx context.Context, guid string) {
		all.Go(func() {
			_, err := e.join(ctx, arriving(guid), p.write)
			mu.Lock()
			defer mu.Unlock()
			errs[guid] = err
		})
	}
	gone, goAway := context.WithCancel(t.Context())
	come(gone, "first")
	<-p.began
	for _, guid := range []string{"one", "bad", "two"} {
		come(t.Context(), guid)
	}
	waiting := func() int { e.mu.Lock(); defer e.mu.Unlock(); return len(e.waiting) }
	for waiting() < 3 {
		runtime.Gosched() // they are on their way
	}
	goAway()
	close(p.letGo)
	all.Wait()
	delete(errs, "first") // whose client does not hear it
	for guid, err := range errs {
		if want := guid == "bad"; errors.Is(err, errUnwritable) != want || !want && err != nil {
			t.Errorf("%s: %v", guid, err)
		}
	}
	want := [][]string{{"first"}, {"bad", "one", "two"}, {"one"}, {"bad"}, {"two"}}
	same := func(a, b []string) bool { return slices.Equal(a, b) }
	if len(p.turns) != len(want) || !slices.EqualFunc(p.turns[:2], want[:2], same) {
		t.Errorf("written in turns %q, want the like of %q", p.turns, want)
	}
}

// The App was installed for a whole organisation.
func TestADeliveryOfManyRepositoriesWakesAll(t *testing.T) {
	onEngines(t, func(t *testing.T, in spot) {
		s := open(t, in(Config{}))
		var all []hotfix.RepositoryID
		for i := range 2*atOnce + 5 {
			all = append(all, hotfix.RepositoryID(1000-i))
		}
		fresh, err := s.Accept(t.Context(), delivery("installation"), all...)
		ok(t, err)
		var woken, heard int
		ok(t, s.db.QueryRow(t.Context(), `SELECT COUNT(*) FROM wakes`).Scan(&woken))
		ok(t, s.db.QueryRow(t.Context(), `SELECT COUNT(*) FROM facts WHERE fact = $1`, hotfix.HeardFact).Scan(&heard))
		if !fresh || woken != len(all) || heard != len(all) {
			t.Errorf("fresh %t; %d of %d are woken, %d heard", fresh, woken, len(all), heard)
		}
	})
}
