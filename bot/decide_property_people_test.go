package bot_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/command"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// people do to a world what people do, by chance.
type people struct {
	*world
	*rand.Rand
}

// newWorld is a repository before its first hotfix: production at v1.7.0, and a
// commit of its own in every environment.
func newWorld(pipeline hotfix.Pipeline) *world {
	w := &world{
		history: make([]node, 1), branches: map[string]branch{}, tags: map[string]int{}, pulls: make([]*pull, 1),
		issues: map[int]*hotfix.Issue{}, releases: map[string]bool{}, deployed: map[string]*hotfix.Deployment{},
		begun: map[string]bool{}, protected: map[string]bool{}, clash: map[string]int{}, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
	}
	w.config, _ = repoconfig.Defaults(func(string) bool { return true })
	w.config.Environments = pipeline
	w.tags["v1.7.0"] = w.commit(map[int]content{})
	w.branches["release/1.6"] = branch{tip: 1}
	for _, env := range pipeline {
		w.branches[env.Branch] = branch{tip: w.commit(map[int]content{}, 1)}
	}
	return w
}

var (
	simple  = hotfix.Pipeline{{Name: "Production", Branch: "main"}, {Name: "QA", Branch: "qa"}, {Name: "Development", Branch: "dev"}}
	preprod = hotfix.Pipeline{{Name: "Production", Branch: "main"}, {Name: "Pre-Production", Branch: "preprod", Landing: true}, {Name: "QA", Branch: "qa"}, {Name: "Development", Branch: "dev"}}
	staged  = hotfix.Pipeline{{Name: "Mirror", Branch: "mirror"}, {Name: "Production", Branch: "main"}, {Name: "Stage", Branch: "stage", Landing: true}, {Name: "QA", Branch: "qa"}}
	alone   = hotfix.Pipeline{{Name: "Production", Branch: "main"}}
)

// newPeople are people with a repository of some kind.
func newPeople(r *rand.Rand) *people {
	p := &people{newWorld(simple), r}
	p.world = newWorld(oneOf(p, []hotfix.Pipeline{simple, preprod, staged, alone}))
	p.configure()
	p.config.Release.GitHubRelease, p.config.Deploy.GitHubDeployments = p.chance(80), p.chance(50)
	for _, env := range p.config.Environments {
		if p.chance(40) {
			p.branches[env.Branch] = branch{tip: 1}
		}
	}
	if p.chance(10) {
		delete(p.tags, "v1.7.0")
	}
	if p.chance(30) {
		p.config.Applications = []hotfix.Application{{Name: "shop", Tag: "v{version}"}, {Name: "api", Tag: "api-v{version}"}}
		if p.chance(80) {
			p.tags["api-v2.0.3"] = 1
		}
	}
	return p
}

func oneOf[T any](p *people, of []T) T { return of[p.IntN(len(of))] }

func (p *people) chance(percent int) bool { return p.IntN(100) < percent }

// tick is the next minute: what follows has another time.
func (w *world) tick() time.Time {
	w.now = w.now.Add(time.Minute)
	return w.now
}

// act is one thing that somebody does; it says what, or "" when there was nothing
// to do it to.
func (p *people) act() string {
	p.tick()
	acts := []func() string{
		p.mergeHotfix, p.mergeBackport, p.mergeBackport, p.closeBackport, p.reopenBackport, p.pushBackport, p.deleteBackport, p.repoint,
		p.pushEnvironment, p.rewind, p.removeEnvironment, p.turnIssue, p.speak, p.speak, p.speak, p.tagByHand, p.untag, p.mergePromotion,
		p.closePromotion, p.pushPromotion, p.squat, p.tellDeployment, p.protect, p.configure, p.wait,
	}
	for range 20 {
		if said := oneOf(p, acts)(); said != "" {
			return said
		}
	}
	return "nothing"
}

func (p *people) mergeHotfix() string {
	landing, _ := p.config.Environments.Landing()
	if p.branches[landing.Branch].tip == 0 || len(p.fixes) == 3 {
		return ""
	}
	f := p.land()
	switch p.IntN(4) {
	case 0: // one that it closes
		f.issue = p.newIssue()
	case 1: // that of another hotfix
		f.issue = p.fixes[0].issue
	case 2: // a repository without issues
		f.issue, p.issues[f.pull.Number] = f.pull.Number, &hotfix.Issue{Number: f.pull.Number, IsPull: true}
	}
	for _, env := range p.config.Environments {
		if p.chance(40) { // for ever, or while another hotfix is not there
			p.clash[fmt.Sprintf("%d/%s", f.pull.Number, env.Branch)] = oneOf(p, []int{-1, p.fixes[0].pull.Number})
		}
	}
	return fmt.Sprintf("merges hotfix #%d, of issue #%d", f.pull.Number, f.issue)
}

// land merges a hotfix that has no issue yet.
func (w *world) land() *fix {
	landing, _ := w.config.Environments.Landing()
	p := w.open(&pull{}, fmt.Sprintf("hotfix/fix-%d", len(w.fixes)), landing.Branch)
	p.Title, p.Author, p.Merged, p.Open, p.MergedAt = "Fix", "alice", true, false, w.now
	w.change(landing.Branch, p.Number, whole)
	w.fixes = append(w.fixes, &fix{pull: p, landed: w.branches[landing.Branch].tip, proved: map[string]int{}, tagged: map[string]bool{}, released: map[string]bool{}})
	w.fixes[len(w.fixes)-1].marker = hotfix.StatusMarker{Tags: hotfix.ByApplication[string]{}, Released: hotfix.ByApplication[bool]{}}
	return w.fixes[len(w.fixes)-1]
}

// some is a pull request of which a test holds, or nil.
func (p *people) some(is func(*pull) bool) *pull {
	var all []*pull
	for _, one := range p.pulls {
		if one != nil && one.to != "" && is(one) {
			all = append(all, one)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return oneOf(p, all)
}

func isOpenBackport(one *pull) bool { return one.Open && !one.promotion }

func (p *people) mergeBackport() string {
	one := p.some(func(one *pull) bool { return isOpenBackport(one) && p.branches[one.Base].tip != 0 })
	if one == nil {
		return ""
	}
	p.merge(one)
	if f := p.fix(one.fix); f.issue != 0 && p.issues[f.issue].Open && !p.issues[f.issue].IsPull && p.chance(30) {
		p.turn(f.issue, hotfix.Turn{At: p.now, Closed: true, By: "bob", CloserPull: one.Number})
	}
	return fmt.Sprintf("merges backport #%d into %s", one.Number, one.Base)
}

// merge merges a backport, with its conflicts if they are there.
func (w *world) merge(one *pull) {
	head, base := w.branches[one.Head].tip, w.branches[one.Base].tip
	holds := map[int]content{}
	maps.Copy(holds, w.history[base].holds)
	holds[one.fix] = w.history[head].holds[one.fix]
	if one.unresolved {
		holds[one.fix] = altered
	}
	one.landed = w.commit(holds, base, head)
	w.branches[one.Base] = branch{tip: one.landed}
	one.Open, one.Merged, one.Landed, one.MergedBy = false, true, at(one.landed), "bob"
}

func (p *people) closeBackport() string {
	one := p.some(isOpenBackport)
	if one == nil {
		return ""
	}
	one.Open, one.ClosedBy = false, "bob"
	return fmt.Sprintf("closes backport #%d", one.Number)
}

func (p *people) reopenBackport() string {
	one := p.some(func(one *pull) bool {
		return !one.Open && !one.Merged && p.branches[one.Head].tip != 0 && !one.promotion
	})
	if one == nil {
		return ""
	}
	one.Open, one.ClosedBy, one.reopened = true, "", closedByBot(one)
	return fmt.Sprintf("reopens backport #%d", one.Number)
}

// pushBackport resolves its conflict, or changes what it brings.
func (p *people) pushBackport() string {
	one := p.some(isOpenBackport)
	if one == nil {
		return ""
	}
	p.change(one.Head, one.fix, oneOf(p, []content{whole, altered}))
	one.headOwn, one.HeadOID = false, at(p.branches[one.Head].tip)
	if one.unresolved && p.chance(60) {
		one.unresolved, one.Draft = false, p.chance(50)
	}
	return fmt.Sprintf("pushes to backport #%d; unresolved: %v", one.Number, one.unresolved)
}

// deleteBackport deletes a branch; GitHub closes its pull request.
func (p *people) deleteBackport() string {
	one := p.some(func(one *pull) bool { return p.branches[one.Head].tip != 0 })
	if one == nil {
		return ""
	}
	delete(p.branches, one.Head)
	if one.Open {
		one.Open, one.ClosedBy = false, "bob"
	}
	return "deletes the branch " + one.Head
}

func (p *people) repoint() string {
	one := p.some(isOpenBackport)
	if one == nil {
		return ""
	}
	one.Base = oneOf(p, p.config.Environments).Branch
	return fmt.Sprintf("points backport #%d to %s", one.Number, one.Base)
}

// pushEnvironment brings a fix by hand, edits it, undoes it, or pushes something
// else.
func (p *people) pushEnvironment() string {
	env := oneOf(p, p.config.Environments).Branch
	if p.branches[env].tip == 0 || len(p.fixes) == 0 {
		return ""
	}
	f, c := oneOf(p, p.fixes), oneOf(p, []content{lacks, altered, whole})
	p.change(env, f.pull.Number, c)
	return fmt.Sprintf("pushes to %s: #%d is %d", env, f.pull.Number, c)
}

// rewind forces a branch back to where it was.
func (p *people) rewind() string {
	env := oneOf(p, p.config.Environments)
	tip := p.branches[env.Branch].tip
	if tip == 0 || len(p.history[tip].parents) == 0 {
		return ""
	}
	p.branches[env.Branch] = branch{tip: p.history[tip].parents[0]}
	return "rewinds " + env.Branch
}

// removeEnvironment deletes an environment's branch, or makes it again.
func (p *people) removeEnvironment() string {
	env := oneOf(p, p.config.Environments).Branch
	if p.branches[env].tip != 0 {
		delete(p.branches, env)
		return "deletes " + env
	}
	p.branches[env] = branch{tip: p.commit(map[int]content{}, 1)}
	return "makes " + env + " again"
}

func (w *world) turn(issue int, turn hotfix.Turn) {
	w.issues[issue].Open = !turn.Closed
	w.issues[issue].Turns = append(w.issues[issue].Turns, turn)
}

func (p *people) turnIssue() string {
	if len(p.fixes) == 0 {
		return ""
	}
	f := oneOf(p, p.fixes)
	if f.issue == 0 || p.issues[f.issue].IsPull {
		return ""
	}
	turn := hotfix.Turn{At: p.now, Closed: p.issues[f.issue].Open, By: "carol"}
	p.turn(f.issue, turn)
	return fmt.Sprintf("turns issue #%d; closed: %v", f.issue, turn.Closed)
}

// speak is a command in a comment, or a button that is pressed.
func (p *people) speak() string {
	if len(p.fixes) == 0 {
		return ""
	}
	f := oneOf(p, p.fixes)
	line := "/hotfix " + oneOf(p, []string{
		"status", "explain", "help", "skip qa not needed", "skip dev gone", "unskip qa", "unskip dev", "retry", "retry qa", "retry dev", "resolved logo.png",
		"solved", "solved --force so be it", "reopen", "deploy", "deploy 1.7.5", "deploy 1.6.1", "deploy x", "skip nowhere reason", "bogus", "pick qa -- total.txt", "pick dev -- logo.png",
		"pick qa -- nothing", "backport release/1.6", "backport nowhere", "start cart",
	})
	p.comments++
	request := hotfix.Request{Commands: command.Parse(line), Allowed: hotfix.Permission(1 + p.IntN(int(hotfix.Admin)))}
	request.Comment = hotfix.Comment{ID: p.comments, Issue: f.pull.Number, Author: "carol", CreatedAt: p.now}
	if one := p.some(func(one *pull) bool { return one.fix == f.pull.Number }); one != nil && p.chance(30) {
		request.Comment.Issue = one.Number
	} else if f.issue != 0 && p.chance(50) {
		request.Comment.Issue = f.issue
	}
	if issue := p.issues[request.Comment.Issue]; issue != nil {
		on := *issue
		request.On = &on
	}
	if p.chance(30) && slices.Contains([]string{"retry", "solved", "deploy"}, strings.TrimPrefix(line, "/hotfix ")) {
		request.Press, request.Comment.ID, request.Comment.Issue = fmt.Sprintf("press-%d", p.comments), 0, f.pull.Number
		request.Commands[0].Pull = f.pull.Number
	}
	p.requests = append(p.requests, request)
	return fmt.Sprintf("says %s on #%d as %s; press: %q", line, request.Comment.Issue, request.Allowed, request.Press)
}

func (p *people) tagByHand() string {
	name, commit := oneOf(p, []string{"v1.7.1", "v1.7.2", "v1.8.0", "v2.0.0-rc.1", "nightly", "api-v2.0.4"}), 1+p.IntN(len(p.history)-1)
	if p.tags[name] != 0 {
		return ""
	}
	p.tags[name] = commit
	return fmt.Sprintf("tags commit %d as %s", commit, name)
}

// untag deletes a tag that a status comment remembers, or its release.
func (p *people) untag() string {
	var remembered []string
	for _, f := range p.fixes {
		for _, app := range p.config.Lines() {
			if tag := f.marker.Tags[app.Name]; p.tags[tag] != 0 {
				remembered = append(remembered, tag)
			}
		}
	}
	if len(remembered) == 0 {
		return ""
	}
	tag := oneOf(p, remembered)
	if p.releases[tag] {
		delete(p.releases, tag)
		return "deletes the release of " + tag
	}
	delete(p.tags, tag)
	return "deletes the tag " + tag
}

func (p *people) mergePromotion() string {
	one := p.some(func(one *pull) bool { return one.Open && one.promotion && p.branches[one.Base].tip != 0 })
	if one == nil {
		return ""
	}
	head, base := p.branches[one.Head].tip, p.branches[one.Base].tip
	one.landed = p.commit(p.history[head].holds, base, head)
	p.branches[one.Base] = branch{tip: one.landed}
	one.Open, one.Merged, one.Landed = false, true, at(one.landed)
	return fmt.Sprintf("merges promotion #%d", one.Number)
}

func (p *people) closePromotion() string {
	one := p.some(func(one *pull) bool { return one.Open && one.promotion })
	if one == nil {
		return ""
	}
	one.Open, one.ClosedBy = false, "bob"
	return fmt.Sprintf("closes promotion #%d", one.Number)
}

func (p *people) pushPromotion() string {
	one := p.some(func(one *pull) bool { return one.Open && one.promotion })
	if one == nil {
		return ""
	}
	p.change(one.Head, one.fix, whole)
	one.headOwn, one.HeadOID = false, at(p.branches[one.Head].tip)
	return fmt.Sprintf("pushes to promotion #%d", one.Number)
}

// squat makes a branch of a name that the bot would give.
func (p *people) squat() string {
	below := p.config.Environments.Below()
	if len(p.fixes) == 0 || len(below) == 0 {
		return ""
	}
	f := oneOf(p, p.fixes)
	name := naming.Branch(oneOf(p, below), f.pull.Number, naming.Slug(f.pull.Head, ""), 1+p.IntN(3))
	if p.branches[name].tip != 0 {
		return ""
	}
	p.branches[name] = branch{tip: p.commit(map[int]content{}, 1)}
	return "makes the branch " + name
}

func (p *people) tellDeployment() string {
	for key, d := range p.deployed {
		d.State = oneOf(p, []string{"", "in_progress", "success", "failure", "error", "inactive"})
		return "says of the deployment " + key + ": " + d.State
	}
	return ""
}

// wait lets the time come at which a backport may be made anew.
func (p *people) wait() string {
	hours := oneOf(p, []int{1, 1, 30, 100})
	p.now = p.now.Add(time.Duration(hours) * time.Hour)
	return fmt.Sprintf("waits for %d hours", hours)
}

// protect makes GitHub refuse a thing, or no longer.
func (p *people) protect() string {
	if len(p.fixes) == 0 {
		return ""
	}
	f := oneOf(p, p.fixes)
	key := oneOf(p, []string{
		hotfix.CreateTag{Pull: f.pull.Number}.Key(), hotfix.CreateTag{Pull: f.pull.Number, Application: "api"}.Key(), hotfix.CreateRelease{Tag: "v1.7.1"}.Key(), hotfix.SetIssue{Number: f.issue}.Key(),
		hotfix.BackportKey(f.pull.Number, "qa"), hotfix.BackportKey(f.pull.Number, "dev"), hotfix.OpenIssue{Pull: f.pull.Number}.Key(),
		hotfix.Promote{Pull: f.pull.Number, Environment: hotfix.Environment{Branch: "main"}}.Key(),
		hotfix.PromotionKey("main", "v1.7.1"),
	})
	p.protected[key] = !p.protected[key]
	return fmt.Sprintf("protects %s: %v", key, p.protected[key])
}

func (p *people) configure() string {
	p.config.Close, p.config.Release.Trigger = oneOf(p, []string{"auto", "manual"}), oneOf(p, []string{"auto", "manual"})
	p.config.Propagate.Order = oneOf(p, []string{"parallel", "chain"})
	return "configures close " + p.config.Close + ", trigger " + p.config.Release.Trigger + ", order " + p.config.Propagate.Order
}
