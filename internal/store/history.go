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

// events are the differences between two boards, without times, by hotfix and
// in the order in which the board names the environments.
func events(before, after hotfix.Board) []hotfix.Event {
	was, old := standings(before)
	is, places := standings(after)
	for _, p := range old {
		if _, kept := is[p]; !kept {
			places = append(places, p)
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.pull, b.pull) })
	var lines []hotfix.Event
	for _, p := range places {
		if was[p] != is[p] {
			lines = append(lines, hotfix.Event{Pull: p.pull, Environment: p.environment, From: was[p], To: is[p]})
		}
	}
	return lines
}

func standings(board hotfix.Board) (at map[place]string, order []place) {
	at = map[place]string{}
	note := func(p place, standing string) {
		at[p] = standing
		order = append(order, p)
	}
	for _, status := range board.Hotfixes {
		note(place{pull: status.Key.Pull}, string(status.State))
		for _, standing := range status.Standings {
			note(place{status.Key.Pull, standing.Environment}, string(standing.Verdict))
		}
	}
	return at, order
}
