package forge

import (
	"slices"
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

	// Points are handed out in blocks, so that not every read is a transaction. A block
	// may be spent for blockLife, so the points of two blocks that many seconds apart
	// may meet.
	pointBlock = 60
	blockLife  = 10 * time.Second
	// pointsKept are for reconciles that run already: none is begun with less.
	pointsKept = 4 * pointBlock

	// turnWrites is how many writes a repository may make before it is another's turn:
	// about those of one hotfix.
	turnWrites = 15
	// turnLapse is how long a turn is kept for a repository that does not come.
	turnLapse = time.Minute
	// furthest is how far ahead a read is put off.
	furthest = 10 * time.Minute
)

// rank is how much a write matters when there is not enough for all.
type rank int

const (
	rankPeople rank = iota // a reaction or a reply: somebody waits for it
	rankPulls              // a pull request
	rankRest
)

// spare is how many writes are left for what matters more.
var spare = map[rank]int{rankPulls: 1, rankRest: 3}

// purse is what one installation has spent, and who waits to spend more. It is kept
// where all processes see it, so that replicas share one budget and a restart
// begins with what is left. Times are Unix milliseconds.
type purse struct {
	Writes []int64  `json:"writes,omitempty"` // when the writes of the last hour were made, oldest first
	Blocks []int64  `json:"blocks,omitempty"` // when the blocks of points were handed out, oldest first
	Next   int64    `json:"next,omitempty"`   // when the last block that somebody waits for is handed out
	Held   int64    `json:"held,omitempty"`   // before this GitHub wants to hear nothing
	Line   []waiter `json:"line,omitempty"`   // the repositories that wait, in the order of their turns
}

// waiter is the place of a repository in the line.
type waiter struct {
	Repository string `json:"repository"`
	Rank       rank   `json:"rank"`
	Left       int    `json:"left"` // writes
	At         int64  `json:"at"`   // when it was told to come
}

// write takes one write, or says when the repository should come again. Those who
// wait longer come first, by rank; what people wait for does not stand in line.
func (p *purse) write(now time.Time, repository string, r rank) *hotfix.Later {
	p.forget(now)
	if held := p.held(now); held != nil {
		return held
	}
	place := p.place(repository)
	if p.room(now) <= p.kept(place, r) {
		return ownWait(p.queue(now, repository, r), "writing")
	}
	p.Writes = append(p.Writes, now.UnixMilli())
	if place < len(p.Line) {
		p.Line[place].Left--
		p.Line[place].At = now.UnixMilli()
		if p.Line[place].Left <= 0 {
			p.Line = slices.Delete(p.Line, place, place+1)
		}
	}
	return nil
}

// points takes a block of points that leaves so many, or says when to come again.
func (p *purse) points(now time.Time, leaving int) *hotfix.Later {
	p.forget(now)
	if held := p.held(now); held != nil {
		return held
	}
	if (len(p.Blocks)+1)*pointBlock+leaving <= pointsPerMinute {
		p.Blocks = append(p.Blocks, now.UnixMilli())
		return nil
	}
	// One after the other, as the blocks become free: all at once they would take
	// each other's.
	free := time.UnixMilli(p.Blocks[0]).Add(blockWindow)
	at := latest(free, time.UnixMilli(p.Next).Add(blockWindow*pointBlock/pointsPerMinute))
	if at.After(now.Add(furthest)) {
		at = now.Add(furthest)
	}
	p.Next = at.UnixMilli()
	return ownWait(at, "requests")
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

// blockWindow is how long a block counts: until the last point of it cannot be in
// the same minute.
const blockWindow = time.Minute + blockLife + margin

// hold notes that GitHub wants to hear nothing before a time.
func (p *purse) hold(until time.Time) { p.Held = max(p.Held, until.UnixMilli()) }

// leave gives the rest of a repository's turn to others.
func (p *purse) leave(repository string) {
	if place := p.place(repository); place < len(p.Line) {
		p.Line = slices.Delete(p.Line, place, place+1)
	}
}

// place is where a repository stands in line; behind all when it does not.
func (p *purse) place(repository string) int {
	for i := range p.Line {
		if p.Line[i].Repository == repository {
			return i
		}
	}
	return len(p.Line)
}

// kept is how many writes are not for whoever stands at a place.
func (p *purse) kept(place int, r rank) int {
	if r == rankPeople {
		return 0
	}
	kept := spare[r]
	for _, t := range p.Line[:place] {
		kept += t.Left
	}
	return kept
}

// queue puts a repository into the line, or finds it there, and tells when its turn
// will have come.
func (p *purse) queue(now time.Time, repository string, r rank) time.Time {
	place := p.place(repository)
	waits := waiter{Repository: repository, Rank: r, Left: turnWrites}
	if place < len(p.Line) {
		waits.Rank, waits.Left = min(r, p.Line[place].Rank), p.Line[place].Left
		p.Line = slices.Delete(p.Line, place, place+1)
	}
	// Its own place, unless what it wants now matters more.
	behind := slices.IndexFunc(p.Line, func(t waiter) bool { return t.Rank > waits.Rank })
	if behind < 0 {
		behind = len(p.Line)
	}
	place = min(place, behind)
	ahead := 0
	for _, t := range p.Line[:place] {
		ahead += t.Left
	}
	at := p.when(now, ahead, min(waits.Left+spare[r], writeBurst))
	waits.At = at.UnixMilli()
	p.Line = slices.Insert(p.Line, place, waits)
	return at
}

// forget drops what counts no more.
func (p *purse) forget(now time.Time) {
	p.Writes = since(p.Writes, now.Add(-time.Hour-margin))
	p.Blocks = since(p.Blocks, now.Add(-blockWindow))
	lapsed := now.Add(-turnLapse).UnixMilli()
	p.Line = slices.DeleteFunc(p.Line, func(t waiter) bool { return t.At < lapsed })
}

// since is the times after another one, which are in order.
func since(times []int64, after time.Time) []int64 {
	i, _ := slices.BinarySearch(times, after.UnixMilli()+1)
	return times[i:]
}

// room is how many writes may be made now.
func (p *purse) room(now time.Time) int {
	lacking := max(refilled(p.Writes).Sub(now), 0)
	bucket := writeBurst - int((lacking+writeEvery-1)/writeEvery)
	minute := writesPerMinute - len(since(p.Writes, now.Add(-time.Minute-margin)))
	return max(min(bucket, minute, writesPerHour-len(p.Writes)), 0)
}

// when is the time at which so many writes may be made at once after others have
// made theirs as fast as they may.
func (p *purse) when(now time.Time, ahead, writes int) time.Time {
	times := slices.Clone(p.Writes)
	full := refilled(times)
	for range min(ahead, 4*writesPerHour) {
		now = soonest(times, full, now, 1)
		full = latest(full, now).Add(writeEvery)
		times = append(times, now.UnixMilli())
	}
	return soonest(times, full, now, writes)
}

// refilled is when the bucket of writes is full again.
func refilled(writes []int64) time.Time {
	var full time.Time
	for _, at := range writes[max(0, len(writes)-writesPerMinute-writeBurst):] {
		full = latest(full, time.UnixMilli(at)).Add(writeEvery)
	}
	return full
}

// soonest is the first time, from one on, at which n writes may be made at once.
func soonest(writes []int64, full, from time.Time, n int) time.Time {
	at := latest(from, full.Add(-time.Duration(writeBurst-n)*writeEvery))
	for _, window := range []struct {
		length time.Duration
		limit  int
	}{{time.Minute, writesPerMinute}, {time.Hour, writesPerHour}} {
		if out := len(writes) - 1 - (window.limit - n); out >= 0 { // this one must count no more
			at = latest(at, time.UnixMilli(writes[out]).Add(window.length+margin))
		}
	}
	return at
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
