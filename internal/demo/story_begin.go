package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// begin introduces the shop and its bot.
func (s *story) begin(ctx context.Context) error {
	text := "has a shop in %s, with the modules catalog, cart and checkout. " +
		"Version 1.7.0 is what customers use; QA has newer work, Development newer still."
	if s.pipeline == Preprod {
		text = "has an application in %s, eCommerce, with the modules catalog, cart and checkout. Customers use version 1.7.0 " +
			"in Production, and Pre-Production is its twin. QA tests 1.8.0, and Development is further still."
	}
	if err := s.say(ctx, owner, "", text, repository); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	return s.say(ctx, bot, "", "is installed and knows the environments from .github/hotfix.yml. Nothing is red.")
}

// reportBug opens the issue.
func (s *story) reportBug(ctx context.Context) error {
	return s.does(ctx, carol, func(p *githubsim.Person) (text string, err error) {
		s.issue, err = p.OpenIssue(ctx, repository, "Customers are charged twice",
			"Who presses *Pay* again before the page has changed pays again. Seven complaints since noon.")
		return fmt.Sprintf("opens issue #%d: Customers are charged twice. Seven have complained since noon.", s.issue), err
	})
}

// start asks the bot for the hotfix's branch.
func (s *story) start(ctx context.Context) error {
	if err := s.comments(ctx, alice, "is on call. She comments on #%d:", "/hotfix start charged twice"); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	s.branch = fmt.Sprintf("hotfix/%d-charged-twice", s.issue)
	tips, err := s.git(ctx, "rev-parse", s.branch, "v1.7.0^{commit}")
	if err != nil {
		return err
	}
	own, production, _ := strings.Cut(tips, "\n")
	if err := expect(own == production, "%s is at what Production runs", s.branch); err != nil {
		return err
	}
	answer, err := s.reply(ctx)
	if err != nil {
		return err
	}
	return s.say(ctx, bot, answer.text(), "answers:")
}

// fixBug is the work of who is on call: a branch, two commits, a pull request.
func (s *story) fixBug(ctx context.Context) error {
	err := s.does(ctx, alice, func(p *githubsim.Person) (string, error) {
		text := "fixes checkout and cart in two commits on " + s.branch + ", and pushes."
		if s.branch == "" {
			s.branch = "hotfix/charged-twice"
			text = "is on call. She branches " + s.branch + " off main, fixes checkout and cart in two commits, and pushes."
		}
		return text, p.InClone(ctx, repository, func(c *githubsim.Clone) error { return pushFix(ctx, c, s.branch) })
	})
	if err != nil {
		return err
	}
	err = s.does(ctx, alice, func(p *githubsim.Person) (text string, err error) {
		s.hotfix, err = p.OpenPull(ctx, repository, githubsim.NewPull{
			Title: "Charge every order once", Head: s.branch, Base: s.pipeline.base(), Body: fmt.Sprintf("Fixes #%d.", s.issue),
		})
		return fmt.Sprintf("opens pull request #%d against %s: Charge every order once. It says “Fixes #%d”.", s.hotfix, s.pipeline.base(), s.issue), err
	})
	if err != nil {
		return err
	}
	return s.forecast(ctx)
}

// pushFix makes the two commits in alice's clone, on a branch that the bot has made
// or that begins at main.
func pushFix(ctx context.Context, c *githubsim.Clone, branch string) error {
	if _, err := c.Git(ctx, "switch", "-q", branch); err != nil {
		if _, err := c.Git(ctx, "switch", "-q", "-c", branch, "origin/main"); err != nil {
			return err
		}
	}
	for _, name := range []string{"1-charge-once", "2-close-cart"} {
		if err := commit(ctx, c, name); err != nil {
			return err
		}
	}
	_, err := c.Git(ctx, "push", "-q", "origin", branch)
	return err
}

// commit commits what commitOf has of that name.
func commit(ctx context.Context, c *githubsim.Clone, name string) error {
	message, files, err := commitOf(name)
	if err != nil {
		return err
	}
	for path, content := range files {
		if err := c.Write(path, content); err != nil {
			return err
		}
	}
	_, err = c.Commit(ctx, message)
	return err
}

// forecast is what the bot says before the merge.
func (s *story) forecast(ctx context.Context) error {
	if err := s.settle(ctx); err != nil {
		return err
	}
	p, err := s.readPull(ctx, s.hotfix)
	if err != nil {
		return err
	}
	conclusion, title, err := s.check(ctx, p.Head.SHA, "Hotfix")
	if err != nil {
		return err
	}
	if err := expect(conclusion == "success", "a green check on #%d", s.hotfix); err != nil {
		return err
	}
	return s.say(ctx, bot, title, "puts the check “Hotfix” on #%d:", s.hotfix)
}
