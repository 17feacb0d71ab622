package bot

import (
	"context"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// remind says on a backport that it waits, and to whom.
func (r *run) remind(ctx context.Context, a hotfix.Remind) error {
	h := r.snap.Find(a.Hotfix)
	people := assignees(r.snap.Config.Propagate, h)
	if a.Stage > 1 || len(people) == 0 {
		approvers, err := r.Approvers(ctx, h.Pull.Number)
		if err != nil {
			return err
		}
		people = append(approvers, h.Pull.MergedBy)
	}
	people = slices.Compact(slices.DeleteFunc(people, func(login string) bool { return login == "" }))
	return r.once(ctx, a.Key(), func() error {
		if _, err := r.Comment(ctx, a.Pull, render.Reminder(a, people, r.snap.Now)); err != nil {
			return err
		}
		r.snap.Reminded[a.Pull] = a.Stage
		return nil
	})
}
