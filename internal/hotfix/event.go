package hotfix

import "time"

// Event is one line of a repository's history: a hotfix came to stand
// differently, as a whole or in one environment.
type Event struct {
	At   time.Time `json:"at"`
	Pull int       `json:"pull"`
	// Environment is where; empty when the whole hotfix's state changed.
	Environment string `json:"environment,omitempty"`
	// From and To are a State (whole hotfix) or a Verdict. From is empty when it
	// was first seen, To when it is no longer kept.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}
