package bot

import (
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// remind wants people told of a backport that waits for them: after a while its
// assignees, later the maintainers, each once (P25).
func remind(s *hotfix.Snapshot, h *hotfix.Hotfix, status hotfix.Status) []hotfix.Action {
	var actions []hotfix.Action
	for i, st := range status.Standings {
		stage, _ := reminder(s, &h.Targets[i], st)
		if last := h.Targets[i].Last(); stage > 0 {
			actions = append(actions, hotfix.Remind{Pull: last.Pull.Number, Hotfix: h.Pull.Number, Stage: stage, Since: last.Pull.CreatedAt})
		}
	}
	return actions
}

// reminder is the stage that is due for a target; 0 for none. Next is when one will
// be; zero for never.
func reminder(s *hotfix.Snapshot, t *hotfix.Target, st hotfix.Standing) (stage int, next time.Time) {
	last := t.Last()
	waits := st.Verdict == hotfix.VerdictProposed || st.Verdict == hotfix.VerdictConflicted
	if !waits || last == nil || last.Pull == nil || !last.Pull.Open || last.Pull.CreatedAt.IsZero() {
		return 0, time.Time{}
	}
	for i, after := range []time.Duration{s.Config.Remind.After, s.Config.Remind.Then} {
		due := last.Pull.CreatedAt.Add(after)
		switch {
		case after <= 0 || s.Reminded[last.Pull.Number] > i:
		case s.Now.Before(due):
			next = earlier(next, due)
		default:
			stage = i + 1
		}
	}
	return stage, next
}
