package hotfix

import "time"

// State is where a whole hotfix stands.
type State string

// The states.
const (
	StateOpen   State = "open"   // some environment still misses it
	StateReady  State = "ready"  // every environment has it; a person has to say solved
	StateSolved State = "solved" // contained or skipped everywhere, and closed
	StateForced State = "forced" // closed by `solved --force` although something is missing
	// StateReverted: the landing environment lost the hotfix; nothing is propagated.
	StateReverted State = "reverted"
)

// Verdict is where a hotfix stands in one lower environment.
type Verdict string

// The verdicts.
const (
	VerdictContained  Verdict = "contained"  // proved
	VerdictSkipped    Verdict = "skipped"    // a person said so, with a reason
	VerdictProposed   Verdict = "proposed"   // a backport pull request waits to be merged
	VerdictConflicted Verdict = "conflicted" // a draft waits for a person to resolve it
	VerdictDeclined   Verdict = "declined"   // a person closed the backport
	VerdictLost       Verdict = "lost"       // it was contained, and was undone since
	VerdictWaiting    Verdict = "waiting"    // something must change first; Problem says what
	VerdictPending    Verdict = "pending"    // the bot's turn
)

// Final reports whether the environment needs nothing any more.
func (v Verdict) Final() bool { return v == VerdictContained || v == VerdictSkipped }

// ProofKind is what shows that an environment contains a hotfix (P15).
type ProofKind string

// The kinds of proof.
const (
	ProofEmptyPick ProofKind = "empty pick" // picking it onto the tip changes nothing
	ProofMerged    ProofKind = "merged"     // the merged backport, whose change is in its result
	ProofResolved  ProofKind = "resolved"   // the merged backport, whose conflicts a person resolved
	ProofEdited    ProofKind = "edited"     // the merged backport, which a person changed before merging
	ProofEarlier   ProofKind = "earlier"    // picking it changed nothing at an earlier commit, and it was not undone since
)

// Proof is the evidence for "contained".
type Proof struct {
	Kind   ProofKind `json:"kind"`
	Commit OID       `json:"commit"` // the commit at which it holds
	Pull   int       `json:"pull,omitempty"`
	Person string    `json:"person,omitempty"` // who merged it
}

// Problem is something that only a person can change.
type Problem struct {
	What   string `json:"what"`
	Remedy string `json:"remedy,omitempty"`
	Topic  Topic  `json:"topic,omitempty"` // where to read more about it
}

// Standing is where a hotfix stands in one lower environment, with its proof.
type Standing struct {
	Environment string         `json:"environment"`
	Branch      string         `json:"branch"`
	Verdict     Verdict        `json:"verdict"`
	Proof       *Proof         `json:"proof,omitempty"`
	Pull        int            `json:"pull,omitempty"` // the backport pull request
	PullURL     string         `json:"pull_url,omitempty"`
	Superseded  []int          `json:"superseded,omitempty"` // earlier backport pull requests
	Conflicts   []PathConflict `json:"conflicts,omitempty"`
	Unresolved  []string       `json:"unresolved,omitempty"` // conflicted paths a person still has to do
	Reason      string         `json:"reason,omitempty"`     // of a skip
	By          string         `json:"by,omitempty"`         // who skipped, declined
	Problem     *Problem       `json:"problem,omitempty"`
	LeftOut     []string       `json:"left_out,omitempty"` // paths and commits of the hotfix that are not carried there
	From        string         `json:"from,omitempty"`     // in chain order: the environment whose backport is picked
	FromPull    int            `json:"from_pull,omitempty"`
	Undone      *Undoing       `json:"undone,omitempty"` // of a loss: by what
	Revert      int            `json:"revert,omitempty"` // the open pull request that takes it back from there
	// Awaited are the people whom the open backport is assigned to, and those who were
	// asked for a review and have not given it: logins, and teams as org/team.
	Awaited []string `json:"awaited,omitempty"`
}

// StageState is where a hotfix's release stands in an environment above the
// landing one (P5).
type StageState string

// The states of a stage.
const (
	StageWaits     StageState = "waiting"   // for the release, or for something that Problem names
	StagePromoting StageState = "promoting" // the bot's turn, or a promotion pull request that waits to be merged
	StageDeployed  StageState = "deployed"  // its branch has the hotfix
	StageFailed    StageState = "failed"    // GitHub's deployment says failure or error
)

// StageStanding is where a hotfix stands in one environment above the landing one.
type StageStanding struct {
	Environment string     `json:"environment"`
	Branch      string     `json:"branch"`
	State       StageState `json:"state"`
	Pull        int        `json:"pull,omitempty"` // the promotion pull request
	URL         string     `json:"url,omitempty"`  // of the deployment
	Problem     *Problem   `json:"problem,omitempty"`
}

// Status is where one hotfix stands: the status comment, the page and the
// ledger are renderings of it.
type Status struct {
	Key      Key       `json:"key"`
	Title    string    `json:"title"`
	URL      string    `json:"url"`
	Author   string    `json:"author"`
	MergedAt time.Time `json:"merged_at"`
	Landing  string    `json:"landing"` // name of the landing environment
	Landed   Landing   `json:"landed"`
	Issue    int       `json:"issue"`
	State    State     `json:"state"`
	Versions []Tagged  `json:"versions"` // of the applications that it touches, in the file's order
	// Stages are the environments above the landing one, nearest to it first.
	Stages    []StageStanding `json:"stages,omitempty"`
	Standings []Standing      `json:"standings"`
	Problems  []Problem       `json:"problems,omitempty"`
	// Deployable are the tags that `/hotfix deploy` would make now; none when there
	// is nothing to tag, or no version to count from.
	Deployable []string `json:"deployable,omitempty"`
	Reverted   *Undoing `json:"reverted,omitempty"`
	// Modules are the configured modules that the hotfix touches.
	Modules []string `json:"modules,omitempty"`
	// Compare is the address of a comparison of an environment with the landing one, by
	// the environment's branch; only with Modules.
	Compare map[string]string `json:"compare,omitempty"`
	// SolvedAt is when a solved hotfix came to its end: the watch's time counts from then.
	SolvedAt time.Time `json:"solved_at,omitzero"`
	// HeldOpenBy is who reopened the issue after it was solved (P17).
	HeldOpenBy string `json:"held_open_by,omitempty"`
	// ClosedBy is the person who closed the issue before everything was contained.
	ClosedBy string `json:"closed_by,omitempty"`
	// Reopened is set when the bot had to undo GitHub's automatic closing: by what
	// it was closed.
	Reopened *Turn `json:"reopened,omitempty"`
	// Forced is the reason given with `solved --force`, and by whom.
	Forced   string `json:"forced,omitempty"`
	ForcedBy string `json:"forced_by,omitempty"`
}

// Tagged is as what a hotfix is released in the line of one application.
type Tagged struct {
	Application string `json:"application,omitempty"` // its name in Config.Lines
	Tag         string `json:"tag,omitempty"`         // empty: not yet
	Release     string `json:"release,omitempty"`     // URL
}

// Tags are the names of the release tags that contain the hotfix.
func (s Status) Tags() []string {
	var names []string
	for _, v := range s.Versions {
		if v.Tag != "" {
			names = append(names, v.Tag)
		}
	}
	return names
}

// Missing lists the environments that are neither contained nor skipped.
func (s Status) Missing() []Standing {
	var missing []Standing
	for _, standing := range s.Standings {
		if !standing.Verdict.Final() {
			missing = append(missing, standing)
		}
	}
	return missing
}

// Complete reports whether nothing is missing: it is released and deployed, and
// every lower environment has it or is skipped.
func (s Status) Complete() bool {
	return len(s.Missing()) == 0 && len(s.Undeployed()) == 0 && len(s.Deployable) == 0
}

// Undeployed lists the environments above the landing one that the release has
// not reached.
func (s Status) Undeployed() []StageStanding {
	var list []StageStanding
	for _, stage := range s.Stages {
		if stage.State != StageDeployed {
			list = append(list, stage)
		}
	}
	return list
}

// Lacking names the environments without the hotfix, those above the landing one first.
func (s Status) Lacking() []string {
	var names []string
	for _, stage := range s.Undeployed() {
		names = append(names, stage.Environment)
	}
	for _, standing := range s.Missing() {
		names = append(names, standing.Environment)
	}
	return names
}

// Board is the ledger of one repository: what its environments run and where
// each of its hotfixes stands. It is derived from GitHub and git alone.
type Board struct {
	Repository RepositoryID `json:"repository"`
	Name       string       `json:"name"`
	// Public is whether everybody could read the repository when it was looked at
	// last. What is not known to be public is private.
	Public bool `json:"public,omitempty"`
	// Applications are what the file calls them, in its order; one name, which may be
	// empty, where the repository is one application.
	Applications []string `json:"applications"`
	// Needs is the role that a command of the page asks for, by Command.Word.
	Needs        map[string]Permission `json:"needs,omitempty"`
	Environments []EnvironmentState    `json:"environments"`
	Hotfixes     []Status              `json:"hotfixes"`
	Problems     []Problem             `json:"problems,omitempty"` // of the configuration
	Notes        []string              `json:"notes,omitempty"`    // what the configuration says that has no effect
	// Doers are for the history, by pull request; they are not kept with the board.
	Doers map[int]Doers `json:"-"`
}

// Whole is the board with empty lists in place of missing ones, for whoever reads it
// as JSON. The board itself is not changed.
func (b Board) Whole() Board {
	b.Applications = append([]string{}, b.Applications...)
	b.Environments = append([]EnvironmentState{}, b.Environments...)
	b.Hotfixes = append([]Status{}, b.Hotfixes...)
	for i, env := range b.Environments {
		b.Environments[i].Runs = append([]Running{}, env.Runs...)
	}
	for i, status := range b.Hotfixes {
		b.Hotfixes[i].Versions = append([]Tagged{}, status.Versions...)
		b.Hotfixes[i].Standings = append([]Standing{}, status.Standings...)
		b.Hotfixes[i].Landed.Picks = append([]Pick{}, status.Landed.Picks...)
	}
	return b
}
