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
