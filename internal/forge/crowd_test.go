package forge

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// crowd is many repositories of one installation that have hotfixes to carry, on a
// clock that moves from one look at a repository to the next.
type crowd struct {
	t    *testing.T
	now  time.Time
	pace *pace
	late func() time.Duration // how much later than it was told a repository comes
	jobs []*crowdJob

	reads, broken int
	begun, made   []time.Time // looks, writes
}

// crowdJob is one repository's: its hotfixes one after the other.
type crowdJob struct {
	name    string
	left    int // hotfixes
	step    int // writes of the one that is made
	at      time.Time
	arrived []time.Time // the hotfixes
}

// oneHotfix are the writes of one, as a look makes them: an issue, labels, a tag, a
// comment, two backports with theirs.
var oneHotfix = []rank{
	rankRest, rankRest, rankRest, rankRest, rankRest, rankPulls, rankRest, rankRest,
	rankPulls, rankRest, rankRest, rankRest, rankRest, rankRest, rankRest,
}

func newCrowd(t *testing.T, repositories, hotfixes int) *crowd {
	t.Helper()
	c := &crowd{t: t, now: noon, late: func() time.Duration { return 0 }}
	c.pace = newPace(7, &memory{}, func() time.Time { return c.now })
	for i := range repositories {
		c.jobs = append(c.jobs, &crowdJob{name: fmt.Sprintf("acme/shop-%d", i), left: hotfixes, at: noon})
	}
	return c
}

// play lets all arrive.
func (c *crowd) play() {
	c.t.Helper()
	c.playUntil(noon.AddDate(1, 0, 0))
	for _, j := range c.jobs {
		if j.left > 0 {
			c.t.Fatalf("%s never arrived", j.name)
		}
	}
}

func (c *crowd) playUntil(end time.Time) {
	c.t.Helper()
	for range 10_000 {
		waits := slices.DeleteFunc(slices.Clone(c.jobs), func(j *crowdJob) bool { return j.left == 0 })
		if len(waits) == 0 {
			return
		}
		next := slices.MinFunc(waits, func(a, b *crowdJob) int { return a.at.Compare(b.at) })
		if next.at.After(end) {
			return
		}
		if next.at.After(c.now) {
			c.now = next.at
		}
		err := c.look(next)
		later := (*hotfix.Later)(nil)
		switch {
		case errors.As(err, &later):
			next.at = later.At.Add(c.late())
		case err != nil:
			c.t.Fatal(err)
		}
		if err := c.pace.rest(c.t.Context(), next.name, err); err != nil {
			c.t.Fatal(err)
		}
	}
	c.t.Fatal("there is no end")
}

// look is one reconcile.
func (c *crowd) look(j *crowdJob) error {
	ctx := c.t.Context()
	if err := c.pace.begin(ctx, j.name); err != nil {
		return err
	}
	c.begun = append(c.begun, c.now)
	for range 10 + 3*j.left {
		if err := c.pace.pay(ctx, cost{points: 1}, j.name); err != nil {
			c.broken++
			return err
		}
		c.reads++
	}
	for j.left > 0 {
		if err := c.pace.pay(ctx, cost{points: 5, write: true, rank: oneHotfix[j.step]}, j.name); err != nil {
			return err
		}
		c.made = append(c.made, c.now)
		if j.step++; j.step == len(oneHotfix) {
			j.step, j.left, j.arrived = 0, j.left-1, append(j.arrived, c.now)
		}
	}
	return nil
}

// ahead is how many hotfixes of one repository arrived before the first, second, …
// of another, at most: of those that the other had to carry, too.
func (c *crowd) ahead() int {
	most := 0
	for _, slow := range c.jobs {
		for i, at := range slow.arrived {
			for _, fast := range c.jobs {
				n := 0
				for _, other := range fast.arrived {
					if other.Before(at) {
						n++
					}
				}
				most = max(most, n-i)
			}
		}
	}
	return most
}

// TestCrowdIsServedFairly has many repositories want to write at once, those that come
// when they were told to and those that come later: none gets ahead of another by more
// than the hotfix that it is at, or, where they come late, the next.
func TestCrowdIsServedFairly(t *testing.T) {
	for _, size := range []struct {
		repositories, hotfixes int
		late                   time.Duration
		ahead                  int
		within                 time.Duration
	}{
		{3, 2, 0, 1, 90 * time.Second},
		{8, 5, 0, 1, 65 * time.Minute},
		{8, 5, 90 * time.Second, 2, 70 * time.Minute},
		{20, 4, 0, 1, 2*time.Hour + 10*time.Minute}, // 1,200 writes, 500 an hour
		{40, 2, 90 * time.Second, 2, 2*time.Hour + 40*time.Minute},
	} {
		t.Run(fmt.Sprintf("%dx%d late %s", size.repositories, size.hotfixes, size.late), func(t *testing.T) {
			c := newCrowd(t, size.repositories, size.hotfixes)
			random := rand.New(rand.NewPCG(1, 2))
			c.late = func() time.Duration { return time.Duration(random.Int64N(int64(size.late) + 1)) }
			c.play()
			t.Logf("%d looks, %d reads, %d writes in %s", len(c.begun), c.reads, len(c.made), c.now.Sub(noon))
			if ahead := c.ahead(); ahead > size.ahead {
				t.Errorf("one repository was %d hotfixes ahead of another", ahead)
			}
			if took := c.now.Sub(noon); took > size.within {
				t.Errorf("it took %s", took)
			}
			if c.broken > 0 || len(c.begun) > 3*len(c.made)/turnWrites+2*size.repositories {
				t.Errorf("%d looks were broken off, of %d", c.broken, len(c.begun))
			}
			holds(t, c.made, time.Minute, writesPerMinute)
			holds(t, c.made, time.Hour, writesPerHour)
		})
	}
}

// GitHub refuses in the midst of it, without naming a time: all wait, longer each time,
// and come back one after the other, with no burst.
func TestCrowdComesBackOneAfterTheOther(t *testing.T) {
	c := newCrowd(t, 20, 3)
	c.playUntil(noon.Add(2 * time.Minute))
	was := c.now
	for n, wait := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute} {
		until, err := c.pace.hold(t.Context(), c.now.Add(backOff), false)
		if err != nil || until.Sub(c.now) != wait {
			t.Fatalf("refusal %d: until %s, at %s, %v", n+1, until, c.now, err)
		}
		if again, _ := c.pace.hold(t.Context(), c.now.Add(backOff), false); !again.Equal(until) { // a request that was under way
			t.Fatalf("refusal %d of the same moment: until %s", n+1, again)
		}
		c.now = until
	}
	back := c.now
	c.now = was
	writes := len(c.made)
	c.play()
	for _, at := range c.made[writes:] {
		if at.Before(back) {
			t.Fatalf("a write at %s, held until %s", at, back)
		}
	}
	if burst := slices.IndexFunc(c.made[writes:], func(at time.Time) bool { return at.After(back.Add(10 * time.Second)) }); burst > 10 {
		t.Errorf("%d writes within ten seconds", burst)
	}
	began := slices.DeleteFunc(c.begun, func(at time.Time) bool { return at.Before(back) })
	holds(t, began, 5*time.Second, 8)
}

// memory is Purses of one process, of one installation.
type memory struct {
	mu   sync.Mutex
	kept []byte
}

// Purse implements Purses.
func (m *memory) Purse(_ context.Context, _ int64, change func(kept []byte) ([]byte, error)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept, err := change(m.kept)
	if err == nil {
		m.kept = kept
	}
	return err
}

// Spent implements Purses.
func (m *memory) Spent(context.Context, int64) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.kept, nil
}
