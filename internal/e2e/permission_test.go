package e2e_test

import (
	"errors"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// order is a command with the least role that may give it.
type order struct{ text, least string }

// orders are all commands, and the least role that may give each by default
// (docs/commands.md).
var orders = []order{
	{"/hotfix help", "pull"},
	{"/hotfix status", "pull"},
	{"/hotfix explain", "pull"},
	{"/hotfix doctor", "pull"},
	{"/hotfix start another", "push"},
	{"/hotfix backport release/1.6", "push"},
	{"/hotfix retry qa", "push"},
	{"/hotfix resolved cart/total.txt", "push"},
	{"/hotfix pick qa -- cart", "push"},
	{"/hotfix skip dev we have no cart there", "push"},
	{"/hotfix unskip dev", "push"},
	{"/hotfix solved", "push"},
	{"/hotfix deploy 1.7.9", "maintain"},
	{"/hotfix solved --force we close the shop", "maintain"},
	{"/hotfix reopen", "push"},
}

// roles are GitHub's, each with what those before it may do. A public repository can
// be read by everybody.
var roles = []string{"pull", "triage", "push", "maintain", "admin"}

// speaker is somebody who gives every order in a repository with one hotfix, whose
// issue is #2.
type speaker struct {
	name string
	who  string
	as   string // the role that they have when they write; "": none
	then func(*testing.T, *playing, int64)
	// may is the role that counts in the end; silent: nothing answers.
	may    string
	silent bool
}

var speakers = []speaker{
	{name: "an outsider", who: "mallory", may: "pull"},
	{name: "who may read", who: "mallory", as: "pull", may: "pull"},
	{name: "who may triage", who: "mallory", as: "triage", may: "triage"},
	{name: "who may write", who: "mallory", as: "push", may: "push"},
	{name: "who maintains", who: "mallory", as: "maintain", may: "maintain"},
	{name: "who administers", who: "mallory", as: "admin", may: "admin"},
	{name: "whose permission was taken a second ago", who: "mallory", as: "admin", may: "pull", then: demote},
	{name: "whose comment another edited", who: "mallory", as: "admin", silent: true, then: edit},
	{name: "a bot that may write", who: "robot", silent: true},
	{name: "who was blocked a second ago", who: "mallory", as: "admin", may: "pull", then: block}, // the last: it lasts
}

// demote lets who wrote a comment only read, before the bot sees it.
func demote(t *testing.T, p *playing, _ int64) {
	t.Helper()
	permit(t, p, "mallory", "pull")
}

// block keeps who wrote a comment out: they are no collaborator any more, and whatever
// they write from then on, GitHub takes none of it, so that nothing reaches the bot.
func block(t *testing.T, p *playing, _ int64) {
	t.Helper()
	if err := p.github.Person("alice").Block("acme", "mallory"); err != nil {
		t.Fatal(err)
	}
	var no *githubsim.Refused
	if _, err := p.github.Person("mallory").Comment(p.ctx, p.repo, 1, "/hotfix help"); !errors.As(err, &no) || no.Status != http.StatusForbidden {
		t.Fatalf("who is blocked commented: %v", err)
	}
}

// edit puts the same words into another's comment.
func edit(t *testing.T, p *playing, comment int64) {
	t.Helper()
	if err := p.github.Person("alice").EditComment(p.ctx, p.repo, comment, orders[0].text+"\n/hotfix solved --force because"); err != nil {
		t.Fatal(err)
	}
}

func permit(t *testing.T, p *playing, who, role string) {
	t.Helper()
	if err := p.github.Person("alice").SetPermission(p.ctx, p.repo, who, role); err != nil {
		t.Fatal(err)
	}
}

// TestPermissionMatrix has everybody give every order, Mallory on an issue that is
// her own: 👀 and an answer for who may give it, 😕 and not a word for who may not,
// whatever they could do when they wrote it (P21).
func TestPermissionMatrix(t *testing.T) {
	if watched {
		t.Skip("played without the race detector")
	}
	t.Parallel()
	s, err := readStory(filepath.Join("testdata", "merge.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	p := &playing{world: newWorld(t, s), ctx: t.Context(), story: s, how: wayInOrder, repo: "acme/shop", said: map[string][]int64{}}
	landMallorys(t, p)
	for _, who := range speakers {
		if got, want := p.give(t, who), reactions(who); !slices.Equal(got, want) {
			t.Errorf("%s:\n%s\n\nnot\n\n%s", who.name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	if err := p.wrong(); err != nil {
		t.Error(err)
	}
	t.Logf("%d rows", len(speakers)*len(orders))
}

// landMallorys merges a hotfix whose issue, #1, Mallory opened.
func landMallorys(t *testing.T, p *playing) {
	t.Helper()
	for _, text := range []string{
		"mallory issue 'The discount is taken twice'",
		"alice branch hotfix/discount main",
		"alice edit hotfix/discount cart/total.txt 'taken twice' 'taken once' 'Take the discount once'",
		"alice open hotfix/discount main 'Take the discount once' 'Fixes #1'",
		"bob merge 2 merge",
	} {
		words, err := split(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.do(line{at: text, words: words}); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	if err := p.letWork(p.ctx, p.how); err != nil {
		t.Fatal(err)
	}
}

// reactions are what the orders of somebody come to, each in its turn.
func reactions(s speaker) (all []string) {
	for _, order := range orders {
		switch {
		case s.silent:
		case slices.Index(roles, s.may) < slices.Index(roles, order.least):
			all = append(all, "react #1 confused to "+s.who)
		default:
			all = append(all, "react #1 eyes to "+s.who, "reply #1 to "+s.who)
		}
	}
	return all
}

// give has somebody write every order and the bot work, and tells how it answered.
func (p *playing) give(t *testing.T, s speaker) []string {
	t.Helper()
	before := p.acts.mark()
	for _, order := range orders {
		p.order(t, s, order.text)
	}
	if err := p.letWork(p.ctx, p.how); err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	return slices.DeleteFunc(p.acts.all(before), func(act string) bool { return !strings.HasSuffix(act, " to "+s.who) })
}

// order has somebody write an order, and what befalls it happen before the bot looks.
func (p *playing) order(t *testing.T, s speaker, order string) {
	t.Helper()
	p.clock.tick()
	if s.as != "" {
		if err := p.github.Person("alice").Unblock("acme", s.who); err != nil {
			t.Fatal(err)
		}
		permit(t, p, s.who, s.as)
	}
	comment, err := p.github.Person(s.who).Comment(p.ctx, p.repo, 1, order)
	if err != nil {
		t.Fatalf("%s says %q: %v", s.name, order, err)
	}
	if s.then != nil {
		p.clock.tick()
		s.then(t, p, comment)
	}
}
