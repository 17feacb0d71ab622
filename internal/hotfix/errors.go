package hotfix

import (
	"fmt"
	"time"
)

// An error has one of four fates. A *Refusal is told to a person and tried
// again only at the next wake; a *Later is tried again at a known time, and not
// before; a *Due is no failure and comes back at a known time or with the next
// wake; any other error is tried again soon.

// Refusal says that GitHub or git will not do a thing until somebody changes
// something. It is shown to people as it stands, so both parts are sentences
// without secrets.
type Refusal struct {
	What   string // "the push to backport/qa/34-cart was refused: …"
	Remedy string // "let the App bypass the ruleset …"
	Reason string // GitHub's own words for it, where it gave some
	Topic  Topic
}

// Error joins both parts.
func (r *Refusal) Error() string {
	if r.Remedy == "" {
		return r.What
	}
	return r.What + "; " + r.Remedy
}

// Later says that the same request must not be made before a time, because
// GitHub's budget is used up or a fact has not arrived yet.
type Later struct {
	At  time.Time
	Why string
	// Own is set when the bot chose the time itself, to stay below GitHub's limits: what a
	// person asks for comes before it.
	Own bool
}

// Error names the time and the reason.
func (l *Later) Error() string {
	return fmt.Sprintf("not before %s: %s", l.At.UTC().Format(time.RFC3339), l.Why)
}

// Due says that all is well and that something is to be done at a time though
// nothing happens until then. It holds nothing up.
type Due struct{ At time.Time }

// Error names the time.
func (d *Due) Error() string { return "due at " + d.At.UTC().Format(time.RFC3339) }

// Gone says that the object asked for does not exist, or may not be seen.
type Gone struct {
	What string
	// Repository is set when the repository itself is gone: deleted, or the App is
	// not installed there any more.
	Repository bool
}

// Error names what is gone.
func (g *Gone) Error() string { return g.What + " is gone" }

// Moved says that a ref was not where it was expected to be: somebody else
// pushed in between. The reconcile looks again.
type Moved struct {
	Ref string
	Now OID // where it is; empty when it is gone or unknown
}

// Error names the ref.
func (m *Moved) Error() string { return m.Ref + " was moved by somebody else" }
