package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// playing is one story on its way through one world.
type playing struct {
	*world
	ctx   context.Context
	story *story
	how   way
	repo  string             // "acme/shop", or what it was renamed to
	login string             // of who acts now
	said  map[string][]int64 // the comments of people, by the number that they are on
	// browsers are those of the people who signed in on the page.
	browsers map[string]*browser
	mark     int  // what was claimed of the bot's acts so far
	calm     int  // how often the bot came to rest
	due      bool // so much time has passed that the program sweeps by itself
}

// play plays a story in one way and gives the state in which it ends. It fails
// the test with the line, the way and the seed.
func play(t *testing.T, s *story, how way, seed uint64) string {
	t.Helper()
	p := &playing{world: newWorldOn(t, s, keep(t, how)), ctx: t.Context(), story: s, how: how, repo: "acme/shop", said: map[string][]int64{}, browsers: map[string]*browser{}}
	fail := func(at string, err error) {
		t.Helper()
		t.Fatalf("%s [%s, seed %d]: %v\n\nthe App's log:\n%s", at, how, seed, err, p.log.tail(25))
	}
	if how == wayReplicas {
		if err := p.startTwin(p.ctx, t, int64(seed%4)); err != nil {
			fail(s.file, err)
		}
	}
	for _, l := range s.lines {
		if err := p.do(l); err != nil {
			fail(l.at, err)
		}
	}
	if err := p.bury(t); err != nil {
		fail(s.file, err)
	}
	end, err := p.end()
	if err != nil {
		fail(s.file, err)
	}
	return end
}

// do carries out one line: a command of the story, or what a person does.
func (p *playing) do(l line) error {
	if do, ok := commands[l.words[0]]; ok {
		return do(p, l)
	}
	words, refused := l.words, false
	if words[0] == "!" {
		words, refused = words[1:], true
	}
	if len(words) < 2 {
		return fmt.Errorf("nobody knows how to %q", strings.Join(words, " "))
	}
	act, ok := verbs[words[1]]
	if !ok {
		return fmt.Errorf("people cannot %q; they can %s", words[1], known(verbs))
	}
	if n := len(words) - 2; n < act.least || n > act.most {
		return fmt.Errorf("%q takes %d to %d words, not %d", words[1], act.least, act.most, n)
	}
	p.login = words[0]
	p.clock.tick()
	err := act.do(p, p.github.Person(words[0]), words[2:])
	var no *githubsim.Refused
	switch {
	case refused && err == nil:
		return errors.New("it was not refused")
	case refused && errors.As(err, &no):
		return nil
	}
	return err
}

// commands are the lines that begin with no person.
var commands = map[string]func(*playing, line) error{
	"settle":    (*playing).settle,
	"redeliver": (*playing).redeliver,
	"lose":      (*playing).lose,
	"recover":   (*playing).recover,
	"forge":     (*playing).forge,
	"clock":     (*playing).turn,
	"queue":     (*playing).queue,
	"expect":    (*playing).expect,
}

func known[V any](m map[string]V) string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// settle lets the bot work until it is at rest, holds what it did against the
// story's claims, and then lets it look once more, when it must write nothing.
func (p *playing) settle(l line) error {
	if err := p.letWork(p.ctx, p.how); err != nil {
		return err
	}
	if err := p.sweepIfDue(); err != nil {
		return err
	}
	if err := p.claimed(l.did); err != nil {
		return errors.Join(err, p.wrong())
	}
	if err := p.sweep(p.ctx); err != nil {
		return err
	}
	if err := p.silent("a second reconcile"); err != nil {
		return err
	}
	if p.calm++; p.how == wayMove && p.calm == p.story.settles()/2+1 {
		if err := p.surviveLoss(); err != nil {
			return err
		}
	}
	return p.wrong()
}

// lose: what waits is never delivered, as if the receiver had been away.
func (p *playing) lose(line) error {
	p.forget()
	return nil
}

// recover has the program look for what GitHub could not deliver, as it does every
// minute, and settles.
func (p *playing) recover(l line) error {
	if err := p.app.FetchMissed(p.ctx); err != nil {
		return err
	}
	return p.settle(l)
}

// sweepIfDue does what the program's timer would have done meanwhile.
func (p *playing) sweepIfDue() error {
	if !p.due {
		return nil
	}
	p.due = false
	if err := p.sweep(p.ctx); err != nil {
		return err
	}
	return p.letWork(p.ctx, p.how)
}

// greenGate is the one thing that needs no claim: every proposal to every
// environment gets a gate, and a green one says nothing.
const greenGate = `check "Hotfix gate" success at `

// claimed holds what the bot did since the last time against what the story says.
func (p *playing) claimed(claims []claim) error {
	did := p.acts.since(p.mark)
	p.mark = p.acts.mark()
	var wrong []error
	right := map[string]bool{}
	for _, c := range claims {
		found := false
		for _, d := range did {
			if matches(c.what, d) {
				right[d], found = true, true
			}
		}
		if !found {
			wrong = append(wrong, fmt.Errorf("%s: it did not: %s", c.at, c.what))
		}
	}
	unclaimed := ""
	for _, d := range did {
		if !right[d] && !strings.HasPrefix(d, greenGate) {
			unclaimed += "\ndid " + d
		}
	}
	if unclaimed != "" {
		wrong = append(wrong, errors.New("the story does not claim that it"+unclaimed))
	}
	return errors.Join(wrong...)
}

// matches compares a sentence with a claim, in which * stands for anything.
func matches(claim, sentence string) bool {
	parts := strings.Split(claim, "*")
	rest, ok := strings.CutPrefix(sentence, parts[0])
	if !ok || len(parts) == 1 {
		return ok && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(rest, part)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

// silent fails when the bot wrote anything since the last claims.
func (p *playing) silent(when string) error {
	did := p.acts.since(p.mark)
	if len(did) == 0 {
		return nil
	}
	return fmt.Errorf("%s wrote:\n\t%s", when, strings.Join(did, "\n\t"))
}

// git asks git about the repository. The error is that there is no answer.
func (p *playing) git(args ...string) (string, error) {
	out := bareGit(p.acts.bare(), args...)
	if out == "" {
		return "", fmt.Errorf("git %s finds nothing", strings.Join(args, " "))
	}
	return out, nil
}

// section is the content of one of the story's files.
func (p *playing) section(name string) (string, error) {
	content, ok := p.story.files[path.Clean(name)]
	if !ok {
		return "", fmt.Errorf("the story has no section %q", name)
	}
	return content, nil
}
