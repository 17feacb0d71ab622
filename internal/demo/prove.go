package demo

import (
	"context"
	"strings"
)

// tag is what the hotfix is released as.
const tag = "v1.7.1"

// prove checks the end by git and GitHub, and tells it. Only then the hotfix
// counts as solved.
func (s *story) prove(ctx context.Context) error {
	for _, check := range []func(context.Context) error{
		s.tagged, s.everywhere, s.attributed, s.quiet,
	} {
		if err := check(ctx); err != nil {
			return err
		}
	}
	end, err := s.environments(ctx)
	if err != nil {
		return err
	}
	for _, env := range end {
		if err := expect(!env.Red, "nothing is red"); err != nil {
			return err
		}
	}
	for i, env := range s.pipeline.upper() {
		if err := expect(end[i].Version+end[i].Mark == "1.7.1", "%s runs 1.7.1", env.Name); err != nil {
			return err
		}
	}
	var where Look
	if !s.stay {
		where = s.look()
	}
	return s.line(ctx, Line{
		Who: "git", Solved: true, Look: where, last: !s.stay,
		Text: "has " + tag + " as an annotated tag on the merge, the fixed lines in " + branches(end) + ", and both commits with their author. " +
			"The bot looked once more and had nothing to do. Nothing is red.",
	})
}

// tagged: the tag is an annotated one, on the commit in which the hotfix landed.
func (s *story) tagged(ctx context.Context) error {
	kind, err := s.git(ctx, "cat-file", "-t", "refs/tags/"+tag)
	if err != nil {
		return err
	}
	if err := expect(kind == "tag", "%s is an annotated tag and not a %s", tag, kind); err != nil {
		return err
	}
	commit, err := s.git(ctx, "rev-parse", tag+"^{commit}")
	if err != nil {
		return err
	}
	return expect(commit == s.landed, "%s is on %s and not on %s", tag, s.landed, commit)
}

// everywhere: every branch has the fixed lines, and the issue is closed.
func (s *story) everywhere(ctx context.Context) error {
	for _, env := range s.pipeline.stages() {
		fixed, err := s.fixed(ctx, env.Branch)
		if err != nil {
			return err
		}
		if err := expect(fixed, "%s has the fix", env.Branch); err != nil {
			return err
		}
	}
	i, err := s.readIssue(ctx)
	if err != nil {
		return err
	}
	return expect(i.State == "closed", "#%d is closed", s.issue)
}

// attributed: each of the hotfix's commits is in each lower environment once,
// under its author's name, and says where it comes from.
func (s *story) attributed(ctx context.Context) error {
	commits, err := s.git(ctx, "rev-list", "--no-merges", s.landed, "^"+s.landed+"^1")
	if err != nil {
		return err
	}
	originals := strings.Fields(commits)
	if err := expect(len(originals) == 2, "two commits landed"); err != nil {
		return err
	}
	for _, original := range originals {
		for _, env := range s.pipeline.lower() {
			authors, err := s.git(ctx, "log", "--format=%an", "--fixed-strings",
				"--grep=(cherry picked from commit "+original+")", env.Branch)
			if err != nil {
				return err
			}
			if err := expect(authors == fullName(alice), "%s has %s once, by alice", env.Branch, original); err != nil {
				return err
			}
		}
	}
	return nil
}

// quiet: when the bot looks again it changes nothing, and nobody asked the
// simulated GitHub for what it does not have.
func (s *story) quiet(ctx context.Context) error {
	mark := s.github.Mark()
	if err := s.app.Sweep(ctx); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	for _, request := range s.github.Requests()[mark:] {
		if err := expect(!request.Write, "the bot has nothing to do, and did %s %s", request.Method, request.Path); err != nil {
			return err
		}
	}
	unknown := s.github.Violations()
	return expect(len(unknown) == 0, "every request is known: %s", strings.Join(unknown, ", "))
}

// branches names the branches of all environments.
func branches(list []Environment) string {
	names := make([]string, len(list))
	for i, env := range list {
		names[i] = env.Branch
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
