package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// backportCommand is `hotfixbot backport`.
type backportCommand struct {
	Repo     string   `default:"." placeholder:"DIR" help:"The repository: any folder of it. Default: ${default}."`
	Onto     string   `required:"" placeholder:"BRANCH" help:"The branch that needs the commits: qa, or origin/qa."`
	Mainline int      `short:"m" placeholder:"N" help:"For merge commits: the parent to compare with. 1 is the branch that was merged into."`
	Branch   string   `placeholder:"NAME" help:"The branch to make. Default: backport/<branch>/<commit>-<what it is about>."`
	DryRun   bool     `help:"Say what would be done, and write nothing."`
	Push     string   `placeholder:"REMOTE" help:"Push the new branch there, as git push does."`
	JSON     bool     `name:"json" help:"Answer in one line of JSON."`
	Commits  []string `arg:"" name:"commit" help:"The commits to pick, in order."`
}

// Help is the longer text of `backport --help`.
func (backportCommand) Help() string {
	return `Makes a branch with the commits picked onto another branch, as git cherry-pick -x would, without touching work tree or index. A branch that exists is left alone.

Examples:

	hotfixbot backport --onto qa 1f3a9c2 --dry-run
	hotfixbot backport --onto origin/release/1.6 1f3a9c2 8be01d4 --push origin

Where commits conflict, the files are committed with conflict markers, and each is named: resolve them in the new branch.

Exit code: 0 done, or there was nothing to do; 1 done, with conflicts; 2 not done.`
}

// Run makes the branch.
func (c backportCommand) Run(ctx context.Context, std streams) (err error) {
	if c.Mainline < 0 {
		return usageError{errors.New("--mainline counts parents from 1")}
	}
	l, err := openLocal(ctx, c.Repo)
	if err != nil {
		return usageError{err}
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if err := c.backport(ctx, l, std); err != nil && !errors.Is(err, errConflict) {
		return usageError{err}
	} else if err != nil {
		return err
	}
	return nil
}

func (c backportCommand) backport(ctx context.Context, l *local, std streams) error {
	onto, ids, err := l.commits(ctx, c.Onto, c.Commits)
	if err != nil {
		return err
	}
	picks, err := l.picks(ctx, ids, c.Mainline)
	if err != nil {
		return err
	}
	branch, err := c.branch(ctx, l, ids)
	if err != nil {
		return err
	}
	by, err := l.clone.Committer(ctx)
	if err != nil {
		return err
	}
	labels := hotfix.Labels{Ours: l.clone.BranchOf(ctx, c.Onto), Theirs: "pick-" + ids[len(ids)-1].Short()}
	r, err := l.job.Replay(ctx, onto, hotfix.Series{Picks: picks, By: by, Labels: labels})
	if err != nil {
		return err
	}
	if r.Outcome != hotfix.Contained && l.clone.HasBranch(ctx, branch) {
		return fmt.Errorf("the branch %s already exists: give the new one another name with --branch NAME", branch)
	}
	if r.Outcome != hotfix.Contained && !c.DryRun {
		if err := l.clone.Keep(ctx, l.job, branch, r.Tip); err != nil {
			return err
		}
	}
	if err := c.tell(std.out, branch, r); err != nil {
		return err
	}
	return c.finish(ctx, l, std, branch, r)
}

// finish pushes, and says that people have work to do.
func (c backportCommand) finish(ctx context.Context, l *local, std streams, branch string, r hotfix.Replay) error {
	if c.Push != "" && !c.DryRun && r.Outcome != hotfix.Contained {
		if err := l.clone.Push(ctx, c.Push, branch, std.in, std.err); err != nil {
			return fmt.Errorf("%w; the branch %s is made: push it again when that is mended", err, branch)
		}
	}
	if r.Outcome == hotfix.Conflict {
		return errConflict
	}
	return nil
}

// branch is the name of the branch to make: of the target, the last commit and
// what the first one is about.
func (c backportCommand) branch(ctx context.Context, l *local, ids []hotfix.OID) (string, error) {
	if c.Branch != "" {
		return c.Branch, nil
	}
	target := l.clone.BranchOf(ctx, c.Onto)
	if target == "" {
		return "", fmt.Errorf("%s is no branch, so that the new one needs a name: give --branch NAME", c.Onto)
	}
	first, err := l.job.Commit(ctx, ids[0])
	if err != nil {
		return "", err
	}
	subject, _, _ := strings.Cut(first.Message, "\n")
	return "backport/" + target + "/" + ids[len(ids)-1].Short() + "-" + naming.Slug("", subject), nil
}

// backported is the answer in JSON.
type backported struct {
	Branch string `json:"branch"`
	Made   bool   `json:"made"` // not in a dry run, and not where there is nothing to do
	hotfix.Replay
}

// tell says what was done, or would be.
func (c backportCommand) tell(out io.Writer, branch string, r hotfix.Replay) error {
	if c.JSON {
		return printJSON(out, backported{Branch: branch, Made: !c.DryRun && r.Outcome != hotfix.Contained, Replay: r})
	}
	var b strings.Builder
	made := "made"
	if c.DryRun {
		made = "would make"
	}
	if r.Outcome == hotfix.Contained {
		fmt.Fprintf(&b, "nothing to do: %s contains it already\n", c.Onto)
	} else {
		fmt.Fprintf(&b, "%s branch %s\n", made, branch)
	}
	var conflicts []conflict
	for _, p := range r.Commits {
		fmt.Fprintf(&b, "  %-9s  %s %s\n", p.Outcome, p.Source.Short(), shown(p.Subject))
	}
	for _, p := range r.Conflicts {
		conflicts = append(conflicts, conflict{Path: p.Path, Kind: p.Kind})
	}
	printConflicts(&b, conflicts)
	if r.Outcome == hotfix.Conflict && !c.DryRun {
		fmt.Fprintf(&b, "the files above are committed as git left them, with markers where there are two versions; resolve them with: git switch %s\n", branch)
	}
	_, err := io.WriteString(out, b.String())
	return err
}
