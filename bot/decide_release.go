package bot

import (
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// release wants a tag and a release for every hotfix that landed, in the line of
// each application that it touches (P6). Hotfixes come in history order, so each
// one's number is above those before it. Where releases are made by hand, the tag
// waits for somebody who says deploy (P4).
func release(s *hotfix.Snapshot) []hotfix.Action {
	var actions []hotfix.Action
	for i := range s.Hotfixes {
		h, tags := &s.Hotfixes[i], []hotfix.Action(nil)
		for j := range h.Lines {
			line := &h.Lines[j]
			switch {
			case line.Holding != nil:
				actions = append(actions, publishRelease(s, h, line)...)
			case s.Config.Release.Trigger == "auto" && awaitsTag(s, h, line):
				tag, _ := nextTag(s, h, line)
				tags = append(tags, tag)
			}
		}
		if actions = append(actions, tags...); len(tags) > 0 {
			return actions // the next numbers are known once these are made
		}
	}
	return actions
}

// deleted reports whether a person deleted the tag that was made for the hotfix in
// a line.
func deleted(h *hotfix.Hotfix, line *hotfix.Line) bool {
	return line.Holding == nil && h.Marker.Tags[line.Application] != ""
}

// awaitsTag reports whether a line has no tag of the hotfix yet, and can have one.
// One that a person deleted is made again at a person's word only.
func awaitsTag(s *hotfix.Snapshot, h *hotfix.Hotfix, line *hotfix.Line) bool {
	_, counted := nextTag(s, h, line)
	again := s.Config.Release.Trigger != "auto" || !deleted(h, line)
	return line.Holding == nil && counted && again
}

// released reports whether the hotfix has its tags, in every line that can have one.
func released(s *hotfix.Snapshot, h *hotfix.Hotfix) bool {
	for i := range h.Lines {
		if awaitsTag(s, h, &h.Lines[i]) {
			return false
		}
	}
	return h.Holding() != nil
}

// nextTag is the next free third number in the line that the hotfix descends
// from; ok is false when it descends from no version.
func nextTag(s *hotfix.Snapshot, h *hotfix.Hotfix, line *hotfix.Line) (hotfix.CreateTag, bool) {
	base := baseOf(s, h, line)
	if base == nil {
		return hotfix.CreateTag{}, false
	}
	version := base.Version.Next()
	for taken(s, base.Prefix, version) {
		version = version.Next()
	}
	return tagOf(h, line, base.Prefix, version), true
}

func tagOf(h *hotfix.Hotfix, line *hotfix.Line, prefix string, version hotfix.Version) hotfix.CreateTag {
	return hotfix.CreateTag{
		Pull: h.Pull.Number, Application: line.Application, Name: prefix + version.String(), Prefix: prefix,
		Version: version, Commit: h.Landing.Commit,
	}
}

// baseOf is the release that the hotfix's own is counted from: the one that it
// descends from, or that of a hotfix before it on the landing branch, made since.
func baseOf(s *hotfix.Snapshot, h *hotfix.Hotfix, line *hotfix.Line) *hotfix.ReleaseTag {
	base := line.Base
	for i := range s.Hotfixes {
		before := &s.Hotfixes[i]
		if before.Pull.Number == h.Pull.Number {
			break
		}
		if earlier := before.Line(line.Application); earlier != nil && earlier.Holding != nil {
			base = higher(base, earlier.Holding)
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
		if _, ok := s.Tags[name]; ok || slices.ContainsFunc(s.Hotfixes, func(h hotfix.Hotfix) bool { return remembers(h.Marker, name) }) {
			return true
		}
	}
	return slices.ContainsFunc(s.Settled, func(settled hotfix.Settled) bool {
		return slices.ContainsFunc(settled.Status.Tags(), func(tag string) bool { return slices.Contains(names, tag) })
	})
}

// remembers reports whether a status comment says that a tag was made.
func remembers(marker hotfix.StatusMarker, tag string) bool {
	for _, made := range marker.Tags {
		if made == tag {
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
func publishRelease(s *hotfix.Snapshot, h *hotfix.Hotfix, line *hotfix.Line) []hotfix.Action {
	if !s.Config.Release.GitHubRelease || line.Release != nil || h.Marker.Released[line.Application] || !ownTag(h, line) {
		return nil
	}
	return []hotfix.Action{hotfix.CreateRelease{Pull: h.Pull.Number, Tag: line.Holding.Name, Latest: isLatest(s, line.Holding)}}
}

// isLatest reports whether a release is the one that GitHub shows as the latest of
// the repository: the highest of the first application. A tag that nobody released
// counts only where that is no release yet.
func isLatest(s *hotfix.Snapshot, release *hotfix.ReleaseTag) bool {
	first := s.Config.Lines()[0]
	if release.Application != first.Name {
		return false
	}
	if s.Latest != nil {
		if latest, ok := hotfix.ParseRelease(hotfix.Tag{Name: s.Latest.Tag}, first.Tag); ok {
			return latest.Version.Compare(release.Version) <= 0
		}
	}
	return !slices.ContainsFunc(s.Releases, func(r hotfix.ReleaseTag) bool {
		return r.Application == release.Application && r.Version.Pre == "" && r.Version.Compare(release.Version) > 0
	})
}

// nextTags are the names that the tags of an open hotfix would have if it were merged
// now: one for each application that it touches and that has a release where it lands.
func nextTags(s *hotfix.Snapshot, open hotfix.OpenHotfix) []string {
	var names []string
	for _, app := range touched(s.Config, open.Paths) {
		for _, env := range s.Environments {
			if running := env.Of(app.Name); env.Branch == open.Pull.Base && running.Tag != "" {
				names = append(names, nextFree(s, running.Tag))
			}
		}
	}
	return names
}

// isApart reports whether an open hotfix touches none of the applications.
func isApart(config hotfix.Config, open hotfix.OpenHotfix) bool {
	return len(open.Paths) > 0 && len(touched(config, open.Paths)) == 0
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
