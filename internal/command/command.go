// Package command reads /hotfix commands out of comments. One table holds the
// verbs: the parser, the help, docs/commands.md and the permission that each
// command asks for are all taken from it.
//
// A command is a line of a comment's own text that starts with /hotfix. What
// stands in a quote, in code, in a list, a heading, a table or HTML never is
// one, and neither is anything that this package writes, so that the bot's
// answers can't command it. Parsing looks at the text alone: who wrote it, and
// whether that person may, is asked elsewhere, at the time of acting.
package command
