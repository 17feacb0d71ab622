package e2e_test

import (
	"strings"
	"testing"
)

// A workflow opens a pull request from each branch that is pushed, and is faster than the
// bot: GitHub allows no second one. The bot looked at the repository again every two
// seconds for ever, and told nobody. Now it says whose is in the way; when that is closed,
// it opens its own.
func TestSomebodyElseOpensItsPullRequest(t *testing.T) {
	s, err := storyNamed("merge")
	if err != nil {
		t.Fatal(err)
	}
	l, err := newTheatre(t, s).plantLife(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	do := func(text string) {
		t.Helper()
		if err := l.do(line{words: strings.Split(text, "|")}); err != nil {
			t.Fatalf("%s: %v\n%s", text, err, l.log.tail(20))
		}
	}
	rest := func() {
		t.Helper()
		l.missed = l.github.Deliver(t.Context(), l.github.Take()...) != nil
		if err := l.rest(t.Context()); err != nil {
			t.Fatalf("%v\n%s", err, l.log.tail(20))
		}
	}
	do("alice|branch|hotfix/discount|main")
	do("alice|edit|hotfix/discount|cart/total.txt|taken twice|taken once|Take the discount once")
	do("alice|open|hotfix/discount|main|Take the discount once")
	do("bob|merge|1|merge")
	var opened bool
	var workflow func()
	workflow = func() {
		if _, err := l.git("rev-parse", "--verify", "backport/qa/1-discount"); err != nil {
			l.trip.intrudeAt(1, workflow)
		} else if err := l.do(line{words: []string{"carol", "open", "backport/qa/1-discount", "qa", "By a workflow"}}); err == nil {
			opened = true
		}
	}
	l.trip.intrudeAt(1, workflow)
	if err := l.begin(t.Context(), scene{}); err != nil {
		t.Fatal(err)
	}
	rest()
	if !opened {
		t.Fatal("carol's workflow came too late")
	}
	do("expect|comment|2|status|contains| from `backport/qa/1-discount` to `qa`")
	do("expect|comment|2|status|contains|close it, so that the bot can open its own")
	do("carol|close|3")
	rest()
	do("expect|comment|2|status|lacks|carol")
	do("expect|comment|2|status|contains|#5")
	do("expect|pull|5|open")
	if err := l.end(); err != nil {
		t.Fatal(err)
	}
}
