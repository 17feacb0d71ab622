// Package command reads /hotfix commands out of comments.
package command

import "github.com/hotfixbot/hotfixbot/internal/hotfix"

// Row is one command.
type Row struct {
	Verb    hotfix.Verb
	Usage   string // "/hotfix skip <environment> <reason>"
	Example string // "/hotfix skip dev not affected"
	Help    string // one sentence
	Later   bool   // the work is in a later version: the bot answers so
}

// Table is every command, in the order of the help.
func Table() []Row { return nil }

// Find is the row of a verb.
func Find(verb hotfix.Verb) (Row, bool) { return Row{}, false }

// Needs is the permission that a command asks for.
func Needs(cmd hotfix.Command, p hotfix.Permissions) hotfix.Permission { return hotfix.Admin }

// Parse is the commands of a comment, in its order; nil when it holds none.
func Parse(body string) []hotfix.Command { return nil }

// Help is the table as Markdown, with the permission that each command asks for.
func Help(p hotfix.Permissions) string { return "" }
