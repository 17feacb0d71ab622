package gitops

import (
	"regexp"
	"strconv"
	"strings"
)

// latest is the last second of the year 9999: what is later is an accident, and
// servers refuse dates that do not fit into their clock.
const latest = 253402300799

// soundIdent is what git's fsck accepts of an author or committer line.
var soundIdent = regexp.MustCompile(`^[^<>\x00\n]* <[^<>\x00\n]*> (0|[1-9][0-9]*) [+-][0-9]{4}$`)

// ident is an author or committer line, taken apart as git does: the address
// ends at the last '>', the date follows.
type ident struct {
	name, email string
	seconds     int64
	zone        string
}

func parseIdent(line string) ident {
	var id ident
	end := strings.LastIndexByte(line, '>')
	date := strings.Fields(line[end+1:])
	if end >= 0 {
		name, email, _ := strings.Cut(line[:end], "<")
		id.name, id.email = cleanName(name), cleanName(email)
	}
	id.zone = "+0000"
	if len(date) > 0 {
		id.seconds = parseSeconds(date[0])
	}
	if len(date) > 1 && len(date[1]) == 5 && soundIdent.MatchString(" <> 0 "+date[1]) {
		id.zone = date[1]
	}
	return id
}

func parseSeconds(text string) int64 {
	seconds, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil && strings.Trim(text, "0123456789") != "", seconds < 0:
		return 0
	case err != nil, seconds > latest:
		return latest
	}
	return seconds
}

// soundAuthor is the line itself where a server's fsck would take it, else the
// same person and time in a form that it takes.
func soundAuthor(line string) string {
	id := parseIdent(line)
	if soundIdent.MatchString(line) && id.seconds < latest {
		return line
	}
	return id.name + " <" + id.email + "> " + strconv.FormatInt(id.seconds, 10) + " " + id.zone
}

// cleanName drops what cannot stand in a name or address.
func cleanName(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '<' || r == '>' || r < ' ' {
			return -1
		}
		return r
	}, text))
}
