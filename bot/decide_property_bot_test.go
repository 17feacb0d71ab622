package bot_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hotfixbot/hotfixbot/bot"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// maxPasses is how often a reconcile may decide, as in package bot.
const maxPasses = 25

// killed is what a reconcile ends with that was cut off.
const killed = "killed"

// reconcile decides and acts until there is rest, and publishes. It returns what
// it did, and what is wrong: an action that must never be asked for, or no rest.
// After steps actions it is killed.
func (w *world) reconcile(steps int) (done []string, wrong string) {
	refused, postponed := map[string]hotfix.Problem{}, map[string]bool{}
	defer func() { w.again = len(postponed) > 0 }()
	for range maxPasses {
		s := w.observe()
		s.Refused, s.Postponed = refused, postponed
		plan, wrong := decide(s, len(done)%4 == 0)
		if wrong != "" {
			return done, wrong
		}
		if len(plan.Actions) == 0 {
			w.publish(s, plan)
			return done, w.atRest(s, plan)
		}
		for _, action := range plan.Actions {
			if len(done) == steps {
				w.begin(action)
				return done, killed
			}
			done = append(done, action.Key())
			switch wrong := w.do(s, plan, action); {
			case wrong == moved:
				postponed[action.Key()] = true
			case wrong == refusedByGitHub:
				refused[action.Key()] = hotfix.Problem{What: "it is protected"}
			case wrong != "":
				return done, action.Key() + ": " + wrong
			}
		}
	}
	return done, "no rest: " + hotfix.Describe(bot.Decide(w.observe()).Actions)
}

// decide asks Decide, and now and then holds it to being pure: the snapshot stays
// as it is, and the same one is decided upon in the same way.
func decide(s *hotfix.Snapshot, twice bool) (hotfix.Plan, string) {
	if !twice {
		return bot.Decide(s), ""
	}
	before, plan := inJSON(s), bot.Decide(s)
	if inJSON(s) != before {
		return plan, "Decide changed the snapshot"
	}
	if again := bot.Decide(s); inJSON(again) != inJSON(plan) {
		return plan, fmt.Sprintf("Decide said %s, and then %s", hotfix.Describe(plan.Actions), hotfix.Describe(again.Actions))
	}
	return plan, ""
}

func inJSON(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// publish notes what the status comments remember.
func (w *world) publish(s *hotfix.Snapshot, plan hotfix.Plan) {
	for i, h := range s.Hotfixes {
		f := w.fixes[i]
		for _, line := range h.Lines {
			if line.Release != nil {
				f.marker.Released[line.Application] = true
			}
			if line.Holding != nil && line.Holding.Commit == h.Landing.Commit {
				f.marker.Tags[line.Application] = line.Holding.Name
			}
		}
		for j, st := range plan.Statuses[i].Standings {
			if tip := w.branches[st.Branch].tip; f.proved[st.Branch] == 0 && h.Targets[j].Proved == "" && st.Verdict == hotfix.VerdictContained {
				f.proved[st.Branch] = tip
			}
		}
	}
}

// atRest is what must hold when the bot has nothing to do: nothing waits for it.
func (w *world) atRest(s *hotfix.Snapshot, plan hotfix.Plan) string {
	if len(s.Requests) > 0 && len(s.Refused)+len(s.Postponed) == 0 {
		return fmt.Sprintf("the request %+v is not answered", s.Requests[0])
	}
	for i, status := range plan.Statuses {
		for _, st := range status.Standings {
			key := hotfix.BackportKey(status.Key.Pull, st.Branch)
			if _, refused := s.Refused[key]; st.Verdict == hotfix.VerdictPending && !refused && !s.Postponed[key] {
				return fmt.Sprintf("%s waits for the bot", key)
			}
		}
		issue := s.Hotfixes[i].Issue
		if issue == nil || issue.IsPull || w.protected[hotfix.SetIssue{Number: issue.Number}.Key()] {
			continue
		}
		if last := len(issue.Turns) - 1; !issue.Open && !over(status) && issue.Turns[last].CloserPull != 0 {
			return w.staysClosed(status.Key.Pull, w.pulls[issue.Turns[last].CloserPull])
		}
		if waits := slices.ContainsFunc(plan.Statuses, func(o hotfix.Status) bool { return o.Issue == issue.Number && !over(o) }); issue.Open && !waits {
			return fmt.Sprintf("#%d is over and stays open", issue.Number)
		}
	}
	return ""
}

func over(status hotfix.Status) bool {
	return status.State == hotfix.StateSolved || status.State == hotfix.StateForced
}

// staysClosed says what closed an issue that must be open.
func (w *world) staysClosed(fix int, closer *pull) string {
	switch {
	case closer.fix != fix:
		return "the issue stays closed by a backport of another hotfix"
	case w.branches[closer.to].tip == 0:
		return "the issue stays closed by a backport to an environment that is gone"
	}
	return fmt.Sprintf("the issue stays closed by backport #%d", closer.Number)
}

// begin does the first half of an action that has two.
func (w *world) begin(action hotfix.Action) {
	switch a := action.(type) {
	case hotfix.OpenBackport:
		if tip := w.branches[a.Environment.Branch].tip; at(w.branches[a.Branch].tip) == a.Lease && w.outcome(a.Pull, tip, a.Environment.Branch) != hotfix.Contained {
			w.begun[hotfix.DressKey(a.Branch)] = w.begun[hotfix.DressKey(a.Branch)] || !a.Remake
			w.branches[a.Branch] = branch{tip: w.picked(a.Pull, tip), own: true}
		}
	case hotfix.OpenPromotion:
		w.branches[naming.Promotion(a.Environment, a.Tag)] = branch{tip: w.tags[a.Tag], own: true}
	}
}

// picked is the commit that picking a hotfix onto another makes.
func (w *world) picked(fix, onto int) int {
	holds := map[int]content{}
	maps.Copy(holds, w.history[onto].holds)
	holds[fix] = whole
	return w.commit(holds, onto)
}
