package bot_test

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/bot"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// world is a repository on GitHub as far as Decide looks at it: a model without
// requests, clocks and git. Commits are numbers, and a commit's tree is which
// hotfixes are in it.
type world struct {
	config    hotfix.Config
	history   []node // a commit is its index; 0 is none
	branches  map[string]branch
	tags      map[string]int
	pulls     []*pull // by number, from 1; nil where the number is an issue's
	issues    map[int]*hotfix.Issue
	fixes     []*fix // merged hotfixes, in history order
	comments  int64
	requests  []hotfix.Request
	answers   []hotfix.Answer
	releases  map[string]bool // by tag; false: a person deleted it
	deployed  map[string]*hotfix.Deployment
	begun     map[string]bool
	reminded  map[int]int     // by backport, the last stage
	protected map[string]bool // actions that are refused, by key
	clash     map[string]int  // "34/qa": picking 34 onto qa conflicts while this hotfix is not there
	now       time.Time
	again     bool // something was moved while it was worked on, so the bot looks again
}

// node is a commit: its parents and what its tree holds of each hotfix.
type node struct {
	parents []int
	holds   map[int]content
}

// content is what a tree holds of a hotfix.
type content int

const (
	lacks   content = iota
	altered         // as a person made it, edited or resolved
	whole
)

// branch is where a branch stands, and whether the bot put it there.
type branch struct {
	tip int
	own bool
}

// fix is a merged hotfix.
type fix struct {
	pull   *pull
	landed int
	issue  int // 0: none yet
	marker hotfix.StatusMarker
	proved map[string]int // by environment's branch, as the status comment remembers it
	// What the bot made for it once, also where a person deleted it since.
	tagged, released map[string]bool // by application
}

// pull is a pull request: a hotfix's, a backport or a promotion.
type pull struct {
	hotfix.Pull
	fix        int    // the hotfix that it carries
	to         string // the environment's branch it was made for; empty: it is a hotfix itself
	promotion  bool
	tag        string // of a promotion: the release
	attempt    int
	marker     hotfix.BackportMarker
	unresolved bool // its conflict is still in its head
	headOwn    bool // its head is the bot's commit
	landed     int
	reopened   bool // by a person
}

func at(commit int) hotfix.OID {
	if commit == 0 {
		return ""
	}
	return hotfix.OID(fmt.Sprintf("%040x", commit))
}

func (w *world) commit(holds map[int]content, parents ...int) int {
	w.history = append(w.history, node{parents: parents, holds: holds})
	return len(w.history) - 1
}

// change is a commit on a branch that changes what its tree holds of a hotfix.
func (w *world) change(name string, fix int, to content) {
	tip := w.branches[name].tip
	holds := maps.Clone(w.history[tip].holds)
	holds[fix] = to
	w.branches[name] = branch{tip: w.commit(holds, tip)}
}

// reaches reports whether a commit is b or in b's history.
func (w *world) reaches(b, commit int) bool {
	return b == commit || slices.ContainsFunc(w.history[b].parents, func(p int) bool { return w.reaches(p, commit) })
}

// outcome is what picking a hotfix onto a commit comes to.
func (w *world) outcome(fix, onto int, env string) hotfix.Outcome {
	switch w.history[onto].holds[fix] {
	case whole:
		return hotfix.Contained
	case altered:
		return hotfix.Conflict
	}
	if first := w.clash[fmt.Sprintf("%d/%s", fix, env)]; first != 0 && w.history[onto].holds[first] == lacks {
		return hotfix.Conflict
	}
	return hotfix.Clean
}

// indirect notes what GitHub does by itself: a pull request counts as merged when
// its base came to hold its head in another way.
func (w *world) indirect() {
	for _, p := range w.pulls {
		if p == nil || !p.Open {
			continue
		}
		if head, base := w.branches[p.Head].tip, w.branches[p.Base].tip; head != 0 && base != 0 && w.reaches(base, head) {
			p.Open, p.Merged, p.landed, p.Landed = false, true, base, at(base)
		}
	}
}

// observe is the snapshot of the world, as observe.go makes it of GitHub.
func (w *world) observe() *hotfix.Snapshot {
	w.indirect()
	s := &hotfix.Snapshot{
		Now: w.now, Bot: hotfix.Bot{AppID: 1, Slug: "hotfixbot", UserID: 7},
		Repository: hotfix.Repository{ID: 1, Owner: "acme", Name: "shop", HasIssues: true}, Config: w.config,
		Tags: map[string]hotfix.Tag{}, Branches: map[string]hotfix.OID{}, Begun: maps.Clone(w.begun),
		Requests: slices.Clone(w.requests), Answers: slices.Clone(w.answers), Reminded: maps.Clone(w.reminded),
		Postponed: map[string]bool{}, Refused: map[string]hotfix.Problem{},
	}
	for name, b := range w.branches {
		s.Branches[name] = at(b.tip)
	}
	var tags []hotfix.Tag
	for _, name := range slices.Sorted(maps.Keys(w.tags)) {
		s.Tags[name] = hotfix.Tag{Name: name, Object: at(w.tags[name]), Commit: at(w.tags[name])}
		tags = append(tags, s.Tags[name])
	}
	for _, app := range w.config.Lines() {
		for _, release := range hotfix.Releases(tags, app.Tag) {
			release.Application = app.Name
			s.Releases = append(s.Releases, release)
		}
	}
	for _, env := range w.config.Environments {
		s.Environments = append(s.Environments, w.environment(env))
	}
	for _, f := range w.fixes {
		s.Hotfixes = append(s.Hotfixes, w.observeFix(s, f))
	}
	w.observeStacks(s)
	return s
}

// observeStacks finds what conflicts only because an earlier hotfix is not there.
func (w *world) observeStacks(s *hotfix.Snapshot) {
	for i := range s.Hotfixes {
		h := &s.Hotfixes[i]
		for j := range h.Targets {
			t := &h.Targets[j]
			first := w.clash[fmt.Sprintf("%d/%s", h.Pull.Number, t.Environment.Branch)]
			before := slices.IndexFunc(s.Hotfixes[:i], func(h hotfix.Hotfix) bool { return h.Pull.Number == first })
			if before < 0 || t.Replay.Outcome != hotfix.Conflict || len(t.Attempts) > 0 || t.Proved != "" {
				continue
			}
			if !standing(s, s.Hotfixes[before], t.Environment.Branch).Verdict.Final() {
				t.After = first
			}
		}
	}
}

// standing is where a hotfix stands in an environment that was looked at.
func standing(s *hotfix.Snapshot, h hotfix.Hotfix, env string) hotfix.Standing {
	alone := *s
	alone.Hotfixes = []hotfix.Hotfix{h}
	for _, st := range bot.Decide(&alone).Statuses[0].Standings {
		if st.Branch == env {
			return st
		}
	}
	return hotfix.Standing{Verdict: hotfix.VerdictSkipped} // no environment that this one knows
}

func (w *world) environment(env hotfix.Environment) hotfix.EnvironmentState {
	tip := w.branches[env.Branch].tip
	return hotfix.EnvironmentState{Environment: env, Tip: at(tip), Absent: tip == 0}
}

func (w *world) observeFix(s *hotfix.Snapshot, f *fix) hotfix.Hotfix {
	h := hotfix.Hotfix{
		Pull: f.pull.Pull, Marker: f.marker,
		Landing: hotfix.Landing{Commit: at(f.landed), Picks: []hotfix.Pick{{Commit: at(f.landed), Base: at(w.history[f.landed].parents[0])}}, Paths: []string{"logo.png", "total.txt"}},
	}
	if tip := w.branches[f.pull.Base].tip; tip != 0 && w.outcome(f.pull.Number, tip, f.pull.Base) == hotfix.Clean {
		h.Reverted = &hotfix.Undoing{Commit: at(tip), Author: "bob"}
	}
	h.Pull.Labels = slices.Clone(f.pull.Labels)
	for i, app := range w.config.Lines() {
		if len(w.config.Applications) < 2 || f.pull.Number>>i&1 == 1 {
			h.Lines = append(h.Lines, w.observeLine(s, f, app.Name))
		}
	}
	if issue := w.issues[f.issue]; issue != nil {
		seen := *issue
		seen.Labels, seen.Turns = slices.Clone(seen.Labels), slices.Clone(seen.Turns)
		h.Issue = &seen
	}
	for _, env := range slices.Backward(w.config.Environments.Above()) {
		h.Stages = append(h.Stages, w.observeStage(&h, f, env))
	}
	for _, env := range append(w.config.Environments.Below(), w.asked(f.pull.Number)...) {
		before := len(h.Targets) - 1
		h.Targets = append(h.Targets, w.observeTarget(&h, f, env))
		if waits := &h.Targets[before+1].Carries.Waits; w.config.Propagate.Order == "chain" && before >= 0 {
			if env := h.Targets[before].Environment; !standing(s, h, env.Branch).Verdict.Final() {
				*waits = env.Name
			}
		}
	}
	return h
}

func (w *world) observeLine(s *hotfix.Snapshot, f *fix, application string) hotfix.Line {
	line := hotfix.Line{Application: application}
	for i := range s.Releases {
		switch r := &s.Releases[i]; {
		case r.Application != application:
		case w.reaches(w.tags[r.Name], f.landed):
			if line.Holding == nil {
				line.Holding = r
			}
		case w.reaches(f.landed, w.tags[r.Name]):
			line.Base = r
		}
	}
	if line.Holding != nil && w.config.Release.GitHubRelease && w.releases[line.Holding.Name] {
		line.Release = &hotfix.Release{Tag: line.Holding.Name}
	}
	return line
}

// granted is what was done at people's word for a hotfix, oldest first.
func (w *world) granted(fix int, verb hotfix.Verb) []hotfix.Granted {
	var all []hotfix.Granted
	for _, a := range w.answers {
		for _, g := range a.Granted {
			if g.Verb == verb && g.Done && slices.Contains(g.Hotfixes, fix) {
				all = append(all, g)
			}
		}
	}
	return all
}

// asked are the branches that are no environment and to which people asked to
// carry a hotfix.
func (w *world) asked(fix int) hotfix.Pipeline {
	var all hotfix.Pipeline
	for _, g := range w.granted(fix, hotfix.VerbBackport) {
		for _, branch := range g.Args {
			if _, known := all.Find(branch); !known {
				all = append(all, hotfix.Environment{Name: branch, Branch: branch})
			}
		}
	}
	for _, p := range w.pulls { // asked for, and not answered yet
		if p == nil || p.promotion || p.fix != fix || p.to == "" {
			continue
		}
		_, known := all.Find(p.to)
		if _, is := w.config.Environments.Find(p.to); !known && !is {
			all = append(all, hotfix.Environment{Name: p.to, Branch: p.to})
		}
	}
	return all
}

func (w *world) observeStage(h *hotfix.Hotfix, f *fix, env hotfix.Environment) hotfix.Stage {
	stage := hotfix.Stage{Environment: w.environment(env)}
	for _, p := range w.pulls {
		if holding := h.Holding(); p != nil && p.promotion && holding != nil && p.tag == holding.Name && p.to == env.Branch {
			seen := p.Pull
			stage.Promotion, stage.Own = &seen, p.headOwn
		}
	}
	if stage.Environment.Absent {
		return stage
	}
	tip := w.branches[env.Branch].tip
	merged := stage.Promotion != nil && stage.Promotion.Merged
	stage.Reached = w.reaches(tip, f.landed) || merged && w.history[tip].holds[f.pull.Number] == whole
	release := f.landed
	if holding := h.Holding(); holding != nil {
		release = w.tags[holding.Name]
	}
	for _, tag := range h.Tags() {
		if d := w.deployed[env.Branch+"/"+tag]; d != nil {
			stage.Deployments = append(stage.Deployments, *d)
		}
	}
	stage.Forward = !stage.Reached && tip != release && w.reaches(release, tip)
	return stage
}

func (w *world) observeTarget(h *hotfix.Hotfix, f *fix, env hotfix.Environment) hotfix.Target {
	t := hotfix.Target{Environment: w.environment(env), Carries: hotfix.Carries{Picks: h.Landing.Picks}}
	for _, g := range w.granted(f.pull.Number, hotfix.VerbPick) {
		if g.Environment == env.Branch && g.Chosen != nil {
			t.Carries.Picks = g.Chosen.Only(h.Landing.Picks)
		}
	}
	if t.Environment.Absent {
		for _, p := range w.backports(f.pull.Number, env.Branch) {
			seen := p.Pull
			t.Attempts = append(t.Attempts, hotfix.Attempt{Number: p.attempt, Branch: p.Head, Tip: at(w.branches[p.Head].tip), Pull: &seen})
		}
		return t
	}
	t.Replay = hotfix.Replay{Onto: t.Environment.Tip, Outcome: w.outcome(f.pull.Number, w.branches[env.Branch].tip, env.Branch)}
	pulled := map[string]bool{}
	for _, p := range w.backports(f.pull.Number, env.Branch) {
		pulled[p.Head] = true
		t.Attempts = append(t.Attempts, w.observeAttempt(f, env, p))
	}
	for name, b := range w.branches {
		to, number, attempt, ok := naming.ParseBranch(name)
		if ok && to == env.Branch && number == f.pull.Number && b.own && !pulled[name] {
			t.Attempts = append(t.Attempts, hotfix.Attempt{Number: attempt, Branch: name, Tip: at(b.tip), Own: true})
		}
	}
	slices.SortStableFunc(t.Attempts, func(a, b hotfix.Attempt) int { return a.Number - b.Number })
	w.observeProof(f, &t)
	return t
}

// observeProof remembers that the environment had the hotfix, and sees that it has
// lost it.
func (w *world) observeProof(f *fix, t *hotfix.Target) {
	proved := f.proved[t.Environment.Branch]
	tip := w.branches[t.Environment.Branch].tip
	switch {
	case proved == 0 || t.Replay.Outcome == hotfix.Contained:
	case t.Replay.Outcome == hotfix.Clean:
		t.Proved, t.Undone = at(proved), &hotfix.Undoing{Commit: t.Environment.Tip, Author: "bob"}
	case w.reaches(tip, proved):
		t.Proved = at(proved)
	}
}

func (w *world) observeAttempt(f *fix, env hotfix.Environment, p *pull) hotfix.Attempt {
	seen := p.Pull
	b := w.branches[p.Head]
	a := hotfix.Attempt{Number: p.attempt, Branch: p.Head, Tip: at(b.tip), Own: b.own, Pull: &seen, Marker: p.marker}
	tip := w.branches[env.Branch].tip
	if p.Merged && p.Base == env.Branch {
		a.Reached, a.HeadOwn = w.reaches(tip, p.landed), p.headOwn
		a.Exact = w.outcome(f.pull.Number, p.landed, env.Branch)
		a.Result, a.Now = hotfix.Contained, hotfix.Contained
		if w.history[tip].holds[f.pull.Number] == lacks {
			a.Now = w.outcome(f.pull.Number, tip, env.Branch)
		}
	}
	if p.Open && b.own && p.Base == env.Branch && p.marker.Onto != at(tip) {
		a.Anew = &hotfix.Replay{Onto: at(tip), Outcome: w.outcome(f.pull.Number, tip, env.Branch)}
		if a.Anew.Outcome == hotfix.Conflict {
			a.Anew.Conflicts = conflicts()
		}
	}
	if p.unresolved && (p.Open || a.Reached) {
		a.Unresolved = p.marker.Conflicts
	}
	return a
}

// backports are the backport pull requests of a hotfix to an environment.
func (w *world) backports(fix int, env string) []*pull {
	var all []*pull
	for _, p := range w.pulls {
		if p != nil && !p.promotion && p.fix == fix && p.to == env {
			all = append(all, p)
		}
	}
	return all
}
