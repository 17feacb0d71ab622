package render

import (
	"regexp"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// login is the form of an account's name (GitHub: letters, digits and single
// dashes); only what has it is mentioned.
var login = regexp.MustCompile(`^[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}$`)

// Reminder is the comment on a backport that waits: the only text of the bot's that
// mentions people.
func Reminder(a hotfix.Remind, people []string, now time.Time) string {
	var mentions []string
	for _, person := range people {
		if login.MatchString(person) {
			mentions = append(mentions, "@"+person)
		}
	}
	text := "This backport of hotfix " + number(a.Hotfix) + " has been waiting for " + days(now.Sub(a.Since)) +
		": without it the next release may bring the bug back. Review and merge it, or say " +
		naming.Code("/hotfix skip <environment> <reason>") + ". " + more(aboutReminder)
	if len(mentions) > 0 {
		text = strings.Join(mentions, " ") + ": " + text
	}
	return finish(text, naming.Marker(naming.KindReminder, hotfix.ReminderMarker{Pull: a.Pull, Stage: a.Stage}))
}

// days is "3 days".
func days(d time.Duration) string {
	if d < 24*time.Hour {
		return counted(int(d/time.Hour), "hour")
	}
	return counted(int(d/(24*time.Hour)), "day")
}
