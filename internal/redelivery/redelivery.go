// Package redelivery brings back the webhooks that GitHub could not hand over.
// GitHub never tries again by itself; it lists what it sent for three days, and
// sends once more what it is asked for, under the same GUID.
//
// What must always hold:
//
//   - A delivery that arrived, by whichever sending, is not asked for again.
//   - A delivery is asked for at most as often as Waits has entries, and the asking is
//     written down first: neither a crash nor a receiver that never answers makes it
//     endless.
//   - Button presses come first: all else is found by the sweep too.
//
// The package decides nothing about repositories, keeps nothing in memory, and does
// not receive what it asked for: that comes to the webhook's address like any other.
package redelivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Kept is how long GitHub lists a sending and sends it again: three days (docs,
// "Redelivering webhooks"); an Enterprise Server keeps it for seven.
const Kept = 3 * 24 * time.Hour

const (
	// overlap is how far a look reaches back behind the one before it: a sending is
	// listed when its outcome is known, which on an Enterprise Server takes 30 s.
	overlap = 5 * time.Minute
	// atOnce is how many deliveries one look asks for. GitHub allows 80 such requests
	// a minute.
	atOnce = 60
)

// Waits are the times between one asking and the next. After the last the delivery
// is given up.
var Waits = []time.Duration{2 * time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// GitHub is what is asked of GitHub.
type GitHub interface {
	// Sendings lists the sendings since a time, newest first.
	Sendings(ctx context.Context, since time.Time) ([]hotfix.Sending, error)
	// Redeliver asks for one more sending of the same delivery. One that GitHub does
	// not keep any more is a *hotfix.Gone.
	Redeliver(ctx context.Context, sending int64) error
}

// Ledger is what is written down.
type Ledger interface {
	// SeenUntil is when the last look was made; zero: never.
	SeenUntil(ctx context.Context) (time.Time, error)
	// NoteSendings writes down what a look at a time saw: what was missed, and by GUID
	// what arrived. A missed delivery that is stored, or known to be missed, is not
	// taken for new; what had nothing happen to it since forget is dropped.
	NoteSendings(ctx context.Context, at time.Time, missed []hotfix.Sending, arrived []string, forget time.Time) error
	// Missed lists what may be asked for now: presses first, then by age.
	Missed(ctx context.Context, now time.Time, limit int) ([]hotfix.Missed, error)
	// Ask writes down that a missed delivery is about to be asked for and not to be
	// asked for again before a time; false: somebody else does it.
	Ask(ctx context.Context, m hotfix.Missed, next time.Time) (bool, error)
	// GiveUp forgets one that was asked for often enough. Ok is as with Ask.
	GiveUp(ctx context.Context, m hotfix.Missed) (bool, error)
}

// Look finds what was missed and asks for it.
type Look struct {
	GitHub GitHub
	Ledger Ledger
	Wanted func(event string) bool // the events that are stored when they arrive
	Now    func() time.Time
	Log    zerolog.Logger
}

// Do makes one look and returns how many deliveries were asked for.
func (l Look) Do(ctx context.Context) (asked int, err error) {
	if err := l.observe(ctx); err != nil {
		return 0, err
	}
	missed, err := l.Ledger.Missed(ctx, l.Now(), atOnce)
	if err != nil {
		return 0, fmt.Errorf("list missed deliveries: %w", err)
	}
	for _, m := range missed {
		done, err := l.ask(ctx, m)
		if err != nil {
			return asked, err
		}
		if done {
			asked++
		}
	}
	return asked, nil
}

// observe reads GitHub's list from where the last look ended.
func (l Look) observe(ctx context.Context) error {
	until, err := l.Ledger.SeenUntil(ctx)
	if err != nil {
		return fmt.Errorf("read when deliveries were last looked at: %w", err)
	}
	now := l.Now()
	oldest := now.Add(-Kept)
	since := until.Add(-overlap)
	if since.Before(oldest) {
		since = oldest
	}
	sendings, err := l.GitHub.Sendings(ctx, since)
	if err != nil {
		return err
	}
	missed, arrived := sort(sendings, l.Wanted)
	if err := l.Ledger.NoteSendings(ctx, now, missed, arrived, oldest); err != nil {
		return fmt.Errorf("note missed deliveries: %w", err)
	}
	return nil
}

// sort tells the newest sending of each delivery that was missed from those that
// arrived. The list is newest first.
func sort(sendings []hotfix.Sending, wanted func(event string) bool) (missed []hotfix.Sending, arrived []string) {
	came := map[string]bool{}
	for _, s := range sendings {
		if s.Arrived && !came[s.GUID] {
			came[s.GUID] = true
			arrived = append(arrived, s.GUID)
		}
	}
	for _, s := range sendings {
		if !came[s.GUID] && wanted(s.Event) {
			came[s.GUID] = true // the newest is enough
			missed = append(missed, s)
		}
	}
	return missed, arrived
}

// ask asks GitHub for one delivery. What GitHub will not send does not keep the
// others from being asked for.
func (l Look) ask(ctx context.Context, m hotfix.Missed) (bool, error) {
	log := l.Log.With().Ctx(ctx).Str("delivery", m.GUID).Str("event", m.Event).Str("action", m.Action).Logger()
	if m.Asked >= len(Waits) {
		mine, err := l.Ledger.GiveUp(ctx, m)
		if mine && err == nil {
			log.Warn().Int("times", m.Asked).Msg("a missed delivery never arrived and is not asked for any more")
		}
		return false, err
	}
	mine, err := l.Ledger.Ask(ctx, m, l.Now().Add(Waits[m.Asked]))
	if err != nil || !mine {
		return false, err
	}
	err = l.GitHub.Redeliver(ctx, m.Sending)
	if errors.As(err, new(*hotfix.Refusal)) || errors.As(err, new(*hotfix.Gone)) {
		log.Warn().Err(err).Msg("a missed delivery cannot be had again")
		return false, nil
	}
	if err != nil {
		return false, err
	}
	log.Info().Int("asked", m.Asked+1).Msg("a missed delivery was asked for")
	return true, nil
}
