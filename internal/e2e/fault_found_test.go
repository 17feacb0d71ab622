package e2e_test

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// found are cells in which the bot once came to another end than without the fault.
var found = []struct {
	story, call string // the beginning of the call
	kinds       []kind
}{
	// A fetch's 404 was taken for commits that are gone, and the proof was another.
	{"watch", "GET /acme/shop.git/info/refs?service=git-upload-pack #6", []kind{stale}},
	// What was merged was judged by what had been needed before a command.
	{"edited", "POST /repos/acme/shop/issues/4/comments", []kind{killedAfter, serverError}},
	// The answer to a skip was not in the list yet: another backport was opened.
	{"chain-skipped", "GET /repos/acme/shop/issues/comments", []kind{staleList}},
	// The answer to reopen was given, and the hotfix was at rest before it was reopened.
	{"by-hand-pick", "PATCH /repos/acme/shop/issues/2", []kind{serverError, killedFirst}},
	// A branch that somebody asked for stood, without its pull request: another was made.
	{"backport-branch", "POST /repos/acme/shop/pulls", []kind{killedFirst, serverError}},
	// A press came to a program that had just died.
	{"button", "commit deliveries,", []kind{uncommitted, killedAfter}},
	// The check of a proposal that the bot had merged in the same look came too late.
	{"auto-merge", "GET /repos/acme/shop/pulls #4", []kind{killedAfter}},
}

// TestFaultsThatWereFound plays those cells.
func TestFaultsThatWereFound(t *testing.T) {
	if watched {
		t.Skip("played without the race detector")
	}
	var sum tally
	for _, f := range found {
		t.Run(f.story, func(t *testing.T) {
			t.Parallel()
			playCells(t, f.story, &sum, func(all []cell) []cell {
				var list []cell
				for _, k := range f.kinds {
					list = append(list, cellsLike(all, f.call, k)...)
				}
				if len(list) == 0 {
					t.Errorf("the story has no call %s any more", f.call)
				}
				rand.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
				return list[:min(len(list), 2*sampleOf)]
			})
		})
	}
}

// cellsLike are the cells of a kind whose call begins so.
func cellsLike(all []cell, call string, k kind) (list []cell) {
	for _, c := range all {
		if strings.HasPrefix(c.call, call) && c.kind == k {
			list = append(list, c)
		}
	}
	return list
}
