package render

import (
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// forecastTitle is "QA applies, Development conflicts", as plain text.
func forecastTitle(list []hotfix.Forecast) string {
	words := make([]string, len(list))
	for i, f := range list {
		words[i] = naming.Line(f.Environment.Name, 64) + " " + forecastWord(f)
	}
	return strings.Join(words, ", ")
}

func forecastWord(f hotfix.Forecast) string {
	switch {
	case f.Problem != nil:
		return "is unclear"
	case f.Outcome == hotfix.Clean:
		return "applies"
	case f.Outcome == hotfix.Contained:
		return "has it already"
	}
	return "conflicts"
}

// forecasts tells for each environment what carrying the hotfix there would come to.
func forecasts(list []hotfix.Forecast) string {
	lines := make([]string, len(list))
	for i, f := range list {
		lines[i] = "**" + name(f.Environment.Name) + "** (" + naming.Code(f.Environment.Branch) + "): " + forecastText(f)
	}
	return bullets(lines)
}

func forecastText(f hotfix.Forecast) string {
	switch {
	case f.Problem != nil:
		return problem(*f.Problem)
	case f.Outcome == hotfix.Clean:
		return "it applies"
	case f.Outcome == hotfix.Contained:
		return "it is there already"
	}
	text := "it conflicts in " + few(conflictWords(f.Conflicts), 10)
	if len(f.Missing) > 0 {
		text += ". Without these commits, which " + naming.Code(f.Environment.Branch) + " lacks: " + few(prerequisites(f.Missing), 10)
	}
	return text
}

// prerequisites shows each missing commit with its subject and author.
func prerequisites(list []hotfix.Prerequisite) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = p.Commit.Short() + " " + naming.Code(p.Subject) + " by " + naming.Code(p.Author)
	}
	return out
}

// forecastNotes are the conflicts as remarks at their files.
func forecastNotes(list []hotfix.Forecast) []hotfix.Annotation {
	var notes []hotfix.Annotation
	for _, f := range list {
		for _, c := range f.Conflicts {
			if c.Path == "" || len(notes) == maxAnnotations {
				continue
			}
			notes = append(notes, hotfix.Annotation{
				Path: c.Path, Line: 1, Column: 1,
				Message: "The backport to " + naming.Line(f.Environment.Name, 64) + " would conflict here: " + string(c.Kind) + ".",
			})
		}
	}
	return notes
}

// ForecastReply answers status on a hotfix pull request that is still open.
func ForecastReply(p hotfix.Pull, list []hotfix.Forecast) string {
	text := "Hotfix " + number(p.Number) + " is not merged yet."
	if len(list) == 0 {
		return text + " There is no environment below to carry it to."
	}
	return text + " If it were carried over now:\n\n" + forecasts(list)
}
