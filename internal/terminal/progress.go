package terminal

import (
	"fmt"
	"io"
)

// Progress is a line that says what is under way. It is on a terminal only, and
// gone when that is done.
type Progress struct{ out io.Writer }

// Start says what is under way.
func Start(out io.Writer, what string) *Progress {
	if !Is(out) {
		out = io.Discard
	}
	p := &Progress{out: out}
	p.Say(what)
	return p
}

// Say replaces the line.
func (p *Progress) Say(what string) {
	fmt.Fprintf(p.out, "\r\x1b[K%s …", Safe(what)) // a line that cannot be shown is no reason to stop
}

// Done takes the line away.
func (p *Progress) Done() { fmt.Fprint(p.out, "\r\x1b[K") }
