package naming

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// GitHub refuses titles of issues and pull requests of more than 256 characters
// (422 "title is too long (maximum is 256 characters)"; no document says so).
const maxTitle = 256

// maxWords is how much of a person's text stands inside one of the bot's.
const maxWords = 300

// joiner is U+2060, a word joiner: it is not seen, and it breaks what GitHub
// would make a mention or a reference of. Backslashes and entities do not: GitHub
// looks for mentions after Markdown has been rendered.
const joiner = "\u2060"

// Line is people's text as plain text on one line, without control characters,
// of at most limit characters; what is cut off leaves "…". It is for titles,
// which are no Markdown.
func Line(text string, limit int) string {
	line := []rune(strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\uFFFD"), isBreak), " "))
	kept := line[:0]
	for _, r := range line {
		if !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r) {
			kept = append(kept, r)
		}
	}
	if len(kept) > limit {
		kept = append(kept[:max(limit-1, 0)], '…')
	}
	return strings.TrimSpace(string(kept))
}

// isBreak holds for white space and line ends of every kind.
func isBreak(r rune) bool { return unicode.IsSpace(r) || r == '\u2028' || r == '\u2029' }

var (
	// mentions are the starts of @alice, #12, GH-12 and of bare links.
	mentions = regexp.MustCompile(`(?i)@|#|gh-|https?:|ftp:|mailto:|xmpp:|www`)
	special  = strings.NewReplacer(
		`&`, `&amp;`, `<`, `&lt;`, `>`, `&gt;`,
		`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`, `|`, `\|`, `~`, `\~`, `$`, `\$`,
	)
	blockStart = regexp.MustCompile(`^([-+=:/#]|\d+[.)])`)
)

// Neutralise makes people's text (titles, reasons, values of the configuration)
// safe inside the bot's Markdown: one line of at most 300 characters that
// mentions nobody, refers to and closes no issue, links, embeds and formats
// nothing, breaks no table, and starts neither a block nor a command.
func Neutralise(text string) string {
	line := mentions.ReplaceAllString(Line(text, maxWords), "$0"+joiner)
	line = special.Replace(line)
	return blockStart.ReplaceAllStringFunc(line, func(start string) string {
		return start[:len(start)-1] + `\` + start[len(start)-1:]
	})
}

// Code is people's text (paths, branches, commands) as an inline code span, on
// one line, whatever backticks it holds. GitHub makes no mentions in code.
func Code(text string) string {
	line := Line(text, maxWords)
	if line == "" {
		return "` `"
	}
	if strings.Contains(line, "|") {
		return codeElement(line)
	}
	fence := strings.Repeat("`", longestRun(line, '`')+1)
	if strings.HasPrefix(line, "`") || strings.HasSuffix(line, "`") {
		line = " " + line + " "
	}
	return fence + line + fence
}

// codeElement is for what would end a table's cell inside a code span: GitHub
// splits cells before it looks for code.
func codeElement(line string) string {
	var b strings.Builder
	b.WriteString("<code>")
	for _, r := range line {
		if r < unicode.MaxASCII && (unicode.IsPunct(r) || unicode.IsSymbol(r)) {
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
		} else {
			b.WriteRune(r)
		}
	}
	b.WriteString("</code>")
	return b.String()
}

func longestRun(text string, of rune) int {
	longest, run := 0, 0
	for _, r := range text {
		if r != of {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// maxQuoted is how much of a person's words stands in a sentence about them.
const maxQuoted = 80

// Quoted is people's text between single backticks, as it stands in a plain
// sentence (a problem, a remedy): whoever shows the sentence as Markdown makes
// code of what is between backticks, so those of the text become apostrophes.
func Quoted(text string) string {
	return "`" + Line(strings.ReplaceAll(text, "`", "'"), maxQuoted) + "`"
}
