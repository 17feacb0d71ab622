package render

import (
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// IssueTitle is the title of the issue that the bot opens for a hotfix without
// one.
func IssueTitle(p hotfix.Pull) string { return naming.Line("Hotfix: "+p.Title, maxTitle) }

// IssueBody is the body of that issue. It uses no closing keyword: the issue
// closes when every environment has the hotfix, not before.
func IssueBody(p hotfix.Pull, landing hotfix.Environment) string {
	body := "Hotfix " + number(p.Number) + " (" + naming.Code(p.Title) + ") by " + naming.Code(p.Author) +
		" was merged to " + name(landing.Name) + ". This issue is open until every environment below has it.\n\n" +
		"The comment below says where it stands; " + naming.Code("/hotfix help") + " in a comment of yours lists the commands. " + more(aboutIssue)
	return finish(body, naming.Marker(naming.KindIssue, hotfix.IssueMarker{Pull: p.Number}))
}
