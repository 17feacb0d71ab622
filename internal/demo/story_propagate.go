package demo

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// mergeQA is the backport that needs no thought.
func (s *story) mergeQA(ctx context.Context) error {
	p, err := s.readPull(ctx, s.qa)
	if err != nil {
		return err
	}
	if err := s.mergeBackport(ctx, bob, s.qa, "qa"); err != nil {
		return err
	}
	_, err = s.git(ctx, "rev-parse", "--verify", "--quiet", "refs/heads/"+p.Head.Ref)
	if err := expect(err != nil, "the branch %s is deleted", p.Head.Ref); err != nil {
		return err
	}
	headline, err := s.headline(ctx)
	if err != nil {
		return err
	}
	return s.say(ctx, bot, headline, "deletes its branch %s, since nobody else worked there:", p.Head.Ref)
}

// mergeBackport lets a person approve and merge a backport, and the bot see it.
func (s *story) mergeBackport(ctx context.Context, who string, number int, branch string) error {
	err := s.does(ctx, who, func(p *githubsim.Person) (string, error) {
		if err := p.Approve(ctx, repository, number); err != nil {
			return "", err
		}
		_, err := p.Merge(ctx, repository, number, "merge")
		return fmt.Sprintf("approves #%d and merges it into %s.", number, branch), err
	})
	if err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	fixed, err := s.fixed(ctx, branch)
	if err != nil {
		return err
	}
	return expect(fixed, "%s has the fix", branch)
}

// resolve is the decision that only a person can make.
func (s *story) resolve(ctx context.Context) error {
	p, err := s.readPull(ctx, s.dev)
	if err != nil {
		return err
	}
	err = s.does(ctx, bob, func(person *githubsim.Person) (string, error) {
		return fmt.Sprintf("checks out %s, writes checkout/pay.js as Development needs it, and pushes.", p.Head.Ref),
			person.InClone(ctx, repository, func(c *githubsim.Clone) error { return pushResolution(ctx, c, p.Head.Ref) })
	})
	if err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	if p, err = s.readPull(ctx, s.dev); err != nil {
		return err
	}
	conclusion, title, err := s.check(ctx, p.Head.SHA, "Hotfix conflicts")
	if err != nil {
		return err
	}
	if err := expect(conclusion == "success", "the check on #%d turns green", s.dev); err != nil {
		return err
	}
	return s.say(ctx, bot, title, "turns the check “Hotfix conflicts” on #%d green:", s.dev)
}

func pushResolution(ctx context.Context, c *githubsim.Clone, branch string) error {
	if _, err := c.Git(ctx, "switch", "-q", branch); err != nil {
		return err
	}
	if err := commit(ctx, c, "3-resolve"); err != nil {
		return err
	}
	_, err := c.Git(ctx, "push", "-q", "origin", branch)
	return err
}

// mergeDev brings the resolved backport in.
func (s *story) mergeDev(ctx context.Context) error {
	err := s.does(ctx, bob, func(p *githubsim.Person) (string, error) {
		return fmt.Sprintf("marks #%d as ready for review.", s.dev), p.Ready(ctx, repository, s.dev)
	})
	if err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	headline, err := s.headline(ctx)
	if err != nil {
		return err
	}
	if err := s.say(ctx, bot, headline, "waits for #%d to be merged:", s.dev); err != nil {
		return err
	}
	if err := s.mergeBackport(ctx, alice, s.dev, "dev"); err != nil {
		return err
	}
	if headline, err = s.headline(ctx); err != nil {
		return err
	}
	return s.say(ctx, bot, headline, "finds the fix in every environment, and waits for somebody's word:")
}
