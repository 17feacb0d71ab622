package metrics

import (
	"strconv"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// farthest is how many environments below the landing one are told apart: people may
// name any number of them.
const farthest = 5

// Git counts a run of git.
func (m *Metrics) Git(operation string, took time.Duration) {
	m.git.WithLabelValues(operation).Observe(took.Seconds())
}

// Moved counts how long it took hotfixes to come where a new board says they are. What
// was there when it was first seen is not counted: the database may have been lost. What
// was lost and carried again is counted once.
func (m *Metrics) Moved(board hotfix.Board, events []hotfix.Event) {
	hotfixes := map[int]hotfix.Status{}
	for _, status := range board.Hotfixes {
		hotfixes[status.Key.Pull] = status
	}
	for _, e := range events {
		status, known := hotfixes[e.Pull]
		if !known || e.From == "" || e.From == e.To || e.From == string(hotfix.VerdictLost) {
			continue
		}
		took := m.now().Sub(status.MergedAt).Seconds()
		switch {
		case e.Environment == "" && over(e.To) && !over(e.From):
			m.solved.WithLabelValues(e.To).Observe(took)
		case e.Environment != "" && e.To == string(hotfix.VerdictContained):
			if below := depth(status, e.Environment); below > 0 {
				m.contained.WithLabelValues(below.String()).Observe(took)
			}
		}
	}
}

func over(state string) bool {
	return state == string(hotfix.StateSolved) || state == string(hotfix.StateForced)
}

// steps is how far an environment is below the landing one: 1 is the nearest.
type steps int

// String is the label.
func (s steps) String() string {
	if s > farthest {
		return "more"
	}
	return strconv.Itoa(int(s))
}

func depth(status hotfix.Status, environment string) steps {
	for i, standing := range status.Standings {
		if standing.Environment == environment {
			return steps(i + 1)
		}
	}
	return 0
}
