package hotfix

import "time"

// Snapshot is everything that was seen of one repository at one time. Decide
// reads nothing else. Acts fold what they made back into it, so that the next
// look at it is as if it had been observed again.
type Snapshot struct {
	Now            time.Time
	Bot            Bot
	Repository     Repository
	Config         Config
	ConfigProblems []ConfigProblem // not empty: Config is not to be believed, nothing is done
	Environments   []EnvironmentState
	Tags           map[string]Tag // every tag of the repository by name
	Releases       []ReleaseTag   // those that are versions, lowest first
	Latest         *Release       // what GitHub shows as the latest release; looked for only before one is made
	Branches       map[string]OID
	Open           []OpenHotfix
	Gated          []Gated   // looked at when everything else is at rest
	Hotfixes       []Hotfix  // that are worked on, in history order
	Settled        []Settled // that are solved and closed
	Requests       []Request // not yet answered, oldest first
	Answers        []Answer  // given, oldest first
	Findings       []Finding // of the doctor; looked for only when a request asks for it
	// Reminded is, by backport pull request, the last stage of reminders that was said.
	Reminded    map[int]int
	ConfigCheck *CheckRun // on the default branch's head; looked for only when the file is broken
	// Begun holds the keys of actions that were begun and never seen to end.
	Begun map[string]bool
	// Postponed holds the keys of actions whose outcome is not known yet.
	Postponed map[string]bool
	// Refused holds what GitHub or git would not do in this reconcile, by Action key.
	Refused map[string]Problem
}

// Settled is a hotfix whose life is over for now: as it was recorded when it
// was solved.
type Settled struct {
	Status  Status
	Comment Comment
	Watched bool // its time of watch is not over (P18)
}

// OpenHotfix is a hotfix pull request that is not merged yet.
type OpenHotfix struct {
	Pull      Pull
	Check     *CheckRun // the bot's check run "Hotfix" on its head
	Forecasts []Forecast
	Paths     []string // that it changes; looked for with the forecasts
}

// Forecast is what carrying an open hotfix to an environment would come to (P9).
type Forecast struct {
	Environment Environment
	Outcome     Outcome
	Conflicts   []PathConflict
	Missing     []Prerequisite
	Problem     *Problem // why nobody can tell
}

// Prerequisite is a commit of the landing side that an environment lacks and
// without which the hotfix conflicts there.
type Prerequisite struct {
	Commit  OID    `json:"commit"`
	Subject string `json:"subject"`
	Author  string `json:"author"`
	Path    string `json:"path"` // where it makes the difference
}

// Gated is an open pull request, or the head of a merge queue, against the branch of
// an environment (P19).
type Gated struct {
	Pull int // 0: a merge queue's
	Head OID
	Base Environment
	// Below is whether Base lies below the landing environment, so that it can be skipped.
	Below bool
	// Losing are the hotfixes of the base that the merge's result would not have,
	// and Missing those that the head does not have.
	Losing, Missing []Guarded
	Conflicted      bool     // it cannot be merged as it is
	Later           bool     // its turn to be looked at comes with a later reconcile
	Unknown         *Problem // why nobody can tell
	// Config is whether it changes .github/hotfix.yml, and ConfigProblems what is wrong
	// with that.
	Config         bool
	ConfigProblems []ConfigProblem
}

// Guarded is a hotfix that an environment has and must not lose.
type Guarded struct {
	Pull   int
	Tags   []string
	Title  string
	Author string
	Issue  int
	Paths  []string // of those that would be lost
}

// Hotfix is what was seen of one merged hotfix.
type Hotfix struct {
	Pull    Pull
	Landing Landing
	Lines   []Line // of the applications that it touches, in the file's order
	// Issue is the hotfix's issue: already adopted, or the one to adopt. Nil: the
	// bot has to open one.
	Issue   *Issue
	Comment *Comment // the status comment
	Marker  StatusMarker
	Check   *CheckRun // "Hotfix" on the pull request's head
	// Partial is whether a part of it is gone from GitHub, so that not all was seen:
	// nothing is concluded from what is missing.
	Partial bool
	// Reverted is with what the landing environment lost the hotfix again (P20).
	Reverted *Undoing
	// Commits are the pull request's own without merges, each as a pick: what a person
	// can choose from, beside what landed.
	Commits []Pick
	Stages  []Stage  // the environments above the landing one, nearest to it first
	Targets []Target // the lower environments in pipeline order
}

// Stage is one environment above the landing one of one hotfix: where its release
// is deployed to.
type Stage struct {
	Environment EnvironmentState
	// Reached is whether the environment has the hotfix: its branch reaches the
	// landing commit, or picking the hotfix there changes nothing.
	Reached bool
	// Before is whether the environment had it before: then a person moved it back.
	Before bool
	// Forward is whether the branch can be fast-forwarded to the hotfix's release.
	Forward     bool
	Promotion   *Pull        // the pull request that brings the release there
	Own         bool         // nobody pushed to the promotion's branch
	Deployments []Deployment // the newest of each of its releases, as GitHub records it
}

// Target is one lower environment of one hotfix.
type Target struct {
	Environment EnvironmentState
	Carries     Carries
	Replay      Replay // of what must be there onto the environment's tip
	Attempts    []Attempt
	// Proved is a commit at which it was contained, as remembered from when it was
	// found so, or as found in the branch's history. Undone is with what the branch
	// lost it since; without that the branch reaches Proved.
	Proved OID
	Undone *Undoing
	// Revert is the newest pull request that takes a reverted hotfix back from there.
	Revert *Revert
	// Since is when the commit was made at which it was found contained; looked for only
	// while a closed issue may be waiting for it.
	Since time.Time
	// After is the earlier hotfix that this one builds on there: with it, nothing
	// conflicts.
	After int
}

// Attempt is one backport branch and its pull request.
type Attempt struct {
	Number int // from 1
	Branch string
	Tip    OID  // where the branch stands; empty when it is deleted
	Own    bool // the commit at Tip is the bot's own
	Pull   *Pull
	Marker BackportMarker
	// Of a merged one: whether its merge is still in the environment's branch; what
	// picking the pull request's own change again comes to, onto the merge's result
	// and onto the branch's tip; what picking the hotfix itself onto the merge's
	// result comes to; and whether the head that was merged was the bot's own commit.
	Reached     bool
	Result, Now Outcome
	Exact       Outcome
	HeadOwn     bool
	// Of one that conflicted: the paths that still need a person, in its head or,
	// once it is merged, in the branch; and the bot's check run on an open head.
	Unresolved []PathConflict
	Check      *CheckRun
	// Stuck is why an open one that is to merge by itself does not, and MergeAgain when
	// it is looked at again; without either it is merged now, or GitHub has it in hand.
	Stuck      *Problem
	MergeAgain time.Time
	// Anew is what the backport would be if it were made on the branch's present tip;
	// looked for only while it is open, the bot's own and made on another.
	Anew *Replay
}

// Revert is a pull request of the bot's that takes a hotfix back from an environment.
type Revert struct {
	Pull   Pull
	Marker RevertMarker
	Own    bool // its branch stands where the bot left it
}

// Last is the newest attempt, or nil.
func (t Target) Last() *Attempt {
	if len(t.Attempts) == 0 {
		return nil
	}
	return &t.Attempts[len(t.Attempts)-1]
}

// Key is the hotfix's name.
func (s *Snapshot) Key(h *Hotfix) Key { return Key{Repository: s.Repository.ID, Pull: h.Pull.Number} }

// Find is the hotfix of a pull request number, or nil.
func (s *Snapshot) Find(pull int) *Hotfix {
	for i := range s.Hotfixes {
		if s.Hotfixes[i].Pull.Number == pull {
			return &s.Hotfixes[i]
		}
	}
	return nil
}

// Stage is the hotfix's stage with that branch, or nil.
func (h *Hotfix) Stage(branch string) *Stage {
	for i := range h.Stages {
		if h.Stages[i].Environment.Branch == branch {
			return &h.Stages[i]
		}
	}
	return nil
}

// Target is the hotfix's target with that branch, or nil.
func (h *Hotfix) Target(branch string) *Target {
	for i := range h.Targets {
		if h.Targets[i].Environment.Branch == branch {
			return &h.Targets[i]
		}
	}
	return nil
}
