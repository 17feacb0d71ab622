package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/terminal"
)

// forecastCommand is `hotfixbot forecast`.
type forecastCommand struct {
	Repo     string   `default:"." placeholder:"DIR" help:"The repository: any folder of it. Default: ${default}."`
	Onto     string   `placeholder:"REV" help:"Where the commits would go, a branch for example."`
	Mainline int      `short:"m" placeholder:"N" help:"For merge commits: the parent to compare with. 1 is the branch that was merged into."`
	JSON     bool     `name:"json" help:"Answer in one line of JSON."`
	Stdin    bool     `help:"Read lines \"ONTO COMMIT...\" (whole ids), and answer each with a line of JSON."`
	Commits  []string `arg:"" optional:"" name:"commit" help:"The commits to pick, in order."`
}

// Help is the longer text of `forecast --help`.
func (forecastCommand) Help() string {
	return `Says what picking the commits would come to, exactly as git cherry-pick would find, without touching the repository.

Examples:

	hotfixbot forecast --onto origin/qa 1f3a9c2
	hotfixbot forecast --onto qa -m 1 HEAD --json
	git rev-list -5 main | sed "s/^/$(git rev-parse qa) /" | hotfixbot forecast --stdin

Exit code: 0 it is clean or contained already, 1 it conflicts, 2 it cannot be told. With --stdin: 0 when every line was answered, whatever the answers.

A line of JSON is {"onto", "commits", "outcome": "clean|contained|conflict|error", "tree", "conflicts": [{"path", "kind"}], "ms"}; an error says why in "error", and of several commits each conflict names its own in "commit". The tree of a conflict holds the files with their markers.

With --stdin, merge commits are picked against their first parent unless --mainline says otherwise. A line that makes no sense is answered with an error, and the next one is read.`
}

// errConflict ends a command whose answer is a conflict: exit code 1.
var errConflict = errors.New("it conflicts")

// forecast is one answer.
type forecast struct {
	Onto      string          `json:"onto"`
	Commits   []string        `json:"commits"`
	Outcome   string          `json:"outcome"`
	Tree      hotfix.OID      `json:"tree"`
	Conflicts []conflict      `json:"conflicts"`
	MS        float64         `json:"ms"`
	Error     string          `json:"error,omitempty"`
	picked    []hotfix.Picked // for people
}

type conflict struct {
	Path   string              `json:"path"`
	Kind   hotfix.ConflictKind `json:"kind"`
	Commit hotfix.OID          `json:"commit,omitempty"`
}

// Run answers once, or each line of the standard input.
func (c forecastCommand) Run(ctx context.Context, std streams) (err error) {
	if err := c.check(); err != nil {
		return usageError{err}
	}
	l, err := openLocal(ctx, c.Repo)
	if err != nil {
		return usageError{err}
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if c.Stdin {
		err = c.answerAll(ctx, l, std)
	} else {
		err = c.answer(ctx, l, std)
	}
	if err != nil && !errors.Is(err, errConflict) {
		return usageError{err}
	}
	return err
}

func (c forecastCommand) check() error {
	switch {
	case c.Mainline < 0:
		return errors.New("--mainline counts parents from 1")
	case c.Stdin && (c.Onto != "" || len(c.Commits) > 0):
		return errors.New("with --stdin, --onto and the commits are in the lines that are read")
	case !c.Stdin && c.Onto == "":
		return errors.New("--onto is missing: name the branch or commit to pick onto")
	case !c.Stdin && len(c.Commits) == 0:
		return errors.New("name the commits to pick")
	}
	return nil
}

// answer is one forecast, for people or as JSON.
func (c forecastCommand) answer(ctx context.Context, l *local, std streams) error {
	onto, ids, err := l.commits(ctx, c.Onto, c.Commits)
	if err != nil {
		return err
	}
	labels := hotfix.Labels{Ours: l.clone.BranchOf(ctx, c.Onto), Theirs: "pick-" + ids[len(ids)-1].Short()}
	f, err := l.forecast(ctx, onto, ids, c.Mainline, labels)
	if c.JSON {
		if failed := json.NewEncoder(std.out).Encode(f); failed != nil {
			return failed
		}
	} else if err == nil {
		err = f.print(std.out)
	}
	if err == nil && f.Outcome == string(hotfix.Conflict) {
		return errConflict
	}
	return err
}

const (
	lineLimit = 16 << 20 // bytes
	jobLength = 1000     // lines, after which the job is replaced by a new one
)

// answerAll answers each line as it comes.
func (c forecastCommand) answerAll(ctx context.Context, l *local, std streams) error {
	lines := bufio.NewScanner(std.in)
	lines.Buffer(nil, lineLimit)
	out := json.NewEncoder(std.out)
	watched := std.err
	if terminal.Is(std.out) {
		watched = io.Discard // the answers themselves show how far it is
	}
	progress := terminal.Start(watched, "answering")
	defer progress.Done()
	for n := 1; lines.Scan(); n++ {
		words := strings.Fields(lines.Text())
		f, err := c.answerLine(ctx, l, words)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil && f.Error == "" {
			f = failedForecast(words, err)
		}
		if err := out.Encode(f); err != nil {
			return err
		}
		if n%100 == 0 {
			progress.Say(fmt.Sprintf("answering; %d lines are done", n))
		}
		if n%jobLength == 0 {
			if err := l.renew(ctx); err != nil {
				return err
			}
		}
	}
	return lines.Err()
}

func (c forecastCommand) answerLine(ctx context.Context, l *local, words []string) (forecast, error) {
	if len(words) < 2 {
		return forecast{}, errors.New("a line is ONTO and at least one COMMIT")
	}
	ids := make([]hotfix.OID, len(words))
	for i, word := range words {
		if ids[i] = hotfix.OID(word); !ids[i].Valid() {
			return forecast{}, fmt.Errorf("%q is no whole commit id", word)
		}
	}
	return l.forecast(ctx, ids[0], ids[1:], max(c.Mainline, 1), hotfix.Labels{Ours: "onto", Theirs: "pick"})
}

func failedForecast(words []string, err error) forecast {
	f := forecast{Outcome: "error", Commits: []string{}, Conflicts: []conflict{}, Error: err.Error()}
	if len(words) > 0 {
		f.Onto, f.Commits = words[0], words[1:]
	}
	return f
}

// forecast makes the picks in the job. Its error is in the forecast, too.
func (l *local) forecast(ctx context.Context, onto hotfix.OID, ids []hotfix.OID, mainline int, labels hotfix.Labels) (forecast, error) {
	words := []string{string(onto)}
	for _, id := range ids {
		words = append(words, string(id))
	}
	start := time.Now()
	picks, err := l.picks(ctx, ids, mainline)
	var r hotfix.Replay
	if err == nil {
		by := hotfix.Stamp{Name: "hotfixbot", Email: "hotfixbot", When: time.Unix(0, 0)}
		r, err = l.job.Replay(ctx, onto, hotfix.Series{Picks: picks, By: by, Labels: labels})
	}
	f := forecast{Onto: words[0], Commits: words[1:], Outcome: string(r.Outcome), Tree: r.Tree, Conflicts: []conflict{}, picked: r.Commits}
	if err != nil {
		f = failedForecast(words, err)
	}
	for _, c := range r.Conflicts {
		shown := conflict{Path: c.Path, Kind: c.Kind}
		if len(ids) > 1 {
			shown.Commit = c.Commit
		}
		f.Conflicts = append(f.Conflicts, shown)
	}
	f.MS = math.Round(float64(time.Since(start).Microseconds())/100) / 10
	return f, err
}

// print tells a person.
func (f forecast) print(out io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s in %.1f ms\n", f.Outcome, f.MS)
	for _, p := range f.picked {
		fmt.Fprintf(&b, "  %-9s  %s %s\n", p.Outcome, p.Source.Short(), shown(p.Subject))
	}
	printConflicts(&b, f.Conflicts)
	fmt.Fprintf(&b, "tree %s\n", f.Tree)
	_, err := io.WriteString(out, b.String())
	return err
}

// printConflicts lists paths by kind.
func printConflicts(b *strings.Builder, conflicts []conflict) {
	var kinds []hotfix.ConflictKind
	paths := map[hotfix.ConflictKind][]string{}
	for _, c := range conflicts {
		if !slices.Contains(kinds, c.Kind) {
			kinds = append(kinds, c.Kind)
		}
		paths[c.Kind] = append(paths[c.Kind], c.Path)
	}
	for _, kind := range kinds {
		fmt.Fprintf(b, "%s:\n", kind)
		for _, path := range paths[kind] {
			if path == "" {
				path = "(git names no path)"
			}
			fmt.Fprintf(b, "  %s\n", shown(path))
		}
	}
}
