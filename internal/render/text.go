package render

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// prose shows a sentence of the bot's own that may quote others, such as
// "the push was refused: …; comment `/hotfix retry qa`". What stands between
// backticks becomes code, the rest is neutralised.
func prose(text string) string {
	parts := strings.Split(text, "`")
	if len(parts)%2 == 0 { // a backtick without its partner is no code
		parts[len(parts)-2] += "`" + parts[len(parts)-1]
		parts = parts[:len(parts)-1]
	}
	var b strings.Builder
	for i, part := range parts {
		switch {
		case i%2 == 1 && part != "":
			b.WriteString(naming.Code(part))
		case strings.TrimSpace(part) != "":
			b.WriteString(spaceBefore(part) + naming.Neutralise(part) + spaceAfter(part))
		default:
			b.WriteString(spaceBefore(part))
		}
	}
	return strings.TrimSpace(b.String())
}

// spaceBefore and spaceAfter keep the blanks around a part, which Neutralise
// trims.
func spaceBefore(part string) string {
	if strings.TrimLeftFunc(part, unicode.IsSpace) != part {
		return " "
	}
	return ""
}

func spaceAfter(part string) string {
	if strings.TrimRightFunc(part, unicode.IsSpace) != part {
		return " "
	}
	return ""
}

// ownPull is how a problem begins that names pull requests itself. Every problem
// begins with words of the bot's own, what it quotes comes later.
var ownPull = regexp.MustCompile(`^(#[1-9][0-9]* was |it builds on hotfix #[1-9][0-9]*, (whose backport #[1-9][0-9]* )?)`)

// trouble shows what a problem is, as prose that links the pull request which it
// is about.
func trouble(what string) string {
	own := ownPull.FindString(what)
	if own == "" {
		return prose(what)
	}
	return own + prose(strings.TrimPrefix(what, own))
}

// problem shows a problem: what it is, then what helps.
func problem(p hotfix.Problem) string {
	what := upperFirst(endSentence(trouble(p.What)))
	if p.Remedy != "" {
		what += " **Remedy:** " + endSentence(prose(p.Remedy))
	}
	if p.Topic != "" {
		what += " [What this means](" + p.Topic.URL() + ")"
	}
	return what
}

// problems lists what holds a hotfix up, under its own heading; nothing for none.
func problems(list []hotfix.Problem) string {
	if len(list) == 0 {
		return ""
	}
	lines := make([]string, len(list))
	for i, p := range list {
		lines[i] = problem(p)
	}
	return "\n**What only a person can change**\n\n" + bullets(lines)
}

// statement makes a sentence of words that come from elsewhere in the bot.
func statement(text string) string { return upperFirst(endSentence(prose(text))) }

// upperFirst makes a sentence begin with a capital, unless it begins with a commit's
// id.
func upperFirst(s string) string {
	if s == "" || startsWithID.MatchString(s) {
		return s
	}
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

var startsWithID = regexp.MustCompile(`^[0-9a-f]{7,40}\b`)

// endSentence gives a sentence its full stop.
func endSentence(s string) string {
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// codes shows each word as code.
func codes(words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = naming.Code(w)
	}
	return out
}

// cell makes a text fit for a table: no line ends, no bare pipes (GFM takes
// `\|` for a pipe even inside code).
func cell(text string) string {
	var b strings.Builder
	escaped := false
	for _, r := range strings.ReplaceAll(text, "\n", " ") {
		if r == '|' && !escaped {
			b.WriteByte('\\')
		}
		escaped = r == '\\' && !escaped
		b.WriteRune(r)
	}
	return b.String()
}

// longestFence is the widest fence that a code block gets.
const longestFence = "````````````````"

// fenced is a shell code block. Its fence is longer than any run of backticks
// inside (CommonMark 4.5).
func fenced(lines []string) string {
	text := strings.Join(lines, "\n")
	fence := "```"
	for strings.Contains(text, fence) && len(fence) < len(longestFence) {
		fence += "`"
	}
	return fence + "sh\n" + text + "\n" + fence + "\n"
}

// openFence is the fence of a code block that a text leaves open, or "".
func openFence(text string) string {
	open := ""
	for line := range strings.SplitSeq(text, "\n") {
		switch {
		case open == "" && strings.HasPrefix(line, "```"):
			open = line[:len(line)-len(strings.TrimLeft(line, "`"))]
		case open != "" && line == open:
			open = ""
		}
	}
	return open
}
