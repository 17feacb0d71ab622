package bot

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// seen is what the repository's lists say, before each hotfix is looked at.
type seen struct {
	pulls    []hotfix.Pull
	talk     talk
	backport map[int][]hotfix.Pull // hotfix pull request → the bot's backport pull requests
	comments []hotfix.Comment
	presses  []hotfix.Intent
	print    string // of all that the lists say
}

// waiting are the backport pull requests of hotfixes that are not settled.
func (s seen) waiting() iter.Seq[hotfix.Pull] {
	return func(yield func(hotfix.Pull) bool) {
		for pull, backports := range s.backport {
			if s.talk.status[pull].marker.Settled != nil {
				continue
			}
			for _, backport := range backports {
				if !yield(backport) {
					return
				}
			}
		}
	}
}

// underway reports whether a hotfix that is not settled was carried to a branch.
func (s seen) underway(branch string) bool {
	for backport := range s.waiting() {
		if backport.Base == branch {
			return true
		}
	}
	return false
}

// observe fills the snapshot. It reads lists that cost the same however many
// hotfixes there are, then looks closer at those that are not settled.
func (r *run) observe(ctx context.Context) (seen, error) {
	r.snap = &hotfix.Snapshot{
		Now: r.now(), Bot: r.Bot(), Repository: r.About(),
		Tags: map[string]hotfix.Tag{}, Branches: map[string]hotfix.OID{},
		Refused: map[string]hotfix.Problem{}, Begun: map[string]bool{}, Postponed: map[string]bool{},
	}
	if err := r.observeBegun(ctx); err != nil {
		return seen{}, err
	}
	if err := r.observeArrival(ctx); err != nil {
		return seen{}, err
	}
	refs, err := r.git.Refs(ctx)
	if err != nil {
		return seen{}, fmt.Errorf("list refs: %w", err)
	}
	r.snap.Branches = refs.Branches
	for _, tag := range refs.Tags {
		r.snap.Tags[tag.Name] = tag
	}
	lists, err := r.observeLists(ctx)
	if err != nil {
		return seen{}, err
	}
	if err := r.observeConfig(ctx, lists); err != nil {
		return seen{}, err
	}
	if len(r.snap.ConfigProblems) > 0 {
		return lists, r.observeBroken(ctx, lists)
	}
	if err := r.observeIssues(ctx); err != nil {
		return seen{}, err
	}
	if err := r.stillAtRest(ctx, &lists); err != nil {
		return lists, err
	}
	r.snap.Releases = releases(refs.Tags, r.snap.Config)
	if err := r.observeEnvironments(ctx, lists); err != nil {
		return seen{}, err
	}
	if err := r.observeOpen(ctx, lists); err != nil {
		return seen{}, err
	}
	r.snap.Answers, r.snap.Reminded = lists.talk.answers, lists.talk.reminded
	if err := r.observeHotfixes(ctx, lists); err != nil {
		return seen{}, err
	}
	if err := r.observeRequests(ctx, lists); err != nil {
		return seen{}, err
	}
	return lists, r.observeDoctor(ctx)
}

// observeBegun reads what an earlier reconcile began and did not end.
func (r *run) observeBegun(ctx context.Context) error {
	var err error
	if r.begun, err = r.ledger.Begun(ctx, r.About().ID); err != nil {
		return fmt.Errorf("read intents: %w", err)
	}
	if err := r.forgetMade(ctx, r.begun); err != nil {
		return fmt.Errorf("forget intents: %w", err)
	}
	for intent := range r.begun {
		r.snap.Begun[intent] = true
	}
	if _, err := r.ledger.Recall(ctx, r.About().ID, hotfix.HeardFact, &r.heard); err != nil {
		return err
	}
	return r.doubt(ctx, goneRepository, nil)
}

// cameFact is the fact when the App was first seen to have come.
const cameFact = "came"

// observeArrival finds out since when the App was here. Who takes it away and installs
// it again finds the hotfixes go on that were under way.
func (r *run) observeArrival(ctx context.Context) error {
	known, err := r.ledger.Recall(ctx, r.About().ID, cameFact, &r.came)
	if err != nil || known && !r.About().InstalledAt.Before(r.came) {
		return err
	}
	r.came = r.About().InstalledAt
	return r.ledger.Remember(ctx, r.About().ID, cameFact, r.came)
}

// withTold adds the hotfixes that have a status comment and that nobody touched since
// the App came.
func (r *run) withTold(ctx context.Context, pulls []hotfix.Pull, talk talk) ([]hotfix.Pull, error) {
	listed := map[int]bool{}
	for _, pull := range pulls {
		listed[pull.Number] = true
	}
	for _, number := range slices.Sorted(maps.Keys(talk.status)) {
		if listed[number] {
			continue
		}
		pull, err := r.Pull(ctx, number)
		if isGone(err) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read pull request #%d: %w", number, err)
		}
		pulls = append(pulls, pull)
	}
	return pulls, nil
}

// observeLists reads the pull requests and comments since the App came.
func (r *run) observeLists(ctx context.Context) (seen, error) {
	pulls, err := r.Pulls(ctx, r.came)
	if err != nil {
		return seen{}, fmt.Errorf("list pull requests: %w", err)
	}
	comments, err := r.Comments(ctx, r.came)
	if err != nil {
		return seen{}, fmt.Errorf("list comments: %w", err)
	}
	if comments, err = r.withSpoken(ctx, comments); err != nil {
		return seen{}, err
	}
	presses, err := r.ledger.Presses(ctx, r.About().ID)
	if err != nil {
		return seen{}, fmt.Errorf("list button presses: %w", err)
	}
	talk := sortTalk(comments, presses)
	if pulls, err = r.withTold(ctx, pulls, talk); err != nil {
		return seen{}, err
	}
	for _, answer := range talk.late { // the process ended between the reply and its note
		if err := r.answerPress(ctx, answer.Press, answer.Response()); err != nil {
			return seen{}, err
		}
	}
	lists := seen{pulls: pulls, comments: comments, presses: presses, talk: talk, backport: map[int][]hotfix.Pull{}}
	for _, pull := range pulls {
		if _, number, _, ok := naming.ParseBranch(pull.Head); ok && pull.ByBot && !pull.Fork {
			lists.backport[number] = append(lists.backport[number], pull)
		}
	}
	return lists, nil
}

// isHotfix reports whether a pull request is a hotfix by P1.
func isHotfix(cfg hotfix.Config, pull hotfix.Pull) bool {
	landing, ok := cfg.Environments.Landing()
	if !ok || pull.Base != landing.Branch || pull.ByBot {
		return false
	}
	return repoconfig.IsHotfixBranch(cfg.Hotfix.Branches, pull.Head) || pull.HasLabel(cfg.Hotfix.Label)
}

// checkRun is the bot's check run of that name on a commit, or nil.
func (r *run) checkRun(ctx context.Context, commit hotfix.OID, name string) (*hotfix.CheckRun, error) {
	runs, err := r.CheckRuns(ctx, commit)
	if err != nil {
		return nil, fmt.Errorf("list check runs of %s: %w", commit.Short(), err)
	}
	for _, run := range runs {
		if run.Name == name {
			return &run, nil
		}
	}
	return nil, nil
}

// stamp is the committer of the bot's commits and tags for a hotfix: its time is
// the hotfix's merge, so that the same work made twice has the same id.
func (r *run) stamp(pull hotfix.Pull) hotfix.Stamp {
	return hotfix.Stamp{
		Name: r.Bot().Login(), Email: r.Bot().Email(),
		When: pull.MergedAt.UTC().Truncate(time.Second), SignOff: r.snap.Config.Propagate.SignOff,
	}
}
