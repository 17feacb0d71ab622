package command

import (
	"fmt"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// Help is the table as Markdown, with the permission that each command asks for.
// Commands stand in code, so that the bot's own help is never a command.
func Help(p hotfix.Permissions) string {
	var b strings.Builder
	b.WriteString("| Command | What it does | Who may |\n|---|---|---|\n")
	for _, row := range Table() {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", naming.Code(prefix+" "+row.Usage), row.Help, row.who(p))
	}
	b.WriteString("\n" + `A command is a line of its own, and several lines are several commands. ` +
		`An environment is called by its name or its branch. ` +
		`A command goes for every hotfix of the issue, or for the one whose pull request it names (` + "`#34`" + `, in front of a reason). ` +
		`Words with spaces stand in quotes. What stands in a quote, in code, in a list or in HTML is no command, and an edited comment is none either; GitHub tells edits by the second, so one within the second in which the comment was written goes unnoticed.` + "\n")
	return b.String()
}

// who is the permission as the table shows it.
func (r Row) who(p hotfix.Permissions) string {
	who := Needs(hotfix.Command{Verb: r.Verb}, p).String()
	if r.force {
		who += "; with `--force`: " + Needs(hotfix.Command{Verb: r.Verb, Force: true}, p).String()
	}
	return who
}
