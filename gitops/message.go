package gitops

import (
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// space is what git's isspace takes for white space.
const space = " \t\r\n"

// pickMessage is the message that `git cherry-pick -x` (with --signoff, when by
// asks for it) gives the copy of a commit, byte for byte.
func pickMessage(message string, source hotfix.OID, by hotfix.Stamp) string {
	message = completeLine(message)
	if !hasTrailers(message) {
		message += "\n"
	}
	message += "(cherry picked from commit " + string(source) + ")\n"
	if by.SignOff {
		message = signOff(message, "Signed-off-by: "+identity(by)+"\n")
	}
	return stripSpace(message)
}

// ownMessage is the message of a commit that is the committer's own work.
func ownMessage(message string, by hotfix.Stamp) string {
	if by.SignOff {
		message = signOff(completeLine(message), "Signed-off-by: "+identity(by)+"\n")
	}
	return stripSpace(completeLine(message))
}

// signOff adds the line unless it is the last trailer already (append_signoff in
// git's sequencer.c).
func signOff(message, line string) string {
	start, end := trailerBlock(message)
	switch {
	case strings.HasSuffix(message[start:end], line):
		return message
	case start == end:
		return message + "\n" + line
	}
	return message + line
}

func completeLine(text string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		return text + "\n"
	}
	return text
}

// stripSpace is `git stripspace`: no blanks at the end of lines, no blank lines
// at either end, one at most in between.
func stripSpace(text string) string {
	var b strings.Builder
	blank := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, space)
		if line == "" {
			blank = b.Len() > 0
			continue
		}
		if blank {
			b.WriteByte('\n')
		}
		blank = false
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.String()
}
