package forge

import (
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	// Points are handed out in blocks, so that not every read is a transaction. A block
	// may be spent for blockLife, so the points of two blocks that many seconds apart
	// may meet.
	pointBlock = 60
	blockLife  = 10 * time.Second
	// blockWindow is how long a block counts: until the last point of it cannot be in
	// the same minute.
	blockWindow = time.Minute + blockLife + margin
	// pointsKept are for reconciles that run already: none is begun with less.
	pointsKept = 4 * pointBlock

	// What a reconcile may cost that finds nothing to do, and one that makes a turn's
	// writes.
	pointsOfLook = 10
	pointsOfTurn = 2 * pointBlock

	// apart is how far from each other they begin again after GitHub refused, and
	// farthest how long it may take until all have.
	apart    = time.Second
	farthest = time.Minute
)

// reader is the place of a repository that waits to begin.
type reader struct {
	Repository string `json:"repository"`
	Points     int    `json:"points"` // about what it needs
	At         int64  `json:"at"`     // when it was told to come
}

// begin lets a reconcile begin, or says when to come again: who waits longer comes
// first, and before all who has a place in the line of those who write. One who came for
// its turn to write when it is not its turn yet reads nothing. Who comes sooner than it
// was told was called by a person, and waits for nobody. enough is whether the process
// has points left; where it has not, a block is taken.
func (p *purse) begin(now time.Time, repository string, enough bool) *hotfix.Later {
	p.forget(now)
	place := p.readerPlace(repository)
	if later := p.held(now); later != nil {
		later.At = later.At.Add(min(time.Duration(place)*apart, farthest))
		p.await(repository, place, later.At)
		return later
	}
	called := p.expected(repository) > now.UnixMilli()
	if writer := p.place(repository); writer < len(p.Line) && !called {
		if r := p.Line[writer].Rank; p.room(now) <= p.kept(now, writer, r) {
			return ownWait(p.queue(now, repository, r), "writing")
		}
	}
	blocks := 0
	if !called {
		blocks = p.blocksAhead(now, place)
	}
	if !enough {
		blocks++
	}
	if free := p.blocksFree(blocks, now); free.After(now) {
		p.await(repository, place, free)
		return ownWait(free, "requests")
	}
	p.Readers = slices.DeleteFunc(p.Readers, func(r reader) bool { return r.Repository == repository })
	if !enough {
		p.Blocks = append(p.Blocks, now.UnixMilli())
	}
	return nil
}

// expected is when a repository was told to come; 0: it was not.
func (p *purse) expected(repository string) (at int64) {
	if writer := p.place(repository); writer < len(p.Line) {
		at = p.Line[writer].At
	}
	if place := p.readerPlace(repository); place < len(p.Readers) && p.Readers[place].Repository == repository {
		at = max(at, p.Readers[place].At)
	}
	return at
}

// points takes a block of points for a reconcile that runs, or says when to come again.
func (p *purse) points(now time.Time, repository string) *hotfix.Later {
	p.forget(now)
	if held := p.held(now); held != nil {
		return held
	}
	if (len(p.Blocks)+1)*pointBlock <= pointsPerMinute {
		p.Blocks = append(p.Blocks, now.UnixMilli())
		return nil
	}
	place := p.readerPlace(repository)
	free := p.blocksFree(p.blocksAhead(now, place)+1, now)
	p.await(repository, place, free)
	return ownWait(free, "requests")
}

// await notes when a repository was told to come, also in the line of those who write:
// it cannot come sooner.
func (p *purse) await(repository string, place int, at time.Time) {
	waits := reader{Repository: repository, Points: pointsOfLook, At: at.UnixMilli()}
	if writer := p.place(repository); writer < len(p.Line) {
		waits.Points = pointsOfTurn
		p.Line[writer].At = max(p.Line[writer].At, waits.At)
	}
	if place < len(p.Readers) && p.Readers[place].Repository == repository {
		p.Readers[place] = waits
		return
	}
	p.Readers = slices.Insert(p.Readers, place, waits)
}

// readerPlace is where a repository stands among those who wait to begin, or would
// stand: who has a turn to write comes first.
func (p *purse) readerPlace(repository string) int {
	for i := range p.Readers {
		if p.Readers[i].Repository == repository {
			return i
		}
	}
	place := len(p.Readers)
	if p.place(repository) < len(p.Line) {
		for place > 0 && p.Readers[place-1].Points < pointsOfTurn {
			place--
		}
	}
	return place
}

// blocksAhead is how many blocks are kept for those before a place who are waited for.
func (p *purse) blocksAhead(now time.Time, place int) int {
	late, points := now.Add(-awaited).UnixMilli(), 0
	for _, r := range p.Readers[:place] {
		if r.At >= late {
			points += r.Points
		}
	}
	return (points + pointBlock - 1) / pointBlock
}

// blocksFree is the first time at which so many blocks, of those that a reconcile may
// begin with, will have been free.
func (p *purse) blocksFree(blocks int, now time.Time) time.Time {
	const most = (pointsPerMinute - pointsKept) / pointBlock
	times := slices.Clone(p.Blocks)
	for range blocks {
		if len(times) >= most {
			now = latest(now, time.UnixMilli(times[len(times)-most]).Add(blockWindow))
		}
		times = append(times, now.UnixMilli())
	}
	return now
}

// forgetReaders drops the places of those who did not come.
func (p *purse) forgetReaders(before int64) {
	p.Readers = slices.DeleteFunc(p.Readers, func(r reader) bool { return r.At < before })
}
