package bot

import (
	"context"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// remind says on a backport that it waits, and to whom.
func (r *run) remind(ctx context.Context, a hotfix.Remind) error {
	h := r.snap.Find(a.Hotfix)
	people := assignees(r.snap.Config.Propagate, h)
	if a.Stage > 1 || len(people) == 0 {
		var err error
		if people, err = r.approvers(ctx, h); err != nil {
			return err
		}
	}
	if _, err := r.say(ctx, a.Key(), a.Pull, render.Reminder(a, people, r.snap.Now)); err != nil {
		return err
	}
	r.snap.Reminded[a.Pull] = a.Stage
	return nil
}
