package e2e_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// schedule is one random playing.
type schedule struct {
	*life
	random  *rand.Rand
	witness *witness
	done    int // acts of people that GitHub took
	told    []string
	late    []*githubsim.Delivery // webhooks that come at a later step
	bugs    int                   // how many were worked on
}

// story is what happened, for people.
func (s *schedule) story() string { return strings.Join(s.told, "\n") }

func (s *schedule) tell(format string, args ...any) {
	s.told = append(s.told, s.clock.Now().Format("15:04:05 ")+fmt.Sprintf(format, args...))
}

// play goes through all steps. After the last one everything is delivered.
func (s *schedule) play(ctx context.Context) error {
	if err := s.rest(ctx); err != nil {
		return err
	}
	for step := range scheduleSteps {
		for range 1 + s.random.IntN(3) {
			s.act(ctx)
		}
		if err := s.work(ctx, step == scheduleSteps-1); err != nil {
			return fmt.Errorf("step %d: %w", step, err)
		}
		if err := s.witness.check(ctx, s); err != nil {
			return fmt.Errorf("step %d: %w", step, err)
		}
	}
	return nil
}

// work delivers what waits, in some order, and lets the bot come to rest; somebody may
// act in between. In the end the sweep finds what no webhook told.
func (s *schedule) work(ctx context.Context, last bool) error {
	if s.random.IntN(2) == 0 {
		at := 1 + s.random.IntN(60)
		s.trip.intrudeAt(at, func() {
			s.tell("while the bot works (request %d):", at)
			s.act(ctx)
		})
	}
	for range maxRounds {
		list := s.shuffled(s.github.Take(), last)
		_ = s.github.Deliver(ctx, list...)
		if err := s.settle(ctx); err != nil {
			return err
		}
		if len(list) == 0 {
			break
		}
	}
	s.trip.intrudeAt(0, nil)
	s.clock.advance(sweepInterval)
	if err := s.app.Sweep(ctx); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	return s.deliverRest(ctx)
}

// deliverRest ends the step: what the bot's own acts cause, until nothing more comes.
func (s *schedule) deliverRest(ctx context.Context) error {
	for range maxRounds {
		list := s.github.Take()
		if len(list) == 0 {
			return nil
		}
		_ = s.github.Deliver(ctx, list[len(list)-1])
		s.github.Miss(list[:len(list)-1]...)
		if err := s.settle(ctx); err != nil {
			return err
		}
	}
	return fmt.Errorf("the bot's own acts still wake it after %d rounds", maxRounds)
}

// settle lets the bot work off what it knows of; the clock moves on to when it tries
// again what it put off.
func (s *schedule) settle(ctx context.Context) error {
	for range maxRounds {
		if err := s.idle(ctx); err != nil {
			return err
		}
		at, held, err := heldUntil(ctx, s.data)
		if err != nil || !held {
			return err
		}
		s.clock.advance(max(at.Sub(s.clock.Now()), 0))
	}
	return fmt.Errorf("the bot still puts something off after %d times", maxRounds)
}

// shuffled decides what becomes of webhooks: most are delivered in order, some are
// lost, doubled, late or in another order.
func (s *schedule) shuffled(list []*githubsim.Delivery, last bool) []*githubsim.Delivery {
	var now, later []*githubsim.Delivery
	for _, d := range append(s.late, list...) {
		switch s.random.IntN(10) {
		case 0:
			s.github.Miss(d)
		case 1:
			later = append(later, d)
		case 2:
			now = append(now, d, d)
		default:
			now = append(now, d)
		}
	}
	if s.random.IntN(3) == 0 {
		s.random.Shuffle(len(now), func(a, b int) { now[a], now[b] = now[b], now[a] })
	}
	if s.late = later; last {
		now, s.late = slices.Concat(now, later), nil
	}
	return now
}

// act lets somebody do something. What GitHub refuses did not happen.
func (s *schedule) act(ctx context.Context) {
	s.clock.advance(time.Duration(1+s.random.IntN(20)) * time.Second)
	choice := s.random.IntN(totalWeight)
	for _, a := range deeds {
		if choice -= a.weight; choice < 0 {
			said, err := a.do(s, ctx)
			if err != nil {
				s.tell("(could not) %s: %v", said, err)
				return
			}
			if said != "" {
				s.done++
				s.tell("%s", said)
			}
			return
		}
	}
}
