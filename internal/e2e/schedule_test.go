package e2e_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
)

// scheduleSteps is how often in one schedule people act and the bot comes to rest.
const scheduleSteps = 8

// TestSchedules plays random schedules: people act, also while the bot works; webhooks
// get lost, doubled, reordered, late. What must always hold is checked whenever the
// bot is at rest. HOTFIXBOT_SCHEDULES=n plays n of them, HOTFIXBOT_SCHEDULE=seed one.
func TestSchedules(t *testing.T) {
	if watched {
		t.Skip("played without the race detector")
	}
	first, n := pickSeed(t)*1000, 1
	if text := os.Getenv("HOTFIXBOT_SCHEDULE"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatalf("HOTFIXBOT_SCHEDULE is %q: it must be a number", text)
		}
		first, n = seed, 1
	} else if wanted, err := strconv.Atoi(os.Getenv("HOTFIXBOT_SCHEDULES")); err == nil {
		n = wanted
	}
	var played, acts, failed, next atomic.Int64
	t.Run("lanes", func(t *testing.T) {
		for lane := range min(n, 4) {
			t.Run(strconv.Itoa(lane), func(t *testing.T) {
				t.Parallel()
				for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
					seed := first + uint64(i)
					did, err := playSchedule(t, seed)
					played.Add(1)
					acts.Add(int64(did))
					if err != nil {
						failed.Add(1)
						t.Errorf("%v\n\nagain, alone: HOTFIXBOT_SCHEDULE=%d go test ./internal/e2e -run '^TestSchedules$' -v", err, seed)
					}
				}
			})
		}
	})
	fmt.Printf("schedules: %d played from seed %d, %d acts of people, %d broke what must hold\n", played.Load(), first, acts.Load(), failed.Load())
}

// playSchedule plays one schedule, and gives how many acts of people GitHub took.
func playSchedule(t *testing.T, seed uint64) (acts int, err error) {
	t.Helper()
	h := newTheatre(t, shopWithBugs())
	l, err := h.plantLife(t.Context())
	if err != nil {
		return 0, err
	}
	s := &schedule{life: l, random: rand.New(rand.NewPCG(seed, 1)), witness: newWitness()}
	if err := l.begin(t.Context(), scene{}); err != nil {
		return 0, err
	}
	err = s.play(t.Context())
	if err != nil {
		err = fmt.Errorf("%w\n\nwhat happened:\n%s\n\nthe App's log:\n%s", err, s.story(), l.log.tail(15))
	}
	if testing.Verbose() && os.Getenv("HOTFIXBOT_SCHEDULE") != "" {
		t.Logf("what happened:\n%s", s.story())
	}
	return s.done, errors.Join(err, l.end())
}

// shopWithBugs is the shop with as many bugs as a schedule may fix: each a file of its
// own, so that what an environment contains can be seen in it.
func shopWithBugs() *story {
	s := &story{name: "schedule", file: "schedule", files: map[string]string{}, leaves: map[way]bool{}}
	for k := 1; k <= scheduleSteps; k++ {
		s.files["main/"+bugFile(k)] = fmt.Sprintf("about bug %d\nstate: broken\nend\n", k)
	}
	return s
}

func bugFile(k int) string { return fmt.Sprintf("bugs/%d.txt", k) }
