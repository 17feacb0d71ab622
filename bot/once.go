package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// lookAgain is how long the bot looks for an object that it created, or whose creation
// had an unknown outcome, before it creates it again: GitHub may show it late.
const lookAgain = time.Minute

// onceMarker is the intent to create an object.
func onceMarker(key string) string { return oncePrefix + key }

const oncePrefix = "once/"

// once creates an object that GitHub would create twice if it were asked twice. That it
// is about to be created is stored first, and stays so when it was: who does not see it
// in the lists waits until they show it, or until it is known that they will not.
func (r *run) once(ctx context.Context, key string, create func() error) error {
	marker, now := onceMarker(key), r.now().Truncate(time.Millisecond) // as fine as it is stored
	since, err := r.intend(ctx, marker, now)
	if err != nil {
		return err
	}
	if !since.IsZero() {
		// However long ago that is, this look's lists may be older than a minute after it:
		// the next look forgets it, see forgetMade, and reads them again.
		return &unknownOutcome{until: earlier(since, now).Add(lookAgain)} // the clock of who stored it may be ahead
	}
	if err := create(); err != nil {
		if withoutEffect(err) {
			err = errors.Join(err, r.ledger.Settle(ctx, r.About().ID, marker))
		}
		return err
	}
	return nil
}

// spoken is a comment that the bot wrote, and when.
type spoken struct {
	At      time.Time
	Comment hotfix.Comment
}

// spokenFact is the fact which comment was written under a key.
func spokenFact(key string) string { return "spoken/" + key }

// say writes a comment once. What it says counts from then on, also while the list does
// not show it: it may hold what people were granted.
func (r *run) say(ctx context.Context, key string, number int, body string) (made hotfix.Comment, err error) {
	err = r.once(ctx, key, func() error {
		if made, err = r.Comment(ctx, number, body); err != nil {
			return err
		}
		return r.ledger.Remember(ctx, r.About().ID, spokenFact(key), spoken{At: r.now(), Comment: made})
	})
	return made, err
}

// withSpoken adds the comments that the bot wrote a moment ago and that the list does not
// show yet.
func (r *run) withSpoken(ctx context.Context, comments []hotfix.Comment) ([]hotfix.Comment, error) {
	for _, marker := range slices.Sorted(maps.Keys(r.begun)) {
		key, made := strings.CutPrefix(marker, oncePrefix)
		if !made {
			continue
		}
		var said spoken
		known, err := r.ledger.Recall(ctx, r.About().ID, spokenFact(key), &said)
		if err != nil {
			return nil, err
		}
		listed := slices.ContainsFunc(comments, func(c hotfix.Comment) bool { return c.ID == said.Comment.ID })
		if known && !listed && r.now().Sub(said.At).Abs() < lookAgain {
			comments = append(comments, said.Comment)
		}
	}
	return comments, nil
}

// eventually creates a thing once, now or when it is known not to exist.
func (r *run) eventually(ctx context.Context, key string, create func() error) error {
	err := r.once(ctx, key, create)
	if r.postponed(key, err) {
		return nil
	}
	return err
}

// intend stores an intent, and is since when it was stored before; zero: it was not.
func (r *run) intend(ctx context.Context, marker string, now time.Time) (since time.Time, err error) {
	if since, _, err = r.ledger.Intend(ctx, r.About().ID, marker, now); err != nil {
		err = fmt.Errorf("store intent: %w", err)
	}
	return since, err
}

// forgetMade forgets what was created so long ago that the lists show it. It comes before
// they are read.
func (r *run) forgetMade(ctx context.Context, begun map[string]time.Time) error {
	var shown []string
	for marker, since := range begun {
		if strings.HasPrefix(marker, oncePrefix) && r.now().Sub(since).Abs() >= lookAgain {
			shown = append(shown, marker)
			delete(begun, marker)
		}
	}
	return r.ledger.Settle(ctx, r.About().ID, shown...)
}

// unknownOutcome says that a thing may exist already although it is not seen.
type unknownOutcome struct{ until time.Time }

// Error says until when it is looked for.
func (u *unknownOutcome) Error() string {
	return "it may exist already; looked for until " + u.until.UTC().Format(time.RFC3339)
}

// postponed notes an action whose outcome is not known yet: everything else goes
// on, and the reconcile is asked for again when it can be known.
func (r *run) postponed(key string, err error) bool {
	var unknown *unknownOutcome
	if !errors.As(err, &unknown) {
		return false
	}
	r.snap.Postponed[key] = true
	if r.again.IsZero() || unknown.until.Before(r.again) {
		r.again = unknown.until
	}
	return true
}

// withoutEffect reports whether an error says for certain that nothing was created.
func withoutEffect(err error) bool {
	var later *hotfix.Later
	return isRefusal(err) || isGone(err) || isGoneRepository(err) || errors.As(err, &later)
}
