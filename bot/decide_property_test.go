package bot_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/bot"
	"github.com/hotfixbot/hotfixbot/internal/command"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// TestDecideComesToRest lets people and faults do what they like to a repository,
// in many ways, and holds Decide after each of their acts to this:
//
//   - it comes to rest, and nothing waits for the bot then;
//   - the next reconcile asks for nothing but what was refused;
//   - it never asks for the same object twice, also when a reconcile is cut off;
//   - it never asks to undo what a person did: close, reopen, push, delete;
//   - a tag never moves, and it changes no snapshot.
//
// The rules of each action stand where the model does it.
func TestDecideComesToRest(t *testing.T) {
	for seed := range uint64(120) {
		checkLife(t, seed, 40)
	}
}

func FuzzDecideComesToRest(f *testing.F) {
	f.Add(uint64(1), uint8(40))
	f.Fuzz(func(t *testing.T, seed uint64, acts uint8) {
		checkLife(t, seed, int(acts))
	})
}

func checkLife(t *testing.T, seed uint64, acts int) {
	t.Helper()
	story, wrong := live(seed, acts)
	for _, c := range found {
		if c.wrong != "" && strings.Contains(wrong, c.wrong) {
			return // known
		}
	}
	if wrong != "" {
		t.Fatalf("seed %d: %s\n%s", seed, wrong, strings.Join(story, "\n"))
	}
}

// live is the life of one repository. It returns its story, and what is wrong.
func live(seed uint64, acts int) (story []string, wrong string) {
	p := newPeople(rand.New(rand.NewPCG(seed, 1)))
	tell := func(who, what string) { story = append(story, who+" "+what) }
	tell("it is", fmt.Sprintf("%+v, trigger %s, close %s", p.config.Environments, p.config.Release.Trigger, p.config.Close))
	tell("somebody", p.mergeHotfix())
	for range acts {
		if p.chance(20) { // the bot is killed while it works
			done, wrong := p.reconcile(p.IntN(4))
			tell("the bot does", strings.Join(done, " ")+" and ends: "+wrong)
			if wrong != "" && wrong != killed {
				return story, wrong
			}
		}
		for range p.IntN(3) {
			tell("somebody", p.act())
		}
		done, wrong := p.rest()
		tell("the bot does", strings.Join(done, " "))
		if wrong != "" {
			return story, wrong
		}
	}
	return story, ""
}

// found are short lives in which the test once found something. Wrong is what
// Decide does in them to this day: when a rule is mended, its wrong has to go.
var found = []struct {
	name  string
	world hotfix.Pipeline
	life  func(*world) (wrong string)
	wrong string
}{
	{"two hotfixes of one issue label it once", simple, func(w *world) string {
		issue := w.newIssue()
		w.land().issue, w.land().issue = issue, issue
		return w.live()
	}, ""},
	{"two hotfixes of one issue close it once", alone, func(w *world) string {
		issue := w.newIssue("hotfix")
		w.land().issue, w.land().issue = issue, issue
		return w.live()
	}, ""},
	{"a number that was given is not given again", simple, func(w *world) string {
		w.land()
		wrong := w.live()
		delete(w.tags, "v1.7.1")
		delete(w.releases, "v1.7.1")
		w.land()
		return wrong + w.live()
	}, ""},
	{"one release is proposed to an environment once", preprod, func(w *world) string {
		w.land()
		w.tags["v1.7.1"] = w.land().landed
		return w.live()
	}, ""},
	{"a retry by a button makes a backport", simple, func(w *world) string {
		f := w.land()
		wrong := w.live()
		closed := w.backports(f.pull.Number, "qa")[0]
		closed.Open, closed.ClosedBy = false, "bob"
		w.say(f, "/hotfix retry")
		w.requests[0].Press, w.requests[0].Comment.ID = "press-1", 0
		return wrong + w.live()
	}, ""},
	{"a backport to a branch that is no environment is made once", simple, func(w *world) string {
		f := w.land()
		wrong := w.live()
		w.say(f, "/hotfix backport release/1.6")
		return wrong + w.live()
	}, ""},
	{"what somebody picks is remembered", simple, func(w *world) string {
		f := w.land()
		wrong := w.live()
		w.say(f, "/hotfix pick qa -- total.txt")
		return wrong + w.live()
	}, ""},
	{"a keyword of one hotfix does not close the issue of another", simple, func(w *world) string {
		issue := w.newIssue("hotfix")
		one, other := w.land(), w.land()
		one.issue, other.issue = issue, issue
		wrong := w.live()
		for _, env := range w.config.Environments.Below() {
			w.merge(w.backports(one.pull.Number, env.Branch)[0])
		}
		w.turn(issue, hotfix.Turn{At: w.tick(), Closed: true, By: "bob", CloserPull: w.backports(one.pull.Number, "dev")[0].Number})
		return wrong + w.live()
	}, ""},
	{"a keyword closes nothing where the environment is gone since", simple, func(w *world) string {
		f := w.land()
		wrong := w.live()
		backport := w.backports(f.pull.Number, "qa")[0]
		w.merge(backport)
		w.turn(f.issue, hotfix.Turn{At: w.tick(), Closed: true, By: "bob", CloserPull: backport.Number})
		delete(w.branches, "qa")
		return wrong + w.live()
	}, ""},
}

func TestDecideFound(t *testing.T) {
	for _, c := range found {
		t.Run(c.name, func(t *testing.T) {
			wrong := c.life(newWorld(c.world))
			switch {
			case c.wrong == "" && wrong != "":
				t.Error(wrong)
			case c.wrong != "" && wrong == "":
				t.Error("this is mended: take what is wrong out of the table")
			case !strings.Contains(wrong, c.wrong):
				t.Errorf("%q instead of %q", wrong, c.wrong)
			}
		})
	}
}

// say is a command of somebody who may do all.
func (w *world) say(f *fix, line string) {
	w.comments++
	w.requests = append(w.requests, hotfix.Request{
		Commands: command.Parse(line), Allowed: hotfix.Admin,
		Comment: hotfix.Comment{ID: w.comments, Issue: f.pull.Number, Author: "carol", CreatedAt: w.tick()},
	})
}

// live lets the bot alone until it rests.
func (w *world) live() string {
	_, wrong := w.rest()
	return wrong
}

// rest reconciles until nothing is postponed. What is wanted after that was
// refused.
func (w *world) rest() (done []string, wrong string) {
	for w.again = true; w.again; {
		did, wrong := w.reconcile(-1)
		done = append(done, did...)
		if wrong != "" {
			return done, wrong
		}
		if len(done) > 200 {
			return done, "it is moved for ever"
		}
	}
	wanted := slices.DeleteFunc(bot.Decide(w.observe()).Actions, func(a hotfix.Action) bool { return w.protected[a.Key()] })
	if len(wanted) > 0 {
		return done, "after the rest: " + hotfix.Describe(wanted)
	}
	return done, ""
}
