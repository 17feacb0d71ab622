package gitops

import (
	"regexp"
	"strings"
)

var (
	header   = regexp.MustCompile(`(?i)(authorization: *\w+ +)\S+`)
	userinfo = regexp.MustCompile(`://[^/@\s]*@`)
)

// scrub removes secrets and control characters from what git printed.
func scrub(text, token string) string {
	if token != "" {
		text = strings.NewReplacer(token, "***", basic(token), "***").Replace(text)
	}
	text = userinfo.ReplaceAllString(header.ReplaceAllString(text, "$1***"), "://***@")
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, text)
}

// oneLine is text for an error: its lines joined, at most 500 characters.
func oneLine(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' }), "; ")
	if len(text) > 500 {
		text = strings.ToValidUTF8(text[:500], "") + "…"
	}
	return text
}
