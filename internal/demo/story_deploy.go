package demo

import (
	"context"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// await is what the bot does when a hotfix landed in Pre-Production: it says what
// it waits for, and tags nothing.
func (s *story) await(ctx context.Context) error {
	if err := s.settle(ctx); err != nil {
		return err
	}
	tags, err := s.git(ctx, "tag", "--list", tag)
	if err != nil {
		return err
	}
	if err := expect(tags == "", "nothing is tagged before somebody says so"); err != nil {
		return err
	}
	if err := s.tellIssue(ctx, "takes #%d up, and keeps one comment there up to date:"); err != nil {
		return err
	}
	button, err := s.button(ctx, "deploy")
	if err != nil {
		return err
	}
	return s.say(ctx, bot, "["+button.Label+"]", "tags nothing by itself. It puts a button on #%d, for maintainers:", s.hotfix)
}

// deploy is the release, by the button, and its way to Production.
func (s *story) deploy(ctx context.Context) error {
	if err := s.press(ctx, bob, "deploy"); err != nil {
		return err
	}
	if err := s.published(ctx); err != nil {
		return err
	}
	answer, err := s.reply(ctx)
	if err != nil {
		return err
	}
	for _, env := range s.pipeline.upper() {
		commit, err := s.git(ctx, "rev-parse", env.Branch)
		if err != nil {
			return err
		}
		if err := expect(commit == s.landed, "%s is at %s", env.Branch, tag); err != nil {
			return err
		}
	}
	return s.say(ctx, bot, answer.text(), "tags %s in Pre-Production, publishes the release, and fast-forwards main to it. "+
		"Pre-Production stays red, since QA and Development still have the bug:", tag)
}

// button finds what the hotfix's check run offers.
func (s *story) button(ctx context.Context, identifier string) (githubsim.Button, error) {
	p, err := s.readPull(ctx, s.hotfix)
	if err != nil {
		return githubsim.Button{}, err
	}
	for _, b := range s.github.Buttons(repository, p.Head.SHA) {
		if b.Identifier == identifier {
			return b, nil
		}
	}
	return githubsim.Button{}, fmt.Errorf("the check run of #%d has no button %q", s.hotfix, identifier)
}

// press lets a person press a button, tells it, and lets the bot act.
func (s *story) press(ctx context.Context, who, identifier string) error {
	button, err := s.button(ctx, identifier)
	if err != nil {
		return err
	}
	err = s.does(ctx, who, func(p *githubsim.Person) (string, error) {
		return fmt.Sprintf("presses [%s] on #%d.", button.Label, s.hotfix),
			p.PressButton(ctx, repository, button.CheckRun, identifier)
	})
	if err != nil {
		return err
	}
	return s.settle(ctx)
}
