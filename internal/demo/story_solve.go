package demo

import (
	"context"
	"strings"
)

// refuse is the attempt to call it solved too early.
func (s *story) refuse(ctx context.Context) error {
	if err := s.comments(ctx, carol, "comments on #%d:", "/hotfix solved"); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	answer, err := s.reply(ctx)
	if err != nil {
		return err
	}
	i, err := s.readIssue(ctx)
	if err != nil {
		return err
	}
	text := answer.text()
	listed := strings.HasPrefix(text, "Not solved") && strings.Contains(text, "QA") && strings.Contains(text, "Development")
	if err := expect(listed && i.State == "open", "the bot refuses with what is missing"); err != nil {
		return err
	}
	return s.say(ctx, bot, text, "refuses:")
}

// solve is the last word, which .github/hotfix.yml leaves to a person.
func (s *story) solve(ctx context.Context) error {
	if err := s.comments(ctx, carol, "comments on #%d:", "/hotfix solved"); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	return s.accepted(ctx)
}

// accepted: the bot takes the word, and closes the issue.
func (s *story) accepted(ctx context.Context) error {
	answer, err := s.reply(ctx)
	if err != nil {
		return err
	}
	i, err := s.readIssue(ctx)
	if err != nil {
		return err
	}
	accepted := strings.Contains(answer.text(), "Solved: ") && i.State == "closed"
	if err := expect(accepted, "the bot accepts and closes #%d", s.issue); err != nil {
		return err
	}
	return s.say(ctx, bot, answer.text(), "closes #%d:", s.issue)
}

// markSolved is the same word, by LifeTime's button.
func (s *story) markSolved(ctx context.Context) error {
	button, err := s.button(ctx, "solved")
	if err != nil {
		return err
	}
	if err := s.say(ctx, bot, "["+button.Label+"]", "puts a button for that on #%d:", s.hotfix); err != nil {
		return err
	}
	if err := s.press(ctx, bob, "solved"); err != nil {
		return err
	}
	return s.accepted(ctx)
}
