package bot

import (
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// release wants a tag and a release for every hotfix that landed. Hotfixes come in
// history order, so each one's number is above those before it. Where releases are
// made by hand, the tag waits for somebody who says deploy (P4).
func release(s *hotfix.Snapshot) []hotfix.Action {
	var actions []hotfix.Action
	for i := range s.Hotfixes {
		h := &s.Hotfixes[i]
		switch tag, ok := nextTag(s, h); {
		case h.Holding != nil:
			actions = append(actions, publishRelease(s, h)...)
		case ok && s.Config.Release.Trigger == "auto" && !deleted(h):
			return append(actions, tag) // the next number is known once this one is made
		}
	}
	return actions
}

// deleted reports whether a person deleted the tag that was made for the hotfix.
func deleted(h *hotfix.Hotfix) bool { return h.Holding == nil && h.Marker.Tag != "" }

// nextTag is the next free third number in the line that the hotfix descends
// from; ok is false when it descends from no version.
func nextTag(s *hotfix.Snapshot, h *hotfix.Hotfix) (hotfix.CreateTag, bool) {
	base := baseOf(s, h)
	if base == nil {
		return hotfix.CreateTag{}, false
	}
	version := base.Version.Next()
	for taken(s, base.Prefix, version) {
		version = version.Next()
	}
	return tagOf(h, base.Prefix, version), true
}

func tagOf(h *hotfix.Hotfix, prefix string, version hotfix.Version) hotfix.CreateTag {
	return hotfix.CreateTag{
		Pull: h.Pull.Number, Name: prefix + version.String(), Prefix: prefix,
		Version: version, Commit: h.Landing.Commit,
	}
}

// baseOf is the release that the hotfix's own is counted from: the one that it
// descends from, or that of a hotfix before it on the landing branch, made since.
func baseOf(s *hotfix.Snapshot, h *hotfix.Hotfix) *hotfix.ReleaseTag {
	base := h.Base
	for i := range s.Hotfixes {
		before := &s.Hotfixes[i]
		if before.Pull.Number == h.Pull.Number {
			break
		}
		if before.Holding != nil {
			base = higher(base, before.Holding)
		}
	}
	return base
}

// taken reports whether a tag of that name exists, on whatever commit, or was made
// for a hotfix and deleted since: a number is given once.
func taken(s *hotfix.Snapshot, prefix string, version hotfix.Version) bool {
	names := []string{prefix + version.String()}
	if version.Patch == 0 {
		names = append(names, fmt.Sprintf("%s%d.%d", prefix, version.Major, version.Minor))
	}
	for _, name := range names {
		if _, ok := s.Tags[name]; ok || slices.ContainsFunc(s.Hotfixes, func(h hotfix.Hotfix) bool { return h.Marker.Tag == name }) {
			return true
		}
	}
	return slices.ContainsFunc(s.Settled, func(settled hotfix.Settled) bool { return slices.Contains(names, settled.Status.Tag) })
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
