package bot

import (
	"net/url"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// modules names the modules that a hotfix touches, and where each environment can be
// compared with the landing one (S5 of the page that this comes from).
func modules(s *hotfix.Snapshot, h *hotfix.Hotfix, status *hotfix.Status) {
	for _, m := range s.Config.Modules {
		if slices.ContainsFunc(h.Landing.Paths, func(path string) bool { return repoconfig.MatchesPath(m.Paths, path) }) {
			status.Modules = append(status.Modules, m.Name)
		}
	}
	if len(status.Modules) == 0 {
		return
	}
	status.Compare = map[string]string{}
	for _, st := range status.Standings {
		status.Compare[st.Branch] = s.Repository.WebURL + "/compare/" + inURL(st.Branch) + "..." + inURL(h.Pull.Base)
	}
}

// inURL is a branch as GitHub takes it in an address: with its slashes.
func inURL(branch string) string { return strings.ReplaceAll(url.PathEscape(branch), "%2F", "/") }
