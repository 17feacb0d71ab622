package dashboard

import (
	"strconv"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// entry is one line of the history.
type entry struct {
	At       time.Time
	Where    string // an environment; empty for the whole hotfix
	From, To string
	Tone     tone
	Ground   text
}

func (s site) entries(events []hotfix.Event) []entry {
	var out []entry
	for _, event := range events {
		out = append(out, s.entry(event))
	}
	return out
}

func (s site) entry(e hotfix.Event) entry {
	l := entry{At: e.At.UTC(), Where: e.Environment, From: e.From, To: e.To, Ground: s.ground(e)}
	if l.From == l.To {
		l.From = ""
	}
	l.Tone = toneOf(hotfix.Verdict(e.To))
	switch {
	case e.Environment == "":
		l.Tone = toneOfState(hotfix.State(e.To))
	case toneOfStage(hotfix.StageState(e.To)) != quiet:
		l.Tone = toneOfStage(hotfix.StageState(e.To))
	}
	return l
}

// ground is what a line stands on, in a few words.
func (s site) ground(e hotfix.Event) text {
	g := e.Ground
	var t text
	add := func(words text) {
		if len(t) > 0 {
			t = t.say(", ")
		}
		t = t.join(words)
	}
	for i, tag := range g.Tags {
		if i == 0 {
			add(plain("released as ").link(tag, s.tag(tag)))
		} else {
			add(text{}.link(tag, s.tag(tag)))
		}
	}
	if g.Pull != 0 {
		add(text{}.link("#"+strconv.Itoa(g.Pull), s.pull(g.Pull)))
	}
	if g.Proof == hotfix.ProofEmptyPick {
		add(plain("picking it there changes nothing"))
	}
	if g.Commit != "" {
		add(plain(grounds[e.To]).commit(s, g.Commit))
	}
	if g.Person != "" {
		add(plain("by " + g.Person))
	}
	if g.Reason != "" {
		add(plain("“" + g.Reason + "”"))
	}
	return t
}

// grounds is what a commit is to a line, before the commit.
var grounds = map[string]string{
	string(hotfix.StateOpen):        "landed as ",
	string(hotfix.VerdictContained): "at ",
	string(hotfix.VerdictLost):      "with ",
	string(hotfix.StateReverted):    "with ",
}
