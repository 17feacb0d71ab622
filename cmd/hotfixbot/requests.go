package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/terminal"
)

// mostRequests is how many requests of a hotfix are told: the newest.
const mostRequests = 100

// request is what somebody asked for on the page, and what became of it.
type request struct {
	At      time.Time `json:"at"`
	Person  string    `json:"person"`
	Command string    `json:"command"` // as it would be said in a comment
	State   string    `json:"state"`   // waiting, done, not done or refused
	Said    string    `json:"said,omitempty"`
}

// requests lists what was asked for on the page of a hotfix, oldest first.
func (l ledger) requests(ctx context.Context, key hotfix.Key) ([]request, error) {
	actions, err := l.Actions(ctx, key.Repository, key.Pull, mostRequests)
	list := []request{}
	for _, a := range slices.Backward(actions) {
		words := []string{"/hotfix", a.Asked.Word()}
		for _, word := range []string{a.Asked.Environment, a.Asked.Reason} {
			if word != "" {
				words = append(words, word)
			}
		}
		list = append(list, request{a.At, a.Person, strings.Join(words, " "), became(a), a.Said})
	}
	return list, err
}

// became is what became of a request, in a word.
func became(a hotfix.Asking) string {
	switch {
	case !a.Answered:
		return "waiting"
	case a.Refused:
		return "refused"
	case !a.Done:
		return "not done"
	}
	return "done"
}

// wishes are requests for people.
func wishes(paint terminal.Paint, list []request) string {
	table := terminal.Table{Head: []string{"when", "who", "what", "state"}}
	for _, r := range list {
		table.Rows = append(table.Rows, []string{stamp(r.At), r.Person, r.Command, r.State})
	}
	return paint.Lines(table)
}
