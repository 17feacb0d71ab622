// Package naming holds every name that the bot gives on GitHub, and the way
// back: branches, hidden markers in its texts, external ids of check runs, and
// the forms in which people's words may stand inside the bot's Markdown.
//
// What is named here is how everything is found again when the database is
// gone, so two things must always hold: a name is a pure function of facts that
// do not change after the merge, and what a parser accepts is exactly what its
// builder makes. It never asks GitHub or git anything, and it never decides
// whether a text is the bot's own: the caller has looked at the author first.
package naming
