package render

import (
	"strings"
	"unicode/utf8"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// Reply is the bot's answer to one request. Its marker holds the answer, by
// which a grant outlives the database; what is shown is body alone. The marker's
// words are shortened, its arguments never: an answer that does not fit even so
// is recorded, and said, as refused.
func Reply(a hotfix.Answer, body string) string {
	marker := replyMarker(a)
	if utf8.RuneCountInString(marker) > maxMarker {
		body = "The commands are too long to be recorded, so nothing of them was granted. Give them in several comments."
		marker = replyMarker(refused(a))
	}
	return finish(strings.TrimRight(body, "\n")+"\n\n"+moreOn(a.Granted), marker)
}

// Characters of people's and of the bot's words that the marker keeps.
const (
	recordedReason = 1000
	recordedSaid   = 300
)

func replyMarker(a hotfix.Answer) string {
	granted := make([]hotfix.Granted, len(a.Granted))
	for i, g := range a.Granted {
		g.Reason = cutTo(g.Reason, recordedReason)
		g.Said = cutTo(g.Said, recordedSaid)
		g.Problem = cutTo(g.Problem, recordedSaid)
		granted[i] = g
	}
	a.Granted = granted
	return naming.Marker(naming.KindReply, a)
}

// refused is the answer with nothing granted.
func refused(a hotfix.Answer) hotfix.Answer {
	granted := make([]hotfix.Granted, len(a.Granted))
	for i, g := range a.Granted {
		granted[i] = hotfix.Granted{
			Command: hotfix.Command{Verb: g.Verb, Problem: "too long to be recorded"},
			Said:    "too long to be recorded",
		}
	}
	a.Granted = granted
	return a
}
