package naming

// Neutralise makes people's text safe inside the bot's Markdown.
func Neutralise(text string) string { return "" }

// Code is an inline code span of people's text.
func Code(text string) string { return "" }

// Line is people's text as plain text on one line of at most limit characters:
// for titles, which are no Markdown.
func Line(text string, limit int) string { return "" }

// Title fills the template of a backport pull request's title
// ("{title} (backport of #{pr} to {environment})").
func Title(template, title string, pull int, environment string) string { return "" }
