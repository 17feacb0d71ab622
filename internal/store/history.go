package store

import (
	"cmp"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// place is what a line of history is about: a hotfix, as a whole or in one
// environment.
type place struct {
	pull        int
	environment string
}

// stand is how it stands there, and on what.
type stand struct {
	value  string
	ground hotfix.Ground
	landed hotfix.Ground // of the whole hotfix while it is open: how it landed
}

// differs reports whether that is worth a line: another value, another release or
// another pull request. A branch that moves on under the same proof is not.
func (a stand) differs(b stand) bool {
	return a.value != b.value || a.ground.Pull != b.ground.Pull || !slices.Equal(a.ground.Tags, b.ground.Tags)
}

// events are the differences between two boards, without times, by hotfix and
// in the order in which the board names the environments.
func events(before, after hotfix.Board) []hotfix.Event {
	was, old := stands(before)
	is, places := stands(after)
	for _, p := range old {
		if _, kept := is[p]; !kept {
			places = append(places, p)
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.pull, b.pull) })
	var lines []hotfix.Event
	for _, p := range places {
		if from, to := was[p], is[p]; to.differs(from) {
			lines = append(lines, told(p, from, to)...)
		}
	}
	return lines
}

// told are the lines about one place. That a hotfix landed and that it was released are
// two, also where both are seen at once.
func told(p place, from, to stand) []hotfix.Event {
	var lines []hotfix.Event
	if from.value == "" && to.landed.Commit != "" && len(to.ground.Tags) > 0 {
		lines = append(lines, hotfix.Event{Pull: p.pull, To: to.value, Ground: to.landed})
		from.value = to.value
	}
	if slices.Equal(from.ground.Tags, to.ground.Tags) {
		to.ground.Tags = nil // told before
	}
	return append(lines, hotfix.Event{Pull: p.pull, Environment: p.environment, From: from.value, To: to.value, Ground: to.ground})
}

func stands(board hotfix.Board) (at map[place]stand, order []place) {
	at = map[place]stand{}
	note := func(p place, s stand) {
		at[p] = s
		order = append(order, p)
	}
	for _, status := range board.Hotfixes {
		pull := status.Key.Pull
		whole := wholeStand(status, board.Doers[pull])
		at[place{pull: pull}] = whole
		ends := status.State == hotfix.StateReady || status.State == hotfix.StateSolved || status.State == hotfix.StateForced
		if !ends {
			order = append(order, place{pull: pull})
		}
		for _, stage := range status.Stages {
			note(place{pull, stage.Environment}, stand{value: string(stage.State), ground: hotfix.Ground{Pull: stage.Pull}})
		}
		for _, standing := range status.Standings {
			note(place{pull, standing.Environment}, standIn(standing))
		}
		if ends { // because of the environments, so it is told after them
			order = append(order, place{pull: pull})
		}
	}
	return at, order
}

// wholeStand is how a hotfix stands as a whole: its state and its releases.
func wholeStand(s hotfix.Status, by hotfix.Doers) stand {
	whole := stand{value: string(s.State), ground: hotfix.Ground{Tags: s.Tags()}}
	ground := &whole.ground
	switch {
	case s.State == hotfix.StateForced:
		ground.Person, ground.Reason = s.ForcedBy, s.Forced
	case s.Reverted != nil:
		ground.Commit, ground.Person = s.Reverted.Commit, s.Reverted.Author
	case s.State == hotfix.StateSolved:
		ground.Person = by.Solved
	case s.State == hotfix.StateOpen:
		whole.landed = hotfix.Ground{Commit: s.Landed.Commit, Person: by.Landed}
		if ground.Person = by.Released; len(ground.Tags) == 0 {
			*ground = whole.landed
		}
	}
	return whole
}

// standIn is how it stands in one lower environment.
func standIn(b hotfix.Standing) stand {
	ground := hotfix.Ground{Pull: b.Pull, Person: b.By, Reason: b.Reason}
	switch {
	case b.Verdict == hotfix.VerdictContained && b.Proof != nil:
		ground = hotfix.Ground{Pull: b.Proof.Pull, Proof: b.Proof.Kind, Commit: b.Proof.Commit, Person: b.Proof.Person}
	case b.Undone != nil:
		ground.Commit, ground.Person = b.Undone.Commit, b.Undone.Author
	}
	return stand{value: string(b.Verdict), ground: ground}
}
