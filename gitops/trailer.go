package gitops

import "strings"

// generated are the trailers that git itself writes: with one of them, a
// paragraph is a trailer block when a quarter of its lines are trailers.
var generated = []string{"Signed-off-by: ", "(cherry picked from commit "}

const scissors = "# ------------------------ >8 ------------------------\n"

// hasTrailers reports whether a message ends in a trailer block.
func hasTrailers(message string) bool {
	start, end := trailerBlock(message)
	return start < end
}

// trailerBlock is where the trailers of a message start and end (equal: there
// are none), after trailer_info_get in git's trailer.c.
func trailerBlock(message string) (start, end int) {
	end = trailerEnd(message)
	return trailerStart(message, end), end
}

// trailerEnd passes over what is no text at the end: comments, blank lines, an
// old "Conflicts:" block (ignore_non_trailer in git's commit.c).
func trailerEnd(message string) int {
	cutoff := len(message)
	if strings.HasPrefix(message, scissors) {
		cutoff = 0
	} else if at := strings.Index(message, "\n"+scissors); at >= 0 {
		cutoff = at + 1
	}
	tail, conflicts, at := -1, false, 0
	for line := range strings.Lines(message[:cutoff]) {
		switch {
		case line[0] == '#' || line[0] == '\n':
			if tail < 0 {
				tail = at
			}
		case line == "Conflicts:\n":
			conflicts = true
			if tail < 0 {
				tail = at
			}
		case conflicts && line[0] == '\t':
		default:
			tail, conflicts = -1, false
		}
		at += len(line)
	}
	if tail >= 0 {
		return tail
	}
	return cutoff
}

// trailerStart walks up from end to the blank line before the last paragraph
// and counts (find_trailer_start in git's trailer.c). Without a block it is end.
func trailerStart(message string, end int) int {
	title := titleEnd(message[:end])
	var count trailerCount
	seen := false
	for at := lastLine(message, end); at >= title; at = lastLine(message, at) {
		line := message[at:end]
		line, _, _ = strings.Cut(line, "\n")
		switch {
		case strings.HasPrefix(line, "#"):
			count.endRun()
		case strings.Trim(line, space) == "":
			if !seen {
				continue
			}
			count.endRun()
			if count.isBlock() {
				return at + len(line) + 1
			}
			return end
		default:
			seen = true
			count.add(line)
		}
	}
	return end
}

// titleEnd is where the first paragraph ends: it never holds trailers.
func titleEnd(text string) int {
	at := 0
	for line := range strings.Lines(text) {
		if line[0] != '#' && strings.Trim(line, space) == "" {
			break
		}
		at += len(line)
	}
	return at
}

// lastLine is where the last line of text[:end] starts; -1 when that is empty.
func lastLine(text string, end int) int {
	switch end {
	case -1, 0:
		return -1
	case 1:
		return 0
	}
	return strings.LastIndexByte(text[:end-1], '\n') + 1
}

// trailerCount weighs the lines of a paragraph, seen from the last to the first.
type trailerCount struct {
	trailers, others int
	folded           int // indented lines: they belong to the line above, still unknown
	generated        bool
}

func (c *trailerCount) add(line string) {
	switch {
	case isGenerated(line):
		c.trailers++
		c.folded = 0
		c.generated = true
	case strings.IndexByte(space, line[0]) >= 0:
		c.folded++
	case isTrailer(line):
		c.trailers++
		c.folded = 0
	default:
		c.others++
		c.endRun()
	}
}

// endRun counts indented lines that turned out to belong to no trailer.
func (c *trailerCount) endRun() {
	c.others += c.folded
	c.folded = 0
}

func (c *trailerCount) isBlock() bool {
	if c.generated && c.trailers*3 >= c.others {
		return true
	}
	return c.trailers > 0 && c.others == 0
}

func isGenerated(line string) bool {
	for _, prefix := range generated {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}

// isTrailer reports whether a line is "Token: value": letters, digits and
// hyphens, then blanks, then the colon (find_separator in git's trailer.c).
func isTrailer(line string) bool {
	blank := false
	for i, c := range []byte(line) {
		switch {
		case c == ':':
			return i > 0
		case !blank && (c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'):
		case i > 0 && (c == ' ' || c == '\t'):
			blank = true
		default:
			return false
		}
	}
	return false
}
