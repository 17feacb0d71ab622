package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func oid(n int) hotfix.OID { return hotfix.OID(fmt.Sprintf("%040x", n)) }

// repository is a snapshot of production at v1.7.0 with qa and dev below it, and
// no hotfix yet.
func repository() *hotfix.Snapshot {
	branches := map[string]hotfix.OID{"main": oid(1), "qa": oid(2), "dev": oid(3)}
	cfg, _ := repoconfig.Defaults(func(b string) bool { return branches[b] != "" })
	s := &hotfix.Snapshot{
		Now: noon, Bot: hotfix.Bot{AppID: 1, Slug: "hotfixbot", UserID: 7},
		Repository: hotfix.Repository{ID: 1, Owner: "acme", Name: "shop", HasIssues: true},
		Config:     cfg, Branches: branches, Tags: map[string]hotfix.Tag{},
		Refused: map[string]hotfix.Problem{}, Begun: map[string]bool{},
	}
	for _, env := range cfg.Environments {
		s.Environments = append(s.Environments, hotfix.EnvironmentState{Environment: env, Tip: branches[env.Branch]})
	}
	tag(s, "v1.7.0", 1)
	return s
}

func tag(s *hotfix.Snapshot, name string, commit int) *hotfix.ReleaseTag {
	release, _ := hotfix.ParseRelease(hotfix.Tag{Name: name, Commit: oid(commit)}, "")
	s.Tags[name] = release.Tag
	s.Releases = append(s.Releases, release)
	return &s.Releases[len(s.Releases)-1]
}

// landed adds a merged hotfix with its label and issue, whose pick onto qa and
// dev applies cleanly.
func landed(s *hotfix.Snapshot, pull int) *hotfix.Hotfix {
	h := hotfix.Hotfix{
		Pull: hotfix.Pull{
			Number: pull, Title: "Fix the cart", Head: "hotfix/cart", Base: "main", Merged: true,
			MergedAt: noon, Author: "alice", Labels: []string{"hotfix"}, Landed: oid(100 + pull),
		},
		Landing: hotfix.Landing{Commit: oid(100 + pull), Picks: []hotfix.Pick{{Commit: oid(100 + pull), Base: oid(1)}}},
		Issue:   &hotfix.Issue{Number: pull + 1000, Open: true, Labels: []string{"hotfix"}},
		Lines:   []hotfix.Line{{Base: &s.Releases[0]}},
	}
	for _, env := range s.Environments[1:] {
		h.Targets = append(h.Targets, hotfix.Target{
			Environment: env, Carries: hotfix.Carries{Picks: h.Landing.Picks}, Replay: hotfix.Replay{Outcome: hotfix.Clean, Tip: oid(500)},
		})
	}
	s.Hotfixes = append(s.Hotfixes, h)
	return &s.Hotfixes[len(s.Hotfixes)-1]
}

func wants(s *hotfix.Snapshot) string { return hotfix.Describe(Decide(s).Actions) }

func contained(h *hotfix.Hotfix) {
	for i := range h.Targets {
		h.Targets[i].Replay.Outcome = hotfix.Contained
	}
}

// tagged lets Decide want nothing of the release rules.
func tagged(s *hotfix.Snapshot, h *hotfix.Hotfix, name string) {
	h.Lines[0].Holding = tag(s, name, 100+h.Pull.Number)
	h.Lines[0].Release = &hotfix.Release{Tag: name}
}

func TestALandedHotfixIsAdoptedThenTaggedAndPropagated(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	h.Pull.Labels, h.Issue = nil, nil
	if got := wants(s); got != "issue/34" {
		t.Fatalf("first: %s", got)
	}
	h.Issue = &hotfix.Issue{Number: 35, Open: true}
	if got := wants(s); got != "label/35/hotfix label/34/hotfix" {
		t.Fatalf("then: %s", got)
	}
	h.Pull.Labels, h.Issue.Labels = []string{"hotfix"}, []string{"hotfix"}
	if got := wants(s); got != "tag/34" {
		t.Fatalf("then: %s", got)
	}
	s.Refused = map[string]hotfix.Problem{"tag/34": {What: "a ruleset"}}
	if got := wants(s); got != "backport/34/qa backport/34/dev" {
		t.Fatalf("without a tag: %s", got)
	}
}

func TestTheNextThirdNumber(t *testing.T) {
	create := func(s *hotfix.Snapshot) string {
		for _, a := range Decide(s).Actions {
			if c, ok := a.(hotfix.CreateTag); ok {
				return fmt.Sprintf("%s at #%d", c.Name, c.Pull)
			}
		}
		return "none"
	}
	t.Run("of the line", func(t *testing.T) {
		s := repository()
		landed(s, 34)
		if got := create(s); got != "v1.7.1 at #34" {
			t.Error(got)
		}
	})
	t.Run("a taken name is skipped over", func(t *testing.T) {
		s := repository()
		tag(s, "v1.7.1", 77)
		landed(s, 34)
		if got := create(s); got != "v1.7.2 at #34" {
			t.Error(got)
		}
	})
	t.Run("two at once are numbered in history order", func(t *testing.T) {
		s := repository()
		s.Releases = append(make([]hotfix.ReleaseTag, 0, 8), s.Releases...)
		landed(s, 40)
		landed(s, 34)
		if got := create(s); got != "v1.7.1 at #40" {
			t.Error(got)
		}
		tagged(s, &s.Hotfixes[0], "v1.7.1")
		if got := create(s); got != "v1.7.2 at #34" {
			t.Error(got)
		}
	})
	t.Run("one that a newer tag holds takes that tag", func(t *testing.T) {
		s := repository()
		h := landed(s, 34)
		h.Lines[0].Holding = tag(s, "v1.8.0", 78)
		if got := wants(s); strings.Contains(got, "tag/") || strings.Contains(got, "release/") {
			t.Error(got)
		}
	})
	t.Run("none is made up", func(t *testing.T) {
		s := repository()
		landed(s, 34).Lines[0].Base = nil
		if got := wants(s); got != "backport/34/qa backport/34/dev" {
			t.Error(got)
		}
	})
	t.Run("a deleted tag stays deleted", func(t *testing.T) {
		s := repository()
		landed(s, 34).Marker.Tags = hotfix.ByApplication[string]{"": "v1.7.1"}
		if got := create(s); got != "none" {
			t.Error(got)
		}
	})
}

// Each application that a hotfix touches has its own next number (P6).
func TestEveryApplicationHasItsOwnNumbers(t *testing.T) {
	s := repository()
	s.Config.Applications = []hotfix.Application{{Name: "shop", Tag: "v{version}"}, {Name: "api", Tag: "api-v{version}"}}
	s.Releases = append(make([]hotfix.ReleaseTag, 0, 8), s.Releases...)
	s.Releases[0].Application = "shop"
	api := tag(s, "api-v2.0.3", 1)
	api.Application = "api"
	landed(s, 34)
	second := landed(s, 36)
	both := s.Find(34) // adding the second moved the first
	both.Lines = []hotfix.Line{{Application: "shop", Base: &s.Releases[0]}, {Application: "api", Base: api}}
	second.Lines = []hotfix.Line{{Application: "api", Base: api}}
	if got := wants(s); got != "tag/34/shop tag/34/api" {
		t.Fatalf("first: %s", got)
	}
	both.Lines[0].Holding, both.Lines[1].Holding = tag(s, "v1.7.1", 134), tag(s, "api-v2.0.4", 134)
	s.Releases[2].Application, s.Releases[3].Application = "shop", "api"
	both.Lines[0].Holding.Application, both.Lines[1].Holding.Application = "shop", "api"
	var said []string
	for _, a := range Decide(s).Actions {
		switch a := a.(type) {
		case hotfix.CreateTag:
			said = append(said, a.Name)
		case hotfix.CreateRelease:
			said = append(said, fmt.Sprintf("%s latest %t", a.Tag, a.Latest))
		}
	}
	if got, want := strings.Join(said, ", "), "v1.7.1 latest true, api-v2.0.4 latest false, api-v2.0.5"; got != want {
		t.Errorf("then: %s", got)
	}
}

func TestLatestIsSaidByVersionNotByDate(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	h.Lines[0].Holding = tag(s, "v1.7.1", 134)
	latest := func() bool { return publishRelease(s, h, &h.Lines[0])[0].(hotfix.CreateRelease).Latest }
	if !latest() {
		t.Error("the highest release is not latest")
	}
	tag(s, "v2.0.0-rc.1", 90)
	if !latest() {
		t.Error("a pre-release took latest away")
	}
	tag(s, "v2.0.0", 91)
	if latest() {
		t.Error("a patch of an older line became latest")
	}
	for name, want := range map[string]bool{"v2.0.0": false, "v1.7.0": true, "nightly": false} {
		s.Latest = &hotfix.Release{Tag: name}
		if latest() != want {
			t.Errorf("beside the release %s and the mere tag v2.0.0, latest: %t", name, !want)
		}
	}
}

func TestNothingIsDoneUnderABrokenConfiguration(t *testing.T) {
	s := repository()
	landed(s, 34)
	s.ConfigProblems = []hotfix.ConfigProblem{{File: repoconfig.File, Line: 3, Column: 1, Message: "unknown key"}}
	if got := wants(s); got != "" {
		t.Errorf("wants %s", got)
	}
	s.Requests = []hotfix.Request{{
		Comment: hotfix.Comment{ID: 5, Issue: 9}, Commands: []hotfix.Command{{Verb: hotfix.VerbDoctor}}, Allowed: hotfix.Read,
	}}
	if got := wants(s); got != "react/5/eyes" {
		t.Errorf("who asks the doctor is answered: wants %s", got)
	}
}

func TestAnIssueIsClosedWhenEveryEnvironmentHasIt(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	tagged(s, h, "v1.7.1")
	contained(h)
	if got := wants(s); got != "state/1034" {
		t.Errorf("wants %s", got)
	}
	h.Targets[0].Replay.Outcome = hotfix.Clean
	if got := wants(s); got != "backport/34/qa" {
		t.Errorf("with one missing it wants %s", got)
	}
}

// The turns of an issue, and what the bot may do about them (P2, P17).
// The issue is closed in a pass of its own: that the tag is refused is known only
// after it was asked for.
func TestAnIssueIsClosedWhenNothingElseIsLeftToDo(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	contained(h)
	if got := wants(s); got != "tag/34" {
		t.Fatalf("wants %s", got)
	}
	s.Refused["tag/34"] = hotfix.Problem{What: "creations are restricted"}
	if got := wants(s); got != "" {
		t.Errorf("with the tag refused: wants %s", got)
	}
}

func TestNeverAgainstAPerson(t *testing.T) {
	minute := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	byBot := hotfix.Turn{At: minute(1), Closed: true, By: "hotfixbot[bot]", ByBot: true}
	person := hotfix.Turn{At: minute(2), By: "bob"}
	for _, c := range []struct {
		name     string
		complete bool
		open     bool
		turns    []hotfix.Turn
		wants    string
	}{
		{"reopened by a person after it was solved: stays open", true, true, []hotfix.Turn{byBot, person}, ""},
		{"reopened by a person before it was ever solved: closed when done", true, true,
			[]hotfix.Turn{{At: minute(0), Closed: true, By: "bob"}, {At: minute(1), By: "bob"}}, "state/1034"},
		{"closed by a person too early: stays closed", false, false,
			[]hotfix.Turn{{At: minute(1), Closed: true, By: "bob"}}, ""},
		{"closed by the hotfix's own keyword: reopened", false, false,
			[]hotfix.Turn{{At: minute(1), Closed: true, By: "bob", CloserPull: 34}}, "state/1034"},
		{"closed by the landing commit's keyword: reopened", false, false,
			[]hotfix.Turn{{At: minute(1), Closed: true, By: "bob", CloserCommit: oid(134)}}, "state/1034"},
		{"closed by somebody else's pull request: stays closed", false, false,
			[]hotfix.Turn{{At: minute(1), Closed: true, By: "bob", CloserPull: 99}}, ""},
		{"closed by the keyword although all is done: stays closed", true, false,
			[]hotfix.Turn{{At: minute(1), Closed: true, By: "bob", CloserPull: 34}}, ""},
		{"lost after the bot closed it: reopened", false, false, []hotfix.Turn{byBot}, "state/1034"},
	} {
		s := repository()
		h := landed(s, 34)
		tagged(s, h, "v1.7.1")
		contained(h)
		if !c.complete {
			h.Targets[0].Environment.Absent = true // waits for a person
		}
		h.Issue.Open, h.Issue.Turns = c.open, c.turns
		if got := wants(s); got != c.wants {
			t.Errorf("%s: wants %q", c.name, got)
		}
	}
}

func TestADeclinedBackportIsNotOpenedAgain(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	tagged(s, h, "v1.7.1")
	h.Targets[1].Replay.Outcome = hotfix.Contained
	h.Targets[0].Attempts = []hotfix.Attempt{{Number: 1, Branch: "backport/qa/34-cart", Pull: &hotfix.Pull{Number: 40, Base: "qa", ClosedBy: "bob"}}}
	if got := wants(s); got != "" {
		t.Errorf("wants %s", got)
	}
	if st := Decide(s).Statuses[0].Standings[0]; st.Verdict != hotfix.VerdictDeclined || st.By != "bob" {
		t.Errorf("stands as %+v", st)
	}
	h.Targets[0].Attempts[0].Pull.ClosedBy = "hotfixbot[bot]"
	if got := wants(s); got != "backport/34/qa" {
		t.Errorf("after its own closing it wants %s", got)
	}
}

func TestARefusalIsToldAndNotAskedAgainInTheSameReconcile(t *testing.T) {
	s := repository()
	h := landed(s, 34)
	tagged(s, h, "v1.7.1")
	h.Targets[1].Replay.Outcome = hotfix.Contained
	s.Refused[hotfix.BackportKey(34, "qa")] = hotfix.Problem{What: "a ruleset forbids it", Remedy: "let the App bypass it"}
	plan := Decide(s)
	if len(plan.Actions) != 0 {
		t.Errorf("wants %s", hotfix.Describe(plan.Actions))
	}
	if st := plan.Statuses[0].Standings[0]; st.Verdict != hotfix.VerdictWaiting || st.Problem == nil {
		t.Errorf("stands as %+v", st)
	}
}

// A merged backport is proof by what it left in the branch, not by being merged.
func TestProofOfAMergedBackport(t *testing.T) {
	conflicted := hotfix.BackportMarker{Conflicts: []hotfix.PathConflict{{Path: "a"}}}
	const has, not, edited = hotfix.Contained, hotfix.Clean, hotfix.Conflict
	for _, c := range []struct {
		name    string
		attempt hotfix.Attempt
		tip     hotfix.Outcome // of the hotfix onto the branch
		verdict hotfix.Verdict
		kind    hotfix.ProofKind
	}{
		{"its result held the fix", hotfix.Attempt{Reached: true, Result: has, Now: has, Exact: has, HeadOwn: true}, has, hotfix.VerdictContained, hotfix.ProofMerged},
		{"beside lines of the branch's own", hotfix.Attempt{Reached: true, Result: has, Now: has, Exact: edited, HeadOwn: true}, edited, hotfix.VerdictContained, hotfix.ProofMerged},
		{"and the lines were edited honestly since", hotfix.Attempt{Reached: true, Result: has, Now: edited, Exact: has, HeadOwn: true}, edited, hotfix.VerdictContained, hotfix.ProofMerged},
		{"and it was undone since", hotfix.Attempt{Reached: true, Result: has, Now: not, Exact: has, HeadOwn: true}, not, hotfix.VerdictLost, ""},
		{"a person resolved its conflicts", hotfix.Attempt{Reached: true, Result: has, Now: has, Marker: conflicted}, edited, hotfix.VerdictContained, hotfix.ProofResolved},
		{"and undid the resolution since", hotfix.Attempt{Reached: true, Result: has, Now: not, Marker: conflicted}, edited, hotfix.VerdictLost, ""},
		{"a person changed it before merging", hotfix.Attempt{Reached: true, Result: has, Now: has, Exact: edited}, edited, hotfix.VerdictContained, hotfix.ProofEdited},
		{"a person replaced it by something else before merging", hotfix.Attempt{Reached: true, Result: has, Now: has, Exact: not}, not, hotfix.VerdictLost, ""},
		{"a draft was merged with its markers", hotfix.Attempt{Reached: true, Result: has, Now: has, Exact: edited, HeadOwn: true, Marker: conflicted, Unresolved: []hotfix.PathConflict{{Path: "a", Markers: true}}}, edited, hotfix.VerdictConflicted, ""},
		{"the merge dropped it", hotfix.Attempt{Reached: true, Result: not, Now: not, HeadOwn: true}, not, hotfix.VerdictLost, ""},
		{"the merge dropped it and it came by hand since", hotfix.Attempt{Reached: true, Result: not, Now: has, HeadOwn: true}, has, hotfix.VerdictContained, hotfix.ProofEmptyPick},
		{"the merge is not in the branch any more", hotfix.Attempt{Result: has, Now: not, HeadOwn: true}, not, hotfix.VerdictLost, ""},
	} {
		s := repository()
		h := landed(s, 34)
		c.attempt.Number, c.attempt.Pull = 1, &hotfix.Pull{Number: 40, Base: "qa", Merged: true, Landed: oid(900)}
		h.Targets[0].Attempts, h.Targets[0].Replay.Outcome = []hotfix.Attempt{c.attempt}, c.tip
		st := Decide(s).Statuses[0].Standings[0]
		kind := hotfix.ProofKind("")
		if st.Proof != nil {
			kind = st.Proof.Kind
		}
		if st.Verdict != c.verdict || kind != c.kind {
			t.Errorf("%s: %s by %q", c.name, st.Verdict, kind)
		}
	}
}

func TestAnIssueOfTwoHotfixesIsClosedWhenBothAreSolved(t *testing.T) {
	s := repository()
	s.Releases = append(make([]hotfix.ReleaseTag, 0, 8), s.Releases...)
	for i, pull := range []int{34, 36} {
		h := landed(s, pull)
		tagged(s, h, fmt.Sprintf("v1.7.%d", i+1))
		h.Issue.Number = 12
		contained(h)
	}
	waiting := &s.Hotfixes[1].Targets[0]
	waiting.Environment.Absent = true
	if got := wants(s); got != "" {
		t.Errorf("with one open: wants %s", got)
	}
	waiting.Environment.Absent = false
	if got := wants(s); got != "state/12" {
		t.Errorf("with both done: wants %s", got)
	}
}

// An issue that may exist already is looked for before anything is made that GitHub
// would number after it, or that would name it; the tag need not wait.
func TestWhatIsPostponedHoldsUpWhatIsNumberedAfterIt(t *testing.T) {
	s := repository()
	s.Postponed = map[string]bool{"issue/34": true}
	landed(s, 34).Issue = nil
	if got := wants(s); got != "tag/34" {
		t.Errorf("wants %s", got)
	}
	tagged(s, s.Find(34), "v1.7.1")
	landed(s, 36).Issue = nil
	if got := wants(s); got != "tag/36" {
		t.Errorf("with another hotfix: wants %s", got)
	}
	s = repository()
	s.Postponed = map[string]bool{"issue/34": true}
	tagged(s, landed(s, 33), "v1.7.1")
	landed(s, 34).Issue = nil
	tagged(s, s.Find(34), "v1.7.2")
	if got := Decide(s).Actions; len(got) > 0 {
		t.Errorf("with a hotfix before it: wants %s", hotfix.Describe(got))
	}
	s.Find(33).Comment = &hotfix.Comment{ID: 1}
	if got := wants(s); got != "backport/33/qa backport/33/dev" {
		t.Errorf("with a hotfix that had begun before: wants %s", got)
	}
}
