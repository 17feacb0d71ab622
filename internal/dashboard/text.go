package dashboard

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// piece is a stretch of text, perhaps a link, perhaps code. Templates escape it.
type piece struct {
	Text string
	URL  string
	Code bool
}

// text is a line of pieces.
type text []piece

// plain is a line without links.
func plain(words string) text { return text{{Text: words}} }

// say appends plain words.
func (t text) say(words string) text { return append(t, piece{Text: words}) }

// code appends words in the type of code.
func (t text) code(words string) text { return append(t, piece{Text: words, Code: true}) }

// link appends a link.
func (t text) link(words, url string) text { return append(t, piece{Text: words, URL: url}) }

// join appends another line.
func (t text) join(other text) text { return append(t, other...) }

// codes appends words in the type of code, divided by commas.
func (t text) codes(words []string) text {
	for i, word := range words {
		if i > 0 {
			t = t.say(", ")
		}
		t = t.code(word)
	}
	return t
}

// stop is the line with a full stop at its end.
func (t text) stop() text {
	if len(t) == 0 || t[len(t)-1].Code || t[len(t)-1].URL != "" {
		return t.say(".")
	}
	last := t[len(t)-1]
	last.Text = fullStop(last.Text)
	return append(slices.Clone(t[:len(t)-1]), last)
}

// pull appends "#41", linked.
func (t text) pull(s site, number int) text {
	return t.link("#"+strconv.Itoa(number), s.pull(number))
}

// commit appends a short commit id, linked.
func (t text) commit(s site, id hotfix.OID) text {
	return append(t, piece{Text: id.Short(), URL: s.commit(id), Code: true})
}

// prose is a sentence of the bot's own, in which backticks enclose code, with a
// capital and a full stop. A backtick without its partner is shown as it is.
func prose(sentence string) text {
	parts := strings.Split(upperFirst(fullStop(strings.TrimSpace(sentence))), "`")
	if last := len(parts) - 1; len(parts)%2 == 0 {
		parts = append(parts[:last-1], parts[last-1]+"`"+parts[last])
	}
	var t text
	for i, part := range parts {
		if part != "" {
			t = append(t, piece{Text: part, Code: i%2 == 1})
		}
	}
	return t
}

// capital is the line with a capital at its beginning, unless it begins with a
// name.
func (t text) capital() text {
	if len(t) == 0 || t[0].Code || t[0].URL != "" {
		return t
	}
	first := piece{Text: upperFirst(t[0].Text)}
	return append(text{first}, t[1:]...)
}

func fullStop(s string) string {
	if s == "" || strings.ContainsAny(s[len(s)-1:], ".!?:") {
		return s
	}
	return s + "."
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return s
	}
	return string(unicode.ToUpper(first)) + s[size:]
}
