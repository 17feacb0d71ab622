package bot_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/bot"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// What GitHub says instead of doing a thing.
const (
	refusedByGitHub = "refused"
	moved           = "moved"
)

// do does an action, as act.go does it on GitHub. What is not empty is why it must
// never have been asked for, or what GitHub says.
func (w *world) do(s *hotfix.Snapshot, plan hotfix.Plan, action hotfix.Action) string {
	if w.protected[action.Key()] {
		return refusedByGitHub
	}
	switch a := action.(type) {
	case hotfix.AddLabel:
		return w.addLabel(a)
	case hotfix.OpenIssue:
		return w.openIssue(a)
	case hotfix.SetIssue:
		return w.setIssue(a)
	case hotfix.CreateTag:
		return w.createTag(s, a)
	case hotfix.CreateRelease:
		return w.createRelease(a)
	case hotfix.Promote:
		return w.promote(a)
	case hotfix.OpenPromotion:
		return w.openPromotion(a)
	case hotfix.RecordDeployment:
		return w.recordDeployment(a)
	case hotfix.OpenBackport:
		return w.openBackport(s, a)
	case hotfix.StartBranch:
		return w.startBranch(a)
	case hotfix.Dress:
		return w.dress(a)
	case hotfix.ClosePull:
		return w.closePull(a)
	case hotfix.DeleteBranch:
		return w.deleteBranch(a)
	case hotfix.React:
		return w.react(a)
	case hotfix.Reply:
		if wrong := unkept(s, plan.Statuses, a.Answer); wrong != "" {
			return wrong
		}
		return w.answer(a.Answer)
	case hotfix.Remind:
		return w.remind(a)
	case hotfix.IgnorePress:
		return w.answer(hotfix.Answer{Press: a.ID})
	}
	return fmt.Sprintf("the model does not know %T", action)
}

func (w *world) addLabel(a hotfix.AddLabel) string {
	var labels *[]string
	if issue := w.issues[a.Number]; issue != nil && !issue.IsPull {
		labels = &issue.Labels
	} else {
		labels = &w.pulls[a.Number].Labels
	}
	if slices.Contains(*labels, a.Label) {
		return "it is there already"
	}
	*labels = append(*labels, a.Label)
	return ""
}

func (w *world) openIssue(a hotfix.OpenIssue) string {
	f := w.fix(a.Pull)
	if f.issue != 0 {
		return "it has one"
	}
	f.issue = w.newIssue("hotfix")
	return ""
}

// setIssue: never against the last word of a person (P17).
func (w *world) setIssue(a hotfix.SetIssue) string {
	issue := w.issues[a.Number]
	if issue.Open == a.Open {
		return "it is so already"
	}
	said := func(verb hotfix.Verb) bool { return w.saidSince(a.Number, verb, issue.Turns) }
	closedByBot := false
	for i, turn := range issue.Turns {
		closedByBot = closedByBot || turn.Closed && turn.ByBot
		reopened := !turn.Closed && !turn.ByBot && closedByBot
		if reopened && !a.Open && !slices.ContainsFunc(issue.Turns[i:], func(t hotfix.Turn) bool { return t.Closed }) && !said(hotfix.VerbSolved) {
			return "a person reopened it"
		}
	}
	if last := len(issue.Turns) - 1; a.Open && last >= 0 && !issue.Turns[last].ByBot && issue.Turns[last].CloserPull == 0 && !said(hotfix.VerbReopen) {
		return "a person closed it"
	}
	issue.Open = a.Open
	issue.Turns = append(issue.Turns, hotfix.Turn{At: w.tick(), Closed: !a.Open, By: "hotfixbot[bot]", ByBot: true})
	return ""
}

// saidSince reports whether somebody was granted a word about a hotfix of an issue
// after its last turn.
func (w *world) saidSince(issue int, verb hotfix.Verb, turns []hotfix.Turn) bool {
	return slices.ContainsFunc(w.answers, func(a hotfix.Answer) bool {
		return a.At.After(turns[len(turns)-1].At) && slices.ContainsFunc(a.Granted, func(g hotfix.Granted) bool {
			return g.Done && g.Verb == verb && slices.ContainsFunc(g.Hotfixes, func(n int) bool { return w.fix(n).issue == issue })
		})
	})
}

// createTag: a tag never moves, and one that a person deleted is made again only
// at a person's word.
func (w *world) createTag(s *hotfix.Snapshot, a hotfix.CreateTag) string {
	f := w.fix(a.Pull)
	if w.tags[a.Name] != 0 {
		return "the tag exists"
	}
	if slices.ContainsFunc(w.fixes, func(other *fix) bool {
		return other.marker.Tags[a.Application] == a.Name && other.landed != f.landed
	}) {
		return "the tag was made at another commit before, as a status comment remembers"
	}
	if f.tagged[a.Application] && !asks(s, hotfix.VerbDeploy) {
		return "a tag was made before"
	}
	f.tagged[a.Application], w.tags[a.Name] = true, f.landed
	return ""
}

// asks reports whether a person's request is under way.
func asks(s *hotfix.Snapshot, verb hotfix.Verb) bool {
	return len(s.Requests) > 0 && slices.ContainsFunc(s.Requests[0].Commands, func(c hotfix.Command) bool { return c.Verb == verb })
}

// createRelease: one that a person deleted stays so.
func (w *world) createRelease(a hotfix.CreateRelease) string {
	f := w.fix(a.Pull)
	application := w.applicationOf(a.Tag)
	if w.releases[a.Tag] || f.released[application] {
		return "it was published before"
	}
	if w.releases[a.Tag], f.released[application] = true, true; a.Latest && application != w.config.Lines()[0].Name {
		return "the latest release is the first application's"
	}
	return ""
}

// applicationOf is the application whose tag it is.
func (w *world) applicationOf(tag string) string {
	lines := w.config.Lines()
	for _, app := range lines {
		if _, ok := hotfix.ParseRelease(hotfix.Tag{Name: tag}, app.Tag); ok {
			return app.Name
		}
	}
	return lines[0].Name
}

func (w *world) promote(a hotfix.Promote) string {
	b := w.branches[a.Environment.Branch]
	if at(b.tip) != a.From {
		return moved
	}
	to := w.tags[w.tagAt(a.To)]
	if !w.reaches(to, b.tip) || to == b.tip {
		return "it is no fast-forward"
	}
	w.branches[a.Environment.Branch] = branch{tip: to, own: b.own}
	return ""
}

func (w *world) tagAt(commit hotfix.OID) string {
	for name, target := range w.tags {
		if at(target) == commit {
			return name
		}
	}
	return ""
}

func (w *world) openPromotion(a hotfix.OpenPromotion) string {
	for _, p := range w.pulls {
		if p != nil && p.promotion && p.tag == a.Tag && p.to == a.Environment.Branch {
			return fmt.Sprintf("it was proposed in #%d", p.Number)
		}
	}
	head := naming.Promotion(a.Environment, a.Tag)
	for _, p := range w.pulls {
		if p != nil && p.Open && p.Head == head && p.Base == a.Environment.Branch {
			return fmt.Sprintf("#%d is open between the same branches", p.Number)
		}
	}
	w.branches[head] = branch{tip: w.tags[a.Tag], own: true}
	p := w.open(&pull{fix: a.Pull, to: a.Environment.Branch, promotion: true, tag: a.Tag, headOwn: true}, head, a.Environment.Branch)
	p.ByBot = true
	return ""
}

func (w *world) recordDeployment(a hotfix.RecordDeployment) string {
	key := a.Environment.Branch + "/" + a.Tag
	if w.deployed[key] != nil {
		return "it is recorded"
	}
	w.deployed[key] = &hotfix.Deployment{Ref: a.Tag, Environment: a.Environment.Name}
	return ""
}

// openBackport: a branch is pushed only where the bot's own commit is its tip or
// none is, and a new one only where no person has said no.
func (w *world) openBackport(s *hotfix.Snapshot, a hotfix.OpenBackport) string {
	env := a.Environment.Branch
	b, exists := w.branches[a.Branch]
	earlier := w.backports(a.Pull, env)
	asked := asks(s, hotfix.VerbRetry) || asks(s, hotfix.VerbPick) || asks(s, hotfix.VerbBackport)
	switch {
	case at(b.tip) != a.Lease || exists && !b.own:
		return "somebody else's branch is in the way"
	case a.Remake && !asked && w.now.Sub(earlier[len(earlier)-1].marker.Made) < time.Hour:
		return "it was made anew within the hour"
	case !a.Remake && slices.ContainsFunc(earlier, func(p *pull) bool { return p.Head == a.Branch }):
		return "it was opened before"
	case asked && a.Command != 0 && slices.ContainsFunc(earlier, func(p *pull) bool { return p.marker.Command == a.Command }):
		return "it was made for that comment already, to " + w.kindOf(env)
	case asked && a.Press != "" && slices.ContainsFunc(earlier, func(p *pull) bool { return p.marker.Press == a.Press }):
		return "it was made for that press already"
	case !asked && !a.Remake && len(earlier) > 0 && !closedByBot(earlier[len(earlier)-1]):
		return "an earlier one is open, or a person closed or merged it"
	}
	tip := w.branches[env].tip
	outcome := w.outcome(a.Pull, tip, env)
	if outcome == hotfix.Contained {
		return ""
	}
	w.branches[a.Branch] = branch{tip: w.picked(a.Pull, tip), own: true}
	p := &pull{fix: a.Pull, to: env, attempt: a.Attempt}
	if a.Remake {
		p = earlier[len(earlier)-1]
	} else {
		w.begun[hotfix.DressKey(a.Branch)] = true
		w.open(p, a.Branch, env).ByBot = true
	}
	p.conflict(outcome == hotfix.Conflict)
	p.marker.Tip, p.marker.Onto, p.marker.Attempt, p.marker.Command = at(w.branches[a.Branch].tip), at(tip), a.Attempt, a.Command
	p.marker.Press = a.Press
	p.HeadOID, p.headOwn, p.marker.Made = p.marker.Tip, true, w.now
	return ""
}

// kindOf says what a branch is to the configuration.
func (w *world) kindOf(branch string) string {
	if _, ok := w.config.Environments.Find(branch); ok {
		return "an environment"
	}
	return "a branch that is none"
}

// conflict makes a backport a draft with paths to resolve, or none.
func (p *pull) conflict(is bool) {
	p.unresolved, p.marker.Conflicts, p.marker.Pull = is, nil, p.fix
	if is {
		p.Draft, p.marker.Conflicts = true, conflicts()
	}
}

// conflicts are the paths that conflict wherever something does: one with markers
// and one without.
func conflicts() []hotfix.PathConflict {
	return []hotfix.PathConflict{{Path: "total.txt", Kind: hotfix.ConflictContent, Markers: true}, {Path: "logo.png", Kind: hotfix.ConflictBinary}}
}

// startBranch: where the name is taken, it is somebody's.
func (w *world) startBranch(a hotfix.StartBranch) string {
	if w.branches[a.Branch].tip != 0 {
		return "it exists"
	}
	w.branches[a.Branch] = branch{tip: w.tags[w.tagAt(a.Commit)], own: true}
	return ""
}

func closedByBot(p *pull) bool { return !p.Open && !p.Merged && p.ClosedBy == "hotfixbot[bot]" }

func (w *world) dress(a hotfix.Dress) string {
	if !w.begun[a.Key()] || !w.pulls[a.Pull].Open {
		return "it is dressed, or not open"
	}
	delete(w.begun, a.Key())
	return ""
}

func (w *world) closePull(a hotfix.ClosePull) string {
	p := w.pulls[a.Pull]
	switch {
	case !p.Open || !p.ByBot:
		return "it is closed, or a person's"
	case !w.branches[p.Head].own:
		return "a person works on it"
	case p.reopened:
		return "a person reopened what the bot had closed"
	}
	p.Open, p.ClosedBy = false, "hotfixbot[bot]"
	return ""
}

func (w *world) deleteBranch(a hotfix.DeleteBranch) string {
	switch b, exists := w.branches[a.Branch]; {
	case !exists:
		return "it is gone"
	case !b.own || !strings.Contains(a.Branch, "/"):
		return "it is a person's"
	case at(b.tip) != a.Tip:
		return moved
	}
	delete(w.branches, a.Branch)
	return ""
}

func (w *world) react(a hotfix.React) string {
	if a.Content == bot.ReactionRefused {
		return w.answer(hotfix.Answer{To: a.Comment})
	}
	for i := range w.requests {
		if r := &w.requests[i]; r.Comment.ID == a.Comment && !r.Seen {
			r.Seen = true
			return ""
		}
	}
	return "it is seen or answered"
}

// unkept is a word that an answer gives and that was not kept: a retry which made
// nothing, a pick of which nobody knows later what was picked.
func unkept(s *hotfix.Snapshot, statuses []hotfix.Status, a hotfix.Answer) string {
	for _, status := range statuses {
		for _, g := range a.Granted {
			if g.Verb == hotfix.VerbPick && g.Done && g.Chosen == nil {
				return "picked, and what is forgotten"
			}
			if status.Reverted != nil || g.Verb != hotfix.VerbRetry || !g.Done || !slices.Contains(g.Hotfixes, status.Key.Pull) {
				continue
			}
			for _, st := range status.Standings {
				_, refused := s.Refused[hotfix.BackportKey(status.Key.Pull, st.Branch)]
				again := st.Verdict == hotfix.VerdictDeclined || st.Verdict == hotfix.VerdictLost
				if again && !refused && (g.Environment == "" || g.Environment == st.Branch) {
					return "retried, and " + st.Branch + " is " + string(st.Verdict)
				}
			}
		}
	}
	return ""
}

// answer ends a request, once.
func (w *world) answer(a hotfix.Answer) string {
	before := len(w.requests)
	w.requests = slices.DeleteFunc(w.requests, func(r hotfix.Request) bool { return r.Comment.ID == a.To && r.Press == a.Press })
	if len(w.requests) != before-1 {
		return "it is answered"
	}
	w.answers = append(w.answers, a)
	slices.SortStableFunc(w.answers, func(a, b hotfix.Answer) int { return a.At.Compare(b.At) })
	return ""
}

// fix is the hotfix of a pull request.
func (w *world) fix(number int) *fix {
	return w.fixes[slices.IndexFunc(w.fixes, func(f *fix) bool { return f.pull.Number == number })]
}

// open numbers a pull request.
func (w *world) open(p *pull, head, base string) *pull {
	w.pulls = append(w.pulls, p)
	p.Number, p.Head, p.Base, p.Open, p.CreatedAt = len(w.pulls)-1, head, base, true, w.now
	p.HeadOID = at(w.branches[head].tip)
	return p
}

// remind: each stage is said once, in time, of what is open.
func (w *world) remind(a hotfix.Remind) string {
	p := w.pulls[a.Pull]
	after := map[int]time.Duration{1: w.config.Remind.After, 2: w.config.Remind.Then}[a.Stage]
	switch {
	case !p.Open || w.reminded[a.Pull] >= a.Stage:
		return "it was said, or is not open"
	case w.now.Sub(p.CreatedAt) < after:
		return "it does not wait that long"
	}
	if w.reminded == nil {
		w.reminded = map[int]int{}
	}
	w.reminded[a.Pull] = a.Stage
	return ""
}

func (w *world) newIssue(labels ...string) int {
	w.pulls = append(w.pulls, nil)
	number := len(w.pulls) - 1
	w.issues[number] = &hotfix.Issue{Number: number, Open: true, Labels: labels}
	return number
}
