package demo

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// turn begins a second hotfix and leaves it to who looks at the page.
func (s *story) turn(ctx context.Context) error {
	if !s.stay {
		return nil
	}
	s.chapter = "Your turn"
	second := &defect{lines: map[string]string{"catalog/price.js": "Math.max(0, "}}
	err := s.does(ctx, carol, func(p *githubsim.Person) (text string, err error) {
		second.issue, err = p.OpenIssue(ctx, repository, "A voucher pays the customer",
			"A voucher of 10 on a product of 8 gives a price of *-2*.")
		return fmt.Sprintf("opens issue #%d: A voucher pays the customer.", second.issue), err
	})
	if err != nil {
		return err
	}
	err = s.does(ctx, alice, func(p *githubsim.Person) (text string, err error) {
		second.pull, err = s.propose(ctx, p, second.issue)
		return fmt.Sprintf("fixes it on hotfix/%d-price-floor, and opens #%d against %s.", second.issue, second.pull, s.pipeline.base()), err
	})
	if err != nil {
		return err
	}
	if err := s.world.settle(ctx); err != nil {
		return err
	}
	err = s.does(ctx, bob, func(p *githubsim.Person) (text string, err error) {
		if err := p.Approve(ctx, repository, second.pull); err != nil {
			return "", err
		}
		second.landed, err = p.Merge(ctx, repository, second.pull, "merge")
		s.second = second
		return fmt.Sprintf("approves #%d and merges it into %s.", second.pull, s.pipeline.base()), err
	})
	if err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	return s.offer(ctx)
}

// propose makes the second hotfix's branch and pull request.
func (s *story) propose(ctx context.Context, p *githubsim.Person, issue int) (int, error) {
	branch := fmt.Sprintf("hotfix/%d-price-floor", issue)
	err := p.InClone(ctx, repository, func(c *githubsim.Clone) error {
		if _, err := c.Git(ctx, "switch", "-q", "-c", branch, "origin/"+s.pipeline.base()); err != nil {
			return err
		}
		if err := commit(ctx, c, "4-price-floor"); err != nil {
			return err
		}
		_, err := c.Git(ctx, "push", "-q", "origin", branch)
		return err
	})
	if err != nil {
		return 0, err
	}
	return p.OpenPull(ctx, repository, githubsim.NewPull{
		Title: "Let no price be below zero", Head: branch, Base: s.pipeline.base(), Body: fmt.Sprintf("Fixes #%d.", issue),
	})
}

// offer tells what is left to do, once the bot shows that it is, and where.
func (s *story) offer(ctx context.Context) error {
	boards, err := s.app.Boards(ctx)
	if err != nil {
		return err
	}
	for _, board := range boards {
		for _, status := range board.Hotfixes {
			if status.Key.Pull != s.second.pull {
				continue
			}
			try, text, open := s.tries(status)
			if err := expect(open, "#%d waits for somebody", s.second.pull); err != nil {
				return err
			}
			look := s.look()
			look.Hotfix = fmt.Sprintf("%shotfixes/%d/%d", look.Page, status.Key.Repository, status.Key.Pull)
			look.Try = try
			return s.line(ctx, Line{Who: bot, Text: fmt.Sprintf(text, s.second.pull), Look: look, last: true})
		}
	}
	return fmt.Errorf("the bot does not know #%d", s.second.pull)
}

// tries is what to try on the page, why, and whether the bot waits for that.
func (s *story) tries(status hotfix.Status) (try, text string, open bool) {
	if s.pipeline == Preprod {
		return "sign in as " + bob + " and press Tag & Deploy, then skip QA and Development for a reason, and mark it as solved",
			"holds #%d in Pre-Production until somebody says Tag & Deploy. That is left to you.", len(status.Deployable) > 0
	}
	for _, b := range status.Standings {
		open = open || b.Verdict == hotfix.VerdictConflicted
	}
	return "sign in as " + bob + " and skip QA and Development for a reason, then mark it as solved",
		"releases it as v1.7.2. The backport of #%d to QA can be merged, and that to Development has conflicts. What becomes of them is left to you.", open
}
