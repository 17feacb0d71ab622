package forge

import (
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// What GitHub allows one installation (docs.github.com, "Rate limits for the REST
// API"): some 80 requests a minute and 500 an hour that create content, and 900
// points a minute, of which a read costs one and a write five. The bot stays below:
// a burst of writes, then one a second, as GitHub's best practices advise.
const (
	writeBurst      = 20
	writeEvery      = time.Second
	writesPerMinute = 80
	writesPerHour   = 500
	pointsPerMinute = 900

	// margin is what GitHub's clock and the way to it may differ by.
	margin = time.Second

	// clockSkew is how far the clocks of the processes that share a purse may be apart.
	clockSkew = time.Minute
	// longestHold is longer than GitHub wants to hear nothing: its limits are an hour's.
	longestHold = 2 * time.Hour

	// awaited is how long what a repository stands in line for is kept for it alone
	// when it does not come. Its place it keeps: when it comes, it is its turn.
	awaited = time.Minute
	// lapse is when a place is dropped: who was told to come comes within minutes,
	// also after a restart; nothing but the end of the repository keeps it away.
	lapse = time.Hour
)

// purse is what one installation has spent, and who waits to spend more. It is kept
// where all processes see it, so that replicas share one budget and a restart
// begins with what is left. Times are Unix milliseconds.
type purse struct {
	Writes []int64 `json:"writes,omitempty"` // when the writes of the last hour were made, oldest first
	Blocks []int64 `json:"blocks,omitempty"` // when the blocks of points were handed out, oldest first
	Held   int64   `json:"held,omitempty"`   // before this GitHub wants to hear nothing
	Again  int     `json:"again,omitempty"`  // how often GitHub refused again, soon after it was waited for

	Line    []waiter            `json:"line,omitempty"`    // who waits to write, in the order of their turns
	Round   int                 `json:"round,omitempty"`   // of the turn that was served last
	Turns   map[string]progress `json:"turns,omitempty"`   // of the repositories that wrote or wait to
	Readers []reader            `json:"readers,omitempty"` // who waits to begin, in this order
}

// forget drops what counts no more, and what a clock that was ahead has noted: it would
// count until then.
func (p *purse) forget(now time.Time) {
	p.Writes = since(upTo(p.Writes, now.Add(clockSkew)), now.Add(-time.Hour-margin))
	p.Blocks = since(upTo(p.Blocks, now.Add(clockSkew)), now.Add(-blockWindow))
	if time.UnixMilli(p.Held).After(now.Add(longestHold)) {
		p.Held = 0
	}
	p.forgetWaiters(now.Add(-lapse).UnixMilli())
	p.forgetReaders(now.Add(-lapse).UnixMilli())
}

func ownWait(at time.Time, what string) *hotfix.Later {
	return &hotfix.Later{At: at, Own: true, Why: "the installation's budget for " + what + " is used up for now"}
}

// held is what GitHub said, while it counts.
func (p *purse) held(now time.Time) *hotfix.Later {
	if at := time.UnixMilli(p.Held); at.After(now) {
		return &hotfix.Later{At: at, Why: "GitHub's rate limit is used up"}
	}
	return nil
}

// forgiven is how long GitHub must have refused nothing for the next refusal to be a
// first one; longestBackOff is the longest wait where GitHub names none.
const (
	forgiven       = 10 * time.Minute
	longestBackOff = 32 * time.Minute
)

// hold notes that GitHub wants to hear nothing before a time, and tells the time that
// counts. Where GitHub named none, the wait is twice as long each time it refuses again,
// as it asks for (docs.github.com, "Rate limits for the REST API").
func (p *purse) hold(now, until time.Time, named bool) time.Time {
	if p.held(now) == nil {
		if now.Sub(time.UnixMilli(p.Held)) < forgiven {
			p.Again++
		} else {
			p.Again = 0
		}
	}
	if !named {
		until = now.Add(min(backOff<<min(p.Again, 10), longestBackOff))
	}
	p.Held = max(p.Held, until.UnixMilli())
	return time.UnixMilli(p.Held)
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
