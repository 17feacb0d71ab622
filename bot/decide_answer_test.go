package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/command"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// asked adds a request as it is after the bot's 👀.
func asked(s *hotfix.Snapshot, place int, by hotfix.Permission, body string) *hotfix.Request {
	s.Requests = append(s.Requests, hotfix.Request{
		Comment:  hotfix.Comment{ID: int64(9000 + len(s.Requests)), Issue: place, Author: "bob", CreatedAt: noon.Add(time.Hour), Body: body},
		Commands: command.Parse(body), Allowed: by, Seen: true,
	})
	return &s.Requests[len(s.Requests)-1]
}

// answered is the reply that Decide wants, with what it was granted.
func answered(t *testing.T, s *hotfix.Snapshot) hotfix.Answer {
	t.Helper()
	actions := Decide(s).Actions
	if len(actions) != 1 {
		t.Fatalf("wants %s", hotfix.Describe(actions))
	}
	reply, ok := actions[0].(hotfix.Reply)
	if !ok {
		t.Fatalf("wants %s", hotfix.Describe(actions))
	}
	return reply.Answer
}

// underway is a repository with one tagged hotfix whose backports are open.
func underway() (*hotfix.Snapshot, *hotfix.Hotfix) {
	s := repository()
	h := landed(s, 34)
	tagged(s, h, "v1.7.1")
	for i := range h.Targets {
		branch := "backport/" + h.Targets[i].Environment.Branch + "/34-cart"
		h.Targets[i].Attempts = []hotfix.Attempt{{
			Number: 1, Branch: branch, Tip: oid(500), Own: true,
			Pull: &hotfix.Pull{Number: 40 + i, Open: true, Base: h.Targets[i].Environment.Branch, Head: branch},
		}}
	}
	return s, h
}

func TestARequestIsSeenThenAnsweredOnce(t *testing.T) {
	s, _ := underway()
	asked(s, 1034, hotfix.Read, "/hotfix status").Seen = false
	if got := wants(s); got != "react/9000/eyes" {
		t.Errorf("first: %s", got)
	}
	s.Requests[0].Seen = true
	if got := wants(s); got != "reply/9000" {
		t.Errorf("then: %s", got)
	}
}

func TestWithoutPermissionThereIsAReactionAndNoComment(t *testing.T) {
	for body, needed := range map[string]hotfix.Permission{
		"/hotfix status": hotfix.Read, "/hotfix skip dev not there": hotfix.Write, "/hotfix retry": hotfix.Write,
		"/hotfix solved": hotfix.Write, "/hotfix solved --force we know": hotfix.Maintain, "/hotfix reopen": hotfix.Write,
		"/hotfix help\n/hotfix unskip dev": hotfix.Write,
	} {
		for p := hotfix.NoPermission; p <= hotfix.Admin; p++ {
			s, _ := underway()
			asked(s, 1034, p, body)
			refused := wants(s) == "react/9000/confused"
			if refused != (p < needed) {
				t.Errorf("%q by %s: refused is %t", body, p, refused)
			}
		}
	}
}

func TestSkipCountsUntilUnskip(t *testing.T) {
	s, h := underway()
	asked(s, 1034, hotfix.Write, "/hotfix skip Development the module is not there yet")
	s.Answers = append(s.Answers, answered(t, s))
	s.Requests = nil
	st := Decide(s).Statuses[0].Standings[1]
	if st.Verdict != hotfix.VerdictSkipped || st.Reason != "the module is not there yet" || st.By != "bob" {
		t.Fatalf("stands as %+v", st)
	}
	if got := wants(s); got != "close/41" {
		t.Errorf("the open backport: wants %s", got)
	}
	h.Targets[1].Attempts[0].Pull.Open, h.Targets[1].Attempts[0].Pull.ClosedBy = false, "hotfixbot[bot]"
	asked(s, 1034, hotfix.Write, "/hotfix unskip dev")
	s.Answers = append(s.Answers, answered(t, s))
	s.Requests = nil
	if got := wants(s); got != "backport/34/dev" {
		t.Errorf("after unskip: wants %s", got)
	}
}

func TestSolvedIsVerified(t *testing.T) {
	s, h := underway()
	asked(s, 1034, hotfix.Write, "/hotfix solved")
	refusal := answered(t, s).Granted[0]
	if refusal.Done || !strings.Contains(refusal.Said, "QA") || !strings.Contains(refusal.Said, "Development") {
		t.Errorf("answered %+v", refusal)
	}
	contained(h)
	if given := answered(t, s).Granted[0]; !given.Done {
		t.Errorf("answered %+v", given)
	}
}

func TestSolvedByForceClosesAndStaysKnownAsForced(t *testing.T) {
	s, _ := underway()
	asked(s, 1034, hotfix.Maintain, "/hotfix solved --force the shop closes tomorrow")
	s.Answers = append(s.Answers, answered(t, s))
	s.Requests = nil
	plan := Decide(s)
	if st := plan.Statuses[0]; st.State != hotfix.StateForced || st.ForcedBy != "bob" {
		t.Errorf("stands as %s by %q", st.State, st.ForcedBy)
	}
	if got := hotfix.Describe(plan.Actions); got != "state/1034" {
		t.Errorf("wants %s", got)
	}
}

func TestReopenHoldsTheIssueOpenUntilSolvedIsSaid(t *testing.T) {
	s, h := underway()
	contained(h)
	h.Targets[0].Attempts, h.Targets[1].Attempts = nil, nil
	h.Issue.Open = false
	h.Issue.Turns = []hotfix.Turn{{At: noon, Closed: true, ByBot: true, By: "hotfixbot[bot]"}}
	asked(s, 1034, hotfix.Write, "/hotfix reopen")
	s.Answers = append(s.Answers, answered(t, s))
	s.Requests = nil
	if got := wants(s); got != "state/1034" {
		t.Fatalf("wants %s", got)
	}
	h.Issue.Open = true
	h.Issue.Turns = append(h.Issue.Turns, hotfix.Turn{At: noon.Add(2 * time.Hour), ByBot: true, By: "hotfixbot[bot]"})
	if got := wants(s); got != "" {
		t.Errorf("open again: wants %s", got)
	}
	asked(s, 1034, hotfix.Write, "/hotfix solved").Comment.CreatedAt = noon.Add(3 * time.Hour)
	s.Answers = append(s.Answers, answered(t, s))
	s.Requests = nil
	if got := wants(s); got != "state/1034" {
		t.Errorf("solved again: wants %s", got)
	}
}

// Retry makes the bot's own branch anew; what a person pushed, closed or left
// behind is not touched: a new branch is made.
func TestRetry(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*hotfix.Attempt)
		branch string
		remake bool
	}{
		{"untouched: the same branch", func(*hotfix.Attempt) {}, "backport/qa/34-cart", true},
		{"a person pushed: a new one", func(a *hotfix.Attempt) { a.Own, a.Tip = false, oid(501) }, "backport/qa/34-cart-2", false},
		{"a person closed it: a new one", func(a *hotfix.Attempt) { a.Pull.Open, a.Pull.ClosedBy = false, "bob" }, "backport/qa/34-cart-2", false},
	} {
		s, h := underway()
		c.change(&h.Targets[0].Attempts[0])
		asked(s, 40, hotfix.Write, "/hotfix retry")
		actions := Decide(s).Actions
		if len(actions) != 1 {
			t.Fatalf("%s: wants %s", c.name, hotfix.Describe(actions))
		}
		open, _ := actions[0].(hotfix.OpenBackport)
		if open.Branch != c.branch || open.Remake != c.remake || open.Command != 9000 {
			t.Errorf("%s: wants %+v", c.name, open)
		}
		h.Targets[0].Attempts = append(h.Targets[0].Attempts, hotfix.Attempt{Number: 2, Branch: open.Branch,
			Pull: &hotfix.Pull{Number: 50, Open: true, Base: "qa"}, Marker: hotfix.BackportMarker{Command: 9000}})
		if said := answered(t, s).Granted[0].Said; !strings.Contains(said, "#50") {
			t.Errorf("%s: said %q", c.name, said)
		}
	}
}

func TestOneCommandOfACommentSeesTheOneBefore(t *testing.T) {
	s, h := underway()
	h.Targets[0].Replay.Outcome = hotfix.Contained
	asked(s, 1034, hotfix.Write, "/hotfix skip dev not there\n/hotfix solved")
	for _, g := range answered(t, s).Granted {
		if !g.Done {
			t.Errorf("%s: %s", g.Verb, g.Said)
		}
	}
}

func TestACommandOnAnIssueOfTwoHotfixesIsForBothUnlessItNamesOne(t *testing.T) {
	s, h := underway()
	second := *h
	second.Pull.Number = 36
	s.Hotfixes = append(s.Hotfixes, second)
	asked(s, 1034, hotfix.Write, "/hotfix skip qa no")
	if got := answered(t, s).Granted[0].Hotfixes; len(got) != 2 {
		t.Errorf("for %v", got)
	}
	s.Requests = nil
	asked(s, 1034, hotfix.Write, "/hotfix skip qa #36 no")
	if got := answered(t, s).Granted[0].Hotfixes; len(got) != 1 || got[0] != 36 {
		t.Errorf("for %v", got)
	}
}

// The answer to a skip was given, and then the connection was lost; the next list did not
// show it yet. The bot had closed the backport by then, and opened another.
func TestNothingIsDoneWhileAnAnswerIsLookedFor(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	tagged(s, h, "v1.7.1")
	s.Requests = []hotfix.Request{{
		Comment: hotfix.Comment{ID: 7, Issue: h.Issue.Number, Author: "alice"}, Allowed: hotfix.Admin, Seen: true,
		Commands: []hotfix.Command{{Verb: hotfix.VerbSkip, Environment: "qa", Reason: "it is not there"}},
	}}
	if got := wants(s); got != "reply/7" {
		t.Fatalf("wants %s", got)
	}
	s.Postponed = map[string]bool{"reply/7": true}
	if got := wants(s); got != "" {
		t.Errorf("while it is looked for: wants %s", got)
	}
}
