package render

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// Backport is what the body of a backport pull request tells.
type Backport struct {
	Hotfix      hotfix.Pull
	Environment hotfix.Environment // where it goes
	Landing     hotfix.Environment // where the hotfix landed
	Landed      hotfix.Landing
	Replay      hotfix.Replay
	Tags        []string // the hotfix's release tags
	Issue       int      // the hotfix's issue, or 0
	Attempt     int      // from 1
	Supersedes  int      // the earlier backport pull request that this one replaces, or 0
	Command     int64    // the comment that asked for this attempt, or 0
	Press       string   // the button press that did, or empty
	Repository  hotfix.Repository
	Branch      string // the bot's branch
	SignOff     bool
	Missing     []hotfix.Prerequisite // commits without which it conflicts
	Made        time.Time
	Carries     hotfix.Carries
}

// PullTitle fills the title's template ({title}, {pr}, {environment}, {branch},
// {tag}) in at most 256 characters. A draft with conflicts has the same title:
// GitHub shows that it is one.
func PullTitle(template string, b Backport) string {
	template = strings.NewReplacer("{branch}", b.Environment.Branch, "{tag}", sentence(b.Tags)).Replace(template)
	return naming.Title(template, b.Hotfix.Title, b.Hotfix.Number, b.Environment.Name)
}

// PullBody is the body of a backport pull request: what it carries and how that
// was told, what a person has to do, and the [hotfix.BackportMarker]. Where the
// conflicts are too many for the marker (some 300), the last of them are left
// out of it: replaying the picks onto Onto gives them all again.
func PullBody(b Backport) string {
	var text strings.Builder
	if b.Replay.Outcome == hotfix.Conflict {
		text.WriteString("**A person must resolve " + counted(len(b.Replay.Conflicts), "conflict") + " before this draft can be merged.**\n\n")
	}
	text.WriteString(carries(b) + "\n\n" + next(b) + "\n")
	if b.Replay.Outcome == hotfix.Conflict {
		text.WriteString("\n" + conflictGuide(b))
	}
	text.WriteString("\n### Commits\n\n" + commitList(b) + "\nHow they were told: " + endSentence(prose(b.Landed.Evidence)) + "\n")
	return finish(text.String(), backportMarker(b))
}

// carries says which hotfix goes where. "Part of" is no closing keyword: on the
// default branch one would close the issue too early.
func carries(b Backport) string {
	text := "Carries hotfix " + number(b.Hotfix.Number) + " (" + naming.Code(b.Hotfix.Title) + ") by " +
		naming.Code(b.Hotfix.Author) + " from " + name(b.Landing.Name)
	if len(b.Tags) > 0 {
		text += ", released as " + sentence(codes(b.Tags)) + ","
	}
	text += " to " + name(b.Environment.Name) + "."
	if b.Carries.FromPull != 0 {
		text += " It is picked as " + number(b.Carries.FromPull) + " brought it to " + name(b.Carries.From) + "."
	}
	if len(b.Carries.LeftOut) > 0 {
		text += " Left out: " + few(codes(b.Carries.LeftOut), maxListed) + "."
	}
	if b.Issue != 0 {
		text += " Part of " + number(b.Issue) + "."
	}
	if b.Supersedes != 0 {
		text += " Replaces " + number(b.Supersedes) + ", which is left as it is."
	}
	return text
}

// next says what is awaited, and the ways out.
func next(b Backport) string {
	skip := "If " + name(b.Environment.Name) + " does not need it: " + naming.Code("/hotfix skip "+b.Environment.Branch+" <reason>") + "."
	if b.Replay.Outcome == hotfix.Conflict {
		return "When everything below is resolved, mark this pull request as ready for review and merge it. " + skip + " " + more(aboutConflicts)
	}
	return "It applies without conflicts: review and merge it. " + skip + " " + more(aboutBackport)
}

// commitList has a line for each source commit, with what became of it.
func commitList(b Backport) string {
	lines := make([]string, len(b.Replay.Commits))
	for i, c := range b.Replay.Commits {
		lines[i] = commit(b.Repository, c.Source) + " " + naming.Code(c.Subject)
		switch c.Outcome {
		case hotfix.Contained:
			lines[i] += ": already contained, nothing to carry"
		case hotfix.Conflict:
			lines[i] += ": conflicts"
		}
	}
	return bullets(lines)
}

func backportMarker(b Backport) string {
	m := hotfix.BackportMarker{
		Pull:        b.Hotfix.Number,
		Environment: b.Environment.Branch,
		Attempt:     b.Attempt,
		Onto:        b.Replay.Onto,
		Tip:         b.Replay.Tip,
		Conflicts:   b.Replay.Conflicts,
		Command:     b.Command,
		Press:       b.Press,
		Made:        b.Made.UTC().Truncate(time.Second),
	}
	text := naming.Marker(naming.KindBackport, m)
	if utf8.RuneCountInString(text) > maxMarker {
		m.Conflicts = withoutCommits(m.Conflicts)
		text = naming.Marker(naming.KindBackport, m)
	}
	for len(m.Conflicts) > 0 && utf8.RuneCountInString(text) > maxMarker {
		m.Conflicts, m.Cut = m.Conflicts[:len(m.Conflicts)*3/4], true
		text = naming.Marker(naming.KindBackport, m)
	}
	return text
}

// withoutCommits leaves of each conflict what is needed to see it resolved.
func withoutCommits(conflicts []hotfix.PathConflict) []hotfix.PathConflict {
	out := make([]hotfix.PathConflict, len(conflicts))
	for i, c := range conflicts {
		c.Commit = ""
		out[i] = c
	}
	return out
}
