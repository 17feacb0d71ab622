package render

import (
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// TagMessage is the message of a release's annotated tag. It is plain text,
// ends with a line feed, and is the same each time it is made.
func TagMessage(p hotfix.Pull, version string) string {
	message := naming.Line("Release "+version, maxTitle) + "\n\n" +
		naming.Line("Hotfix "+number(p.Number)+": "+p.Title, 2*maxTitle) + "\n"
	if p.URL != "" {
		message += p.URL + "\n"
	}
	return message
}
