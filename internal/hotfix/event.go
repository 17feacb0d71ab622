package hotfix

import "time"

// Event is one line of a repository's history: a hotfix came to stand
// differently, as a whole or in one environment.
type Event struct {
	At   time.Time `json:"at"`
	Pull int       `json:"pull"`
	// Environment is where; empty when it is the whole hotfix.
	Environment string `json:"environment,omitempty"`
	// From and To are a State (whole hotfix), a Verdict, or a StageState (an
	// environment above the landing one). From is empty when it was first seen, To
	// when it is no longer kept. They are equal when only the Ground is another.
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	Ground Ground `json:"ground,omitzero"`
}

// Ground is what a line of history stands on, as it was when the line was written.
type Ground struct {
	Tags   []string  `json:"tags,omitempty"`   // the releases of the whole hotfix
	Pull   int       `json:"pull,omitempty"`   // the backport or promotion
	Proof  ProofKind `json:"proof,omitempty"`  // of "contained"
	Commit OID       `json:"commit,omitempty"` // at which it holds, or with which it was lost
	Person string    `json:"person,omitempty"` // who merged, released, solved, skipped, declined, or undid it
	Reason string    `json:"reason,omitempty"` // that a person gave
}

// Doers are who did what a board shows of a hotfix as a whole: people, or the bot. What
// is not known is empty.
type Doers struct {
	Landed   string // who merged its pull request
	Released string // at whose word it was tagged since the board was saved last
	Solved   string // who said that it is solved, or closed its issue
}

// IsZero reports whether nothing is told of it.
func (g Ground) IsZero() bool {
	return len(g.Tags) == 0 && g.Pull == 0 && g.Proof == "" && g.Commit == "" && g.Person == "" && g.Reason == ""
}
