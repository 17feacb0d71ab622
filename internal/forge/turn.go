package forge

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// turnWrites is how many writes a repository may make before it is another's turn:
// about those of one hotfix.
const turnWrites = 15

// rank is how much a write matters when there is not enough for all.
type rank int

const (
	rankPeople rank = iota // a reaction or a reply: somebody waits for it
	rankPulls              // a pull request
	rankRest
)

// spare is how many writes are left for what matters more.
var spare = map[rank]int{rankPulls: 1, rankRest: forPeople}

// forPeople is how many writes there are always for people, and how many who answers
// them comes for.
const forPeople = 3

// patienceInLine is how long others may come before a repository.
const patienceInLine = time.Hour

// waiter is the place of a repository in the line.
type waiter struct {
	Repository string `json:"repository"`
	Rank       rank   `json:"rank"`
	Since      int64  `json:"since"`
	At         int64  `json:"at"` // when it was told to come, or wrote last
}

// progress is how far a repository is: all have their turn of one round before anybody has
// one of the next. Who comes new begins with the round that is served, and whoever
// wrote much while nobody waited is one behind.
type progress struct {
	Round int   `json:"round"`
	Made  int   `json:"made,omitempty"` // writes of this turn
	At    int64 `json:"at"`             // of the last one
}

func (t progress) left() int { return turnWrites - t.Made }

// progress is that of a repository, as if it began now when it is not known.
func (p *purse) progress(repository string) progress {
	t, known := p.Turns[repository]
	switch {
	case !known || t.Round < p.Round:
		return progress{Round: p.Round}
	case t.Round > p.Round+1:
		t.Round = p.Round + 1
	}
	return t
}

// write takes one write, or says when the repository should come again. Those whose
// turn it is come first; what people wait for does not stand in line.
func (p *purse) write(now time.Time, repository string, r rank) *hotfix.Later {
	p.forget(now)
	if held := p.held(now); held != nil {
		return held
	}
	place := p.place(repository)
	if p.room(now) <= p.kept(now, place, r) {
		return ownWait(p.queue(now, repository, r), "writing")
	}
	p.Writes = append(p.Writes, now.UnixMilli())
	p.took(now, repository, place)
	return nil
}

// took counts a write to the turn of its repository, which ends with it or goes on.
func (p *purse) took(now time.Time, repository string, place int) {
	t := p.progress(repository)
	t.Made, t.At = t.Made+1, now.UnixMilli()
	stands := place < len(p.Line)
	if stands {
		p.Line[place].At = now.UnixMilli()
		if p.Line[place].Rank == rankPeople { // answered: what else it wants waits for its turn
			answered := p.Line[place]
			answered.Rank = rankRest
			p.Line = slices.Delete(p.Line, place, place+1)
			p.insert(now, answered, len(p.Line))
		} else {
			p.Round = max(p.Round, t.Round)
		}
	}
	if t.left() <= 0 {
		t.Round, t.Made = t.Round+1, 0
		if stands {
			p.Line = slices.Delete(p.Line, p.place(repository), p.place(repository)+1)
		}
	}
	p.keep(repository, t)
}

func (p *purse) keep(repository string, t progress) {
	if p.Turns == nil {
		p.Turns = map[string]progress{}
	}
	p.Turns[repository] = t
}

// leave gives the rest of a repository's turn to others: it has nothing more to write.
func (p *purse) leave(repository string) {
	place := p.place(repository)
	if place == len(p.Line) {
		return
	}
	p.Line = slices.Delete(p.Line, place, place+1)
	if t := p.progress(repository); t.Made > 0 {
		p.keep(repository, progress{Round: t.Round + 1, At: t.At})
	}
}

// aside lets others write before a repository that cannot go on now. It keeps its
// place.
func (p *purse) aside(now time.Time, repository string) {
	if place := p.place(repository); place < len(p.Line) {
		p.Line[place].At = min(p.Line[place].At, now.Add(-awaited).UnixMilli()-1)
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
func (p *purse) kept(now time.Time, place int, r rank) int {
	if r == rankPeople {
		return 0
	}
	return spare[r] + p.ahead(now, place)
}

// ahead is how many writes are kept for those before a place who are waited for.
func (p *purse) ahead(now time.Time, place int) (writes int) {
	late := now.Add(-awaited).UnixMilli()
	for _, w := range p.Line[:place] {
		if w.At >= late {
			writes += p.progress(w.Repository).left()
		}
	}
	return writes
}

// queue puts a repository into the line, or finds it there, and tells when its turn
// will have come.
func (p *purse) queue(now time.Time, repository string, r rank) time.Time {
	waits, place := waiter{Repository: repository, Rank: r, Since: now.UnixMilli()}, p.place(repository)
	if place < len(p.Line) {
		waits.Rank, waits.Since = min(r, p.Line[place].Rank), p.Line[place].Since
		p.Line = slices.Delete(p.Line, place, place+1)
	}
	t := p.progress(repository)
	t.At = now.UnixMilli()
	p.keep(repository, t)
	place = p.insert(now, waits, place)
	comesFor := min(t.left()+spare[r], writeBurst)
	if r == rankPeople {
		comesFor = forPeople
	}
	at := p.when(now, p.ahead(now, place), comesFor)
	if place > 0 { // who comes before those before it comes for nothing
		at = latest(at, time.UnixMilli(p.Line[place-1].At))
	}
	p.Line[place].At = at.UnixMilli()
	return at
}

// insert puts a repository before those whose turn comes later, and never behind the
// place that it had.
func (p *purse) insert(now time.Time, waits waiter, had int) (place int) {
	passes := now.Add(-patienceInLine).UnixMilli()
	place = len(p.Line)
	for place > 0 && p.before(waits, p.Line[place-1]) && (p.Line[place-1].Since > passes || waits.Rank == rankPeople) {
		place--
	}
	place = min(had, place)
	p.Line = slices.Insert(p.Line, place, waits)
	return place
}

// before orders by what people wait for, then by round, then by what is waited for, then
// by who waits longer.
func (p *purse) before(a, b waiter) bool {
	key := func(w waiter) (people, round int) {
		if w.Rank == rankPeople {
			return 0, 0
		}
		return 1, p.progress(w.Repository).Round
	}
	aPeople, aRound := key(a)
	bPeople, bRound := key(b)
	return cmp.Or(cmp.Compare(aPeople, bPeople), cmp.Compare(aRound, bRound),
		cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Since, b.Since)) < 0
}

// forgetWaiters drops the places of those who did not come, and turns that are those
// of everybody.
func (p *purse) forgetWaiters(before int64) {
	p.Line = slices.DeleteFunc(p.Line, func(w waiter) bool { return w.At < before })
	maps.DeleteFunc(p.Turns, func(repository string, t progress) bool {
		return (t.At < before || t.Round < p.Round) && p.place(repository) == len(p.Line)
	})
}
