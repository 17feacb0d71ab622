// Package terminal shows things to a person at a terminal: colours where they are
// wanted, tables in columns, the bot's Markdown without its marks, and a line that
// says what takes so long.
//
// What must always hold: what comes from elsewhere moves no cursor and rings no
// bell, because every control character is left out; and what is not read by a
// person at a terminal gets no escape sequence. The package decides nothing and
// knows nothing of hotfixes.
package terminal

import (
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/mattn/go-isatty"
)

// Is reports whether what is written there is read by a person at a terminal.
func Is(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && isatty.IsTerminal(file.Fd())
}

// Colours reports whether colours are wanted there: on a terminal, unless NO_COLOR
// is set to anything (https://no-color.org) or the terminal is a dumb one.
func Colours(w io.Writer) bool {
	return Is(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// Colour is how a terminal shows words (ECMA-48, "select graphic rendition").
type Colour string

// The colours that are used. The words say the same: colour is never all there is.
const (
	Plain  Colour = ""
	Bold   Colour = "1"
	Faint  Colour = "2"
	Red    Colour = "31"
	Green  Colour = "32"
	Yellow Colour = "33"
)

// Paint is whether words are coloured.
type Paint bool

// In is words in a colour, or as they are.
func (p Paint) In(colour Colour, words string) string {
	if !p || colour == Plain || words == "" {
		return words
	}
	return "\x1b[" + string(colour) + "m" + words + "\x1b[0m"
}

// Safe is text on one line without control characters, and without those that
// only change how others are shown.
func Safe(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}
