package gitops

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/ianaindex"
)

var encodingHeader = regexp.MustCompile(`\nencoding ([^\n]+)`)

// toUTF8 converts a commit object to UTF-8 as git does when it picks: by the
// encoding header, else by taking each byte that is no UTF-8 for Latin-1
// (verify_utf8 in git's commit.c).
func toUTF8(raw []byte) []byte {
	header, _, _ := bytes.Cut(raw, []byte("\n\n"))
	if m := encodingHeader.FindSubmatch(header); m != nil {
		if converted, ok := decode(raw, string(m[1])); ok {
			raw = converted
		}
	}
	if utf8.Valid(raw) && !hasNonCharacter(raw) {
		return raw
	}
	return latin1Rest(raw)
}

// decode reports false where the encoding is unknown or the text is not in it.
func decode(raw []byte, name string) ([]byte, bool) {
	if strings.EqualFold(name, "utf-8") || strings.EqualFold(name, "utf8") {
		return nil, false
	}
	e, err := ianaindex.IANA.Encoding(name)
	if err != nil || e == nil {
		return nil, false
	}
	converted, err := e.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(converted, utf8.RuneError) {
		return nil, false
	}
	return converted, true
}

func latin1Rest(raw []byte) []byte {
	out := make([]byte, 0, len(raw)+16)
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 || nonCharacter(r) {
			out = utf8.AppendRune(out, rune(raw[i]))
			i++
			continue
		}
		out = append(out, raw[i:i+size]...)
		i += size
	}
	return out
}

func hasNonCharacter(raw []byte) bool {
	return bytes.ContainsFunc(raw, nonCharacter)
}

// nonCharacter are the code points that git does not take for UTF-8 either.
func nonCharacter(r rune) bool {
	return r&0xfffe == 0xfffe || r >= 0xfdd0 && r <= 0xfdef
}
