package demo

import (
	"context"
	"fmt"
	"strings"
)

// Environment is a stage of the shop as git shows it.
type Environment struct {
	Name    string `json:"name"`
	Branch  string `json:"branch"`
	Version string `json:"version"` // the highest release that the branch reaches or equals
	Mark    string `json:"mark"`    // "+" if it differs from that release
	Red     bool   `json:"red"`     // a hotfix landed here and is not solved
}

// environments reads from git what each environment runs. The bot is not asked.
func (s *story) environments(ctx context.Context) ([]Environment, error) {
	list := s.pipeline.stages()
	for i := range list {
		var err error
		if list[i].Version, list[i].Mark, err = s.version(ctx, list[i].Branch); err != nil {
			return nil, err
		}
	}
	var err error
	list[s.pipeline.landing()].Red, err = s.unsolved(ctx)
	return list, err
}

// version finds the highest tag that the branch reaches, or whose tree it has.
func (s *story) version(ctx context.Context, branch string) (version, mark string, err error) {
	tree, err := s.git(ctx, "rev-parse", branch+"^{tree}")
	if err != nil {
		return "", "", err
	}
	reached, err := s.git(ctx, "tag", "--merged", branch)
	if err != nil {
		return "", "", err
	}
	tags, err := s.git(ctx, "for-each-ref", "--sort=-version:refname", "--format=%(refname:short) %(*tree)", "refs/tags")
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(tags) {
		tag, its, _ := strings.Cut(strings.TrimSpace(line), " ")
		same := its == tree
		if !same && !strings.Contains("\n"+reached+"\n", "\n"+tag+"\n") {
			continue
		}
		if !same {
			mark = "+"
		}
		return strings.TrimPrefix(tag, "v"), mark, nil
	}
	return "", "", nil
}

// defect is what a hotfix is for.
type defect struct {
	issue, pull int
	landed      string            // the commit in which the hotfix landed
	lines       map[string]string // what it brought, by file
}

// fixedLines are what the hotfix brought, by file: an environment without them
// still has the bug.
var fixedLines = map[string]string{
	"checkout/pay.js":   "order.payment ??= ",
	"checkout/order.js": "cart.ordered = true;",
	"cart/cart.js":      "if (this.ordered) {",
}

// fixed tells whether a branch has the fixed lines, and no conflict block with
// them.
func (s *story) fixed(ctx context.Context, branch string) (bool, error) {
	return s.has(ctx, branch, fixedLines)
}

func (s *story) has(ctx context.Context, branch string, lines map[string]string) (bool, error) {
	for file, line := range lines {
		content, err := s.git(ctx, "show", branch+":"+file)
		if err != nil {
			return false, err
		}
		if !strings.Contains(content, line) || strings.Contains(content, "<<<<<<<") {
			return false, nil
		}
	}
	return true, nil
}

// unsolved tells whether a hotfix landed and is missing somewhere, or has an open
// issue.
func (s *story) unsolved(ctx context.Context) (bool, error) {
	first := &defect{issue: s.issue, landed: s.landed, lines: fixedLines}
	for _, d := range []*defect{first, s.second} {
		if d == nil || d.landed == "" {
			continue
		}
		for _, env := range s.pipeline.stages() {
			fixed, err := s.has(ctx, env.Branch, d.lines)
			if err != nil || !fixed {
				return true, err
			}
		}
		var i issue
		if err := s.read(ctx, &i, "/issues/%d", d.issue); err != nil || i.State == "open" {
			return true, err
		}
	}
	return false, nil
}

// agree compares what the bot shows on its page with what git shows.
func (s *story) agree(ctx context.Context, seen []Environment) error {
	boards, err := s.app.Boards(ctx)
	if err != nil {
		return err
	}
	if len(boards) != 1 || len(boards[0].Environments) != len(seen) {
		return fmt.Errorf("the bot shows %d repositories instead of one with %d environments", len(boards), len(seen))
	}
	for i, shown := range boards[0].Environments {
		is := Environment{Name: shown.Name, Branch: shown.Branch, Version: shown.First().Version, Mark: shown.First().Mark, Red: shown.Red}
		if is != seen[i] {
			return fmt.Errorf("the bot shows %+v, and git %+v", is, seen[i])
		}
	}
	return nil
}
