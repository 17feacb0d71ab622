package bot

import "github.com/hotfixbot/hotfixbot/internal/hotfix"

// mergesItself reports whether a backport is to be merged without a person, and that
// is still the bot's to see to: it is configured, nothing conflicts, nobody pushed,
// and GitHub was not told yet (P7). What it gets when it is opened comes first.
func mergesItself(s *hotfix.Snapshot, t *hotfix.Target, a *hotfix.Attempt) bool {
	if s.Config.Propagate.AutoMerge == "" || a == nil || a.Pull == nil || s.Begun[hotfix.DressKey(a.Branch)] {
		return false
	}
	waits := a.Pull.Open && !a.Pull.Draft && !a.Pull.AutoMerge && a.Pull.Base == t.Environment.Branch
	return waits && a.Own && len(a.Marker.Conflicts) == 0
}
