package naming

import (
	"encoding/json"
	"fmt"
	"strings"
)

// The kinds of hidden markers.
const (
	KindStatus   = "status"   // hotfix.StatusMarker, in status comments
	KindReply    = "reply"    // hotfix.Answer, in replies to commands
	KindBackport = "backport" // hotfix.BackportMarker, in bodies of backport pull requests
	KindIssue    = "issue"    // hotfix.IssueMarker, in bodies of issues that the bot opened
	KindReminder = "reminder" // hotfix.ReminderMarker, in reminders on backport pull requests
	KindRevert   = "revert"   // hotfix.RevertMarker, in bodies of pull requests that take a hotfix back
	KindPromote  = "promote"  // hotfix.PromotionMarker, in bodies of promotion pull requests
)

const (
	markerStart = "<!-- hotfixbot:"
	markerEnd   = " -->"
)

// Marker is an HTML comment, which GitHub keeps and does not show, that carries
// value as JSON. It belongs at the end of a text, on a line of its own, after a
// line of the bot's own. A value that has no JSON form is a mistake in the
// program, not in its input: it panics.
func Marker(kind string, value any) string {
	data, err := json.Marshal(value) // escapes <, > and & inside strings
	if err != nil {
		panic(fmt.Sprintf("naming: marker %s: %v", kind, err))
	}
	// "--" may end an HTML comment; in JSON it occurs only inside strings.
	text := strings.ReplaceAll(string(data), "--", `-\u002d`)
	return markerStart + kind + " " + text + markerEnd
}

// FindMarker reads the marker of a kind from the end of a text into a pointer,
// or, with nil, only tells whether it is there. Only the last lines are
// believed, as far up as they are markers or empty, and of two markers of a
// kind the lower one: what the bot quotes of people's words stands above. The
// caller has made sure that the bot is the author. What into holds after false
// is not to be relied on.
func FindMarker(body, kind string, into any) bool {
	for body != "" {
		var line string
		body, line = lastLine(body)
		if line == "" {
			continue
		}
		found, data, ok := splitMarker(line)
		if !ok {
			return false
		}
		if found == kind {
			return into == nil || json.Unmarshal([]byte(data), into) == nil
		}
	}
	return false
}

// lastLine cuts the last line off, without the white space around it: GitHub
// stores carriage returns of what was edited in a browser.
func lastLine(text string) (before, line string) {
	end := strings.LastIndexByte(text, '\n')
	if end < 0 {
		return "", strings.TrimSpace(text)
	}
	return text[:end], strings.TrimSpace(text[end+1:])
}

func splitMarker(line string) (kind, data string, ok bool) {
	line, starts := strings.CutPrefix(line, markerStart)
	line, ends := strings.CutSuffix(line, markerEnd)
	kind, data, ok = strings.Cut(line, " ")
	if !starts || !ends || !ok || strings.Contains(data, "--") {
		return "", "", false
	}
	return kind, data, json.Valid([]byte(data))
}
