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
			if slices.Equal(from.ground.Tags, to.ground.Tags) {
				to.ground.Tags = nil // told before
			}
			lines = append(lines, hotfix.Event{Pull: p.pull, Environment: p.environment, From: from.value, To: to.value, Ground: to.ground})
		}
	}
	return lines
}

func stands(board hotfix.Board) (at map[place]stand, order []place) {
	at = map[place]stand{}
	note := func(p place, s stand) {
		at[p] = s
		order = append(order, p)
	}
	for _, status := range board.Hotfixes {
		pull := status.Key.Pull
		note(place{pull: pull}, wholeStand(status))
		for _, stage := range status.Stages {
			note(place{pull, stage.Environment}, stand{string(stage.State), hotfix.Ground{Pull: stage.Pull}})
		}
		for _, standing := range status.Standings {
			note(place{pull, standing.Environment}, standIn(standing))
		}
	}
	return at, order
}

// wholeStand is how a hotfix stands as a whole: its state and its releases.
func wholeStand(s hotfix.Status) stand {
	ground := hotfix.Ground{Tags: s.Tags()}
	switch {
	case s.State == hotfix.StateForced:
		ground.Person, ground.Reason = s.ForcedBy, s.Forced
	case s.Reverted != nil:
		ground.Commit, ground.Person = s.Reverted.Commit, s.Reverted.Author
	case s.State == hotfix.StateOpen && len(ground.Tags) == 0:
		ground.Commit, ground.Person = s.Landed.Commit, s.Author
	}
	return stand{string(s.State), ground}
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
	return stand{string(b.Verdict), ground}
}
