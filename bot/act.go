package bot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// act does one action and folds what came of it into the snapshot, so that
// Decide sees it as if it had been observed. A refusal is folded in too: a person
// has to be told, and everything else goes on.
func (r *run) act(ctx context.Context, action hotfix.Action) error {
	r.busy = true
	err := r.do(ctx, action)
	if moved := (*hotfix.Moved)(nil); errors.As(err, &moved) {
		err = &unknownOutcome{until: r.now().Add(movedAgain)}
	}
	if r.postponed(action.Key(), err) {
		return nil
	}
	if err == nil {
		r.log.Info().Ctx(ctx).Str("action", action.Key()).Msg("done")
	}
	return r.noteRefusal(ctx, action.Key(), err)
}

// noteRefusal folds a refusal in as what stands against an action; any other
// error stays.
func (r *run) noteRefusal(ctx context.Context, key string, err error) error {
	var refusal *hotfix.Refusal
	if !errors.As(err, &refusal) {
		return err
	}
	r.log.Warn().Ctx(ctx).Str("action", key).Str("refused", refusal.What).Msg("refused")
	r.snap.Refused[key] = problemOf(err)
	return nil
}

// problemOf is what a refusal means to people.
func problemOf(err error) hotfix.Problem {
	var refusal *hotfix.Refusal
	if !errors.As(err, &refusal) {
		return hotfix.Problem{What: err.Error(), Topic: hotfix.TopicRefused}
	}
	return hotfix.Problem{What: refusal.What, Remedy: refusal.Remedy, Topic: refusal.Topic}
}

// do is the table of actions.
func (r *run) do(ctx context.Context, action hotfix.Action) error {
	switch a := action.(type) {
	case hotfix.StartBranch:
		return r.startBranch(ctx, a)
	case hotfix.AddLabel:
		return r.addLabel(ctx, a)
	case hotfix.OpenIssue:
		return r.openIssue(ctx, a)
	case hotfix.SetIssue:
		return r.setIssue(ctx, a)
	case hotfix.CreateTag:
		return r.createTag(ctx, a)
	case hotfix.CreateRelease:
		return r.createRelease(ctx, a)
	case hotfix.Promote:
		return r.promote(ctx, a)
	case hotfix.OpenPromotion:
		return r.openPromotion(ctx, a)
	case hotfix.RecordDeployment:
		return r.recordDeployment(ctx, a)
	case hotfix.OpenBackport:
		return r.openBackport(ctx, a)
	case hotfix.Dress:
		return r.dress(ctx, a)
	case hotfix.OpenRevert:
		return r.openRevert(ctx, a)
	case hotfix.MergeBackport:
		return r.mergeBackport(ctx, a)
	case hotfix.Remind:
		return r.remind(ctx, a)
	case hotfix.ClosePull:
		return r.closePull(ctx, a)
	case hotfix.DeleteBranch:
		return r.deleteBranch(ctx, a)
	case hotfix.React:
		return r.react(ctx, a)
	case hotfix.IgnorePress:
		return r.ignorePress(ctx, a)
	case hotfix.Reply:
		return r.reply(ctx, a)
	}
	return fmt.Errorf("no way to do %T", action)
}

// movedAgain is how soon the bot looks again at what somebody moved in between.
const movedAgain = 2 * time.Second

// lookAgain is how long the bot looks for an object whose creation had an
// unknown outcome before it creates it again: GitHub may show it late.
const lookAgain = time.Minute

// once creates an object that GitHub would create twice if it were asked twice.
// The intent is stored first; where an earlier intent was never settled, the
// object may exist and not be visible yet, so the bot waits for it to appear.
func (r *run) once(ctx context.Context, marker string, create func() error) error {
	now := r.now().Truncate(time.Millisecond) // as fine as it is stored
	since, err := r.ledger.Intend(ctx, r.About().ID, marker, now)
	if err != nil {
		return fmt.Errorf("store intent: %w", err)
	}
	if since.Before(now) && now.Sub(since) < lookAgain {
		return &unknownOutcome{until: since.Add(lookAgain)}
	}
	if err := create(); err != nil {
		if withoutEffect(err) {
			err = errors.Join(err, r.ledger.Settle(ctx, r.About().ID, marker))
		}
		return err
	}
	return r.ledger.Settle(ctx, r.About().ID, marker)
}

// withoutEffect reports whether an error says for certain that nothing was created.
func withoutEffect(err error) bool {
	var later *hotfix.Later
	return isRefusal(err) || isGone(err) || isGoneRepository(err) || errors.As(err, &later)
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

// isGone reports whether a thing inside the repository is gone, and not the repository
// itself: that says nothing about the thing.
func isGone(err error) bool {
	var gone *hotfix.Gone
	return errors.As(err, &gone) && !gone.Repository
}

func isRefusal(err error) bool {
	var refusal *hotfix.Refusal
	return errors.As(err, &refusal)
}

// isGoneRepository reports whether the repository itself is gone, and not a thing
// inside it.
func isGoneRepository(err error) bool {
	var gone *hotfix.Gone
	return errors.As(err, &gone) && gone.Repository
}
