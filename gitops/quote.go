package gitops

import (
	"fmt"
	"strings"
)

var escapes = map[byte]byte{'a': '\a', 'b': '\b', 't': '\t', 'n': '\n', 'v': '\v', 'f': '\f', 'r': '\r', '\\': '\\', '"': '"'}

// unquote reads a C-style quoted string at the start of text, as git writes them
// (unquote_c_style in quote.c), and returns what follows it.
func unquote(text string) (value, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		return "", text, false
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			return b.String(), text[i+1:], true
		case c != '\\':
			b.WriteByte(c)
		case i+1 < len(text) && escapes[text[i+1]] != 0:
			b.WriteByte(escapes[text[i+1]])
			i++
		case i+3 < len(text) && octal(text[i+1:i+4], '3'):
			b.WriteByte((text[i+1]-'0')<<6 | (text[i+2]-'0')<<3 | (text[i+3] - '0'))
			i += 3
		default:
			return "", text, false
		}
	}
	return "", text, false
}

func octal(digits string, first byte) bool {
	return digits[0] >= '0' && digits[0] <= first && digits[1] >= '0' && digits[1] <= '7' && digits[2] >= '0' && digits[2] <= '7'
}

// quote writes text as a C-style quoted string.
func quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, c := range []byte(text) {
		switch {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
