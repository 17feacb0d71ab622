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
	if len(h.Lines) == 0 {
		return no(c, render.SaidProblem(untouched(h)))
	}
	if asked != "" && len(h.Lines) > 1 {
		return no(c, render.SaidSeveralLines(applications(h)))
	}
	tags, said := askedTags(s, h, asked)
	if said != "" {
		return no(c, said)
	}
	if first := unrefused(s, tags); len(first) > 0 {
		return outcome{first: first}
	}
	if len(tags) > 0 && s.Postponed[tags[0].Key()] {
		return outcome{first: tags} // the request stays open until it is known
	}
	if len(tags) > 0 {
		return no(c, render.SaidProblem(s.Refused[tags[0].Key()]))
	}
	if version, ok := parseVersion(asked); ok && version.Compare(h.Holding().Version) != 0 {
		return no(c, render.SaidTagged(h.Holding().Name))
	}
	if first := unrefused(s, append(deploy(s, h, status), again(s, h)...)); len(first) > 0 {
		return outcome{first: first}
	}
	return yes(c, render.SaidDeployed(status))
}

// again brings the release to the environments from which a person took it back.
func again(s *hotfix.Snapshot, h *hotfix.Hotfix) []hotfix.Action {
	var actions []hotfix.Action
	for i := range h.Stages {
		if stage := &h.Stages[i]; rolledBack(stage) && stage.Promotion == nil {
			actions = append(actions, promote(s, h, stage))
		}
	}
	return actions
}

// untouched is why a hotfix without a version line has no release.
func untouched(h *hotfix.Hotfix) hotfix.Problem {
	if h.Landing.Unclear != "" {
		return render.UnclearLanding(h.Landing)
	}
	return render.NoApplication()
}

// applications are the names of those that a hotfix touches.
func applications(h *hotfix.Hotfix) []string {
	names := make([]string, len(h.Lines))
	for i, line := range h.Lines {
		names[i] = line.Application
	}
	return names
}

// askedTags are the tags to be made: the next one of every line that has none, or
// that of the version which the person named. Said is why it cannot be that.
func askedTags(s *hotfix.Snapshot, h *hotfix.Hotfix, asked string) (tags []hotfix.Action, said string) {
	for i := range h.Lines {
		line := &h.Lines[i]
		if line.Holding != nil {
			continue
		}
		tag, wrong := askedTag(s, h, line, asked)
		if wrong == "" {
			tags = append(tags, tag)
		} else {
			said = wrong
		}
	}
	if len(tags) > 0 || h.Holding() != nil {
		return tags, "" // what has no version yet keeps the others from nothing
	}
	return nil, said
}

// askedTag is the tag to be made in a line.
func askedTag(s *hotfix.Snapshot, h *hotfix.Hotfix, line *hotfix.Line, asked string) (tag hotfix.CreateTag, said string) {
	next, counted := nextTag(s, h, line)
	if asked == "" && counted {
		return next, ""
	}
	if asked == "" {
		return tag, render.SaidProblem(render.NoVersionTag(line.Application, tagPrefix(s, h, line), h.Landing.Commit))
	}
	version, ok := parseVersion(asked)
	if !ok {
		return tag, render.SaidNoVersion(asked)
	}
	tag = tagOf(h, line, tagPrefix(s, h, line), version)
	switch base := baseOf(s, h, line); {
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
func tagPrefix(s *hotfix.Snapshot, h *hotfix.Hotfix, line *hotfix.Line) string {
	if base := baseOf(s, h, line); base != nil {
		return base.Prefix
	}
	if template := s.Config.TagTemplate(line.Application); template != "" {
		return hotfix.TagPrefix(template)
	}
	return "v"
}
