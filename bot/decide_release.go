package bot

import (
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// release wants a tag and a release for every hotfix that landed in the
// environment nearest to users. Hotfixes come in history order, so each one's
// number is above those before it.
func release(s *hotfix.Snapshot) []hotfix.Action {
	if s.Config.Release.Trigger != "auto" {
		return nil
	}
	var actions []hotfix.Action
	var before *hotfix.ReleaseTag // of the hotfix before this one on the landing branch
	for i := range s.Hotfixes {
		h := &s.Hotfixes[i]
		if h.Holding != nil {
			before = higher(before, h.Holding)
			actions = append(actions, publishRelease(s, h)...)
			continue
		}
		if deleted(h) {
			continue
		}
		tag, ok := nextTag(s, h, before)
		if !ok {
			continue
		}
		actions = append(actions, tag)
		break // the next number is known once this one is made
	}
	return actions
}

// deleted reports whether a person deleted the tag that was made for the hotfix.
func deleted(h *hotfix.Hotfix) bool { return h.Holding == nil && h.Marker.Tag != "" }

// nextTag is the next free third number in the line that the hotfix descends
// from; ok is false when it descends from no version.
func nextTag(s *hotfix.Snapshot, h *hotfix.Hotfix, before *hotfix.ReleaseTag) (hotfix.CreateTag, bool) {
	base := higher(before, h.Base)
	if base == nil {
		return hotfix.CreateTag{}, false
	}
	version := base.Version.Next()
	for taken(s, base.Prefix, version) {
		version = version.Next()
	}
	return hotfix.CreateTag{
		Pull: h.Pull.Number, Name: base.Prefix + version.String(), Prefix: base.Prefix,
		Version: version, Commit: h.Landing.Commit,
	}, true
}

// taken reports whether a tag of that name exists, on whatever commit.
func taken(s *hotfix.Snapshot, prefix string, version hotfix.Version) bool {
	names := []string{prefix + version.String()}
	if version.Patch == 0 {
		names = append(names, fmt.Sprintf("%s%d.%d", prefix, version.Major, version.Minor))
	}
	for _, name := range names {
		if _, ok := s.Tags[name]; ok {
			return true
		}
	}
	return false
}

func higher(a, b *hotfix.ReleaseTag) *hotfix.ReleaseTag {
	if a == nil || b != nil && b.Version.Compare(a.Version) > 0 {
		return b
	}
	return a
}

// publishRelease wants the GitHub release of the hotfix's own tag. A tag that
// somebody else made later on, and that holds the hotfix too, is theirs to
// publish; a release that a person deleted stays deleted.
func publishRelease(s *hotfix.Snapshot, h *hotfix.Hotfix) []hotfix.Action {
	own := h.Holding.Commit == h.Landing.Commit
	if !s.Config.Release.GitHubRelease || h.Release != nil || h.Marker.Released || !own {
		return nil
	}
	latest := true
	for _, r := range s.Releases {
		if r.Version.Pre == "" && r.Version.Compare(h.Holding.Version) > 0 {
			latest = false
		}
	}
	return []hotfix.Action{hotfix.CreateRelease{Pull: h.Pull.Number, Tag: h.Holding.Name, Latest: latest}}
}

// nextFree is the name that the next hotfix's tag would have after a tag.
func nextFree(s *hotfix.Snapshot, after string) string {
	for _, r := range s.Releases {
		if r.Name != after {
			continue
		}
		version := r.Version.Next()
		for taken(s, r.Prefix, version) {
			version = version.Next()
		}
		return r.Prefix + version.String()
	}
	return ""
}
