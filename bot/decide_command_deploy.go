package bot

import (
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

// tagAndDeploy makes the release at a person's word and brings it to the
// environments above, then answers (P4, P5).
func tagAndDeploy(s *hotfix.Snapshot, h *hotfix.Hotfix, c hotfix.Command, status hotfix.Status) outcome {
	asked := ""
	if len(c.Args) > 0 {
		asked = c.Args[0]
	}
	if h.Landing.Unclear != "" && h.Landing.Commit == "" {
		return no(c, render.SaidProblem(render.UnclearLanding(h.Landing)))
	}
	if h.Holding == nil {
		tag, said := askedTag(s, h, asked)
		if said != "" {
			return no(c, said)
		}
		if problem, refused := s.Refused[tag.Key()]; refused {
			return no(c, render.SaidProblem(problem))
		}
		return outcome{first: []hotfix.Action{tag}}
	}
	if version, ok := parseVersion(asked); ok && version.Compare(h.Holding.Version) != 0 {
		return no(c, render.SaidTagged(h.Holding.Name))
	}
	if first := unrefused(s, deploy(s, h, status)); len(first) > 0 {
		return outcome{first: first}
	}
	return yes(c, render.SaidDeployed(status))
}

// askedTag is the tag to be made: the next one, or that of the version which the
// person named. Said is why it cannot be that.
func askedTag(s *hotfix.Snapshot, h *hotfix.Hotfix, asked string) (tag hotfix.CreateTag, said string) {
	next, counted := nextTag(s, h)
	if asked == "" && counted {
		return next, ""
	}
	if asked == "" {
		return tag, render.SaidProblem(render.NoVersionTag(h.Landing.Commit))
	}
	version, ok := parseVersion(asked)
	if !ok {
		return tag, render.SaidNoVersion(asked)
	}
	tag = tagOf(h, tagPrefix(s, h), version)
	switch base := baseOf(s, h); {
	case taken(s, tag.Prefix, version):
		return tag, render.SaidTaken(tag.Name)
	case base != nil && version.Compare(base.Version) < 0:
		return tag, render.SaidBelow(tag.Name, base.Name, next.Name)
	}
	return tag, ""
}

// parseVersion reads a version as a person writes it: "1.7.1", "v1.7.1".
func parseVersion(word string) (hotfix.Version, bool) {
	release, ok := hotfix.ParseRelease(hotfix.Tag{Name: word}, "")
	return release.Version, ok && (release.Prefix == "" || release.Prefix == "v") && release.Version.Pre == ""
}

// tagPrefix is what stands before the version in a new tag's name: as in the
// release that it is counted from, else as configured, else "v".
func tagPrefix(s *hotfix.Snapshot, h *hotfix.Hotfix) string {
	if base := baseOf(s, h); base != nil {
		return base.Prefix
	}
	if template := s.Config.Release.Tag; template != "" {
		return hotfix.TagPrefix(template)
	}
	return "v"
}
