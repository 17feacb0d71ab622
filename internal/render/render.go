// Package render holds every word that people read on GitHub: the status
// comment, pull request and issue bodies, check runs, tag messages and the
// answers to commands.
//
// Every text is a pure function of its arguments: the same facts give the same
// bytes, so a second reconcile finds nothing to edit. What people wrote (titles,
// reasons, paths, names in a configuration) passes through [naming.Neutralise]
// or [naming.Code] on its way; it can mention nobody, close no issue, end no
// comment and give no command. No text is longer than GitHub takes, and each
// comment and body ends with its hidden marker. The package decides nothing,
// and it never mentions a person by @.
package render

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// What GitHub takes, in characters.
const (
	maxBody    = 65_536 // of a comment, an issue or a pull request
	maxSummary = 65_535 // of a check run's summary
	maxTitle   = 256    // of an issue or a pull request
	// maxMarker is how much of a text its marker may take; the rest is for people.
	maxMarker = maxBody * 3 / 4
	// maxListed is how many lines a list of paths or commits may have; the rest
	// is counted. Nobody reads the fifty-first.
	maxListed = 50
)

// finish puts the marker on the last line of a body, and cuts the body, never
// the marker, where both together are too long.
func finish(body, marker string) string {
	body = strings.TrimRight(body, "\n")
	room := maxBody - utf8.RuneCountInString(marker) - len("\n\n\n")
	return cut(body, room) + "\n\n" + marker + "\n"
}

// cut shortens a Markdown text to a number of characters at the end of a line,
// says so, and closes a code block that was cut open.
func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	const note = "\n\n… the rest is too long for GitHub."
	kept := firstRunes(text, max(0, limit-utf8.RuneCountInString(note)-len("\n"+longestFence)))
	if end := strings.LastIndexByte(kept, '\n'); end >= 0 {
		kept = kept[:end]
	}
	if fence := openFence(kept); fence != "" {
		kept += "\n" + fence
	}
	return kept + note
}

// firstRunes is the first n characters of a text.
func firstRunes(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// cutTo shortens a line to a number of characters, the last one an ellipsis.
func cutTo(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	if limit < 1 {
		return ""
	}
	return strings.TrimRight(firstRunes(text, limit-1), " ") + "…"
}

// number is "#34"; GitHub makes a link of it.
func number(n int) string { return "#" + strconv.Itoa(n) }

// commit shows an object id. With the repository's address it is a link, since
// GitHub links a bare short id only as long as it is unique.
func commit(repo hotfix.Repository, oid hotfix.OID) string {
	if repo.WebURL == "" {
		return oid.Short()
	}
	return "[" + oid.Short() + "](" + repo.WebURL + "/commit/" + string(oid) + ")"
}

// counted is "1 file" or "3 files".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// sentence joins words with commas and a last "and".
func sentence(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// few joins the first words and counts the rest.
func few(words []string, limit int) string {
	if len(words) <= limit {
		return strings.Join(words, ", ")
	}
	return strings.Join(words[:limit], ", ") + " … and " + strconv.Itoa(len(words)-limit) + " more"
}

// bullets is a list of lines; what is above the limit is counted.
func bullets(lines []string) string {
	var b strings.Builder
	for i, line := range lines {
		if i == maxListed {
			b.WriteString("- … and " + strconv.Itoa(len(lines)-i) + " more\n")
			break
		}
		b.WriteString("- " + line + "\n")
	}
	return b.String()
}
