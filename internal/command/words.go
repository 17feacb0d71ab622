package command

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one word of a command line.
type word struct {
	text   string // without its quotes
	raw    string // as it was written
	quoted bool   // then it is neither an option nor a pull request
}

// split cuts a line at white space. A word that starts with a quote goes on to
// the closing one: "…", “…” or `…`, the last with as many backticks as needed.
// A quote that is not closed is an ordinary letter, and so is every ' (don't).
func split(line string) []word {
	var words []word
	for {
		line = strings.TrimLeftFunc(line, unicode.IsSpace)
		if line == "" {
			return words
		}
		w, ok := quotedWord(line)
		if !ok {
			w = plainWord(line)
		}
		words = append(words, w)
		line = line[len(w.raw):]
	}
}

func plainWord(line string) word {
	if end := strings.IndexFunc(line, unicode.IsSpace); end >= 0 {
		line = line[:end]
	}
	return word{text: line, raw: line}
}

// quotedWord is the quoted word that line starts with, if it does and if white
// space or the end follows the closing quote.
func quotedWord(line string) (word, bool) {
	fence := strings.Repeat("`", len(line)-len(strings.TrimLeft(line, "`")))
	open, closing := fence, fence
	for _, pair := range [][2]string{{`"`, `"`}, {"“", "”"}} {
		if strings.HasPrefix(line, pair[0]) {
			open, closing = pair[0], pair[1]
		}
	}
	if open == "" {
		return word{}, false
	}
	end := strings.Index(line[len(open):], closing)
	if end < 1 {
		return word{}, false
	}
	text, rest := line[len(open):len(open)+end], line[len(open)+end+len(closing):]
	if next, _ := utf8.DecodeRuneInString(rest); rest != "" && !unicode.IsSpace(next) {
		return word{}, false
	}
	return word{text: strings.TrimSpace(text), raw: line[:len(line)-len(rest)], quoted: true}, true
}

// option is the word as an option ("--force", or "--" alone), if it is one.
// Phones write "—force".
func (w word) option() (name string, ok bool) {
	if w.quoted {
		return "", false
	}
	for _, dash := range []string{"--", "—", "–"} {
		if name, ok := strings.CutPrefix(w.text, dash); ok {
			return "--" + name, true
		}
	}
	return "", false
}

var pullForm = regexp.MustCompile(`^#([1-9][0-9]{0,8})$`)

// pull is the pull request that the word names, if it names one.
func (w word) pull() (number int, ok bool) {
	m := pullForm.FindStringSubmatch(w.text)
	if w.quoted || m == nil {
		return 0, false
	}
	number, err := strconv.Atoi(m[1])
	return number, err == nil
}

// texts is what the words say, one by one.
func texts(words []word) []string {
	var all []string
	for _, w := range words {
		all = append(all, w.text)
	}
	return all
}

// sentence is the words as one text, as it was written; the quotes go when they
// are around all of it.
func sentence(words []word) string {
	if len(words) == 1 {
		return words[0].text
	}
	var all []string
	for _, w := range words {
		all = append(all, w.raw)
	}
	return strings.Join(all, " ")
}
