package demo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// story is the telling of one hotfix.
type story struct {
	*world
	tell Teller
	step int

	issue, hotfix, qa, dev int    // numbers on GitHub
	landed                 string // the commit in which the hotfix landed
}

// between is how much time passes before somebody acts.
const between = 4 * time.Minute

// play tells the chapters. Each stops at the first thing that is not as it
// should be.
func (s *story) play(ctx context.Context) error {
	for _, chapter := range []func(context.Context) error{
		s.begin, s.reportBug, s.fixBug, s.land, s.release, s.refuse, s.mergeQA,
		s.resolve, s.mergeDev, s.solve, s.prove,
	} {
		if err := chapter(ctx); err != nil {
			return err
		}
	}
	return nil
}

// say tells a line, with the environments as git has them now.
func (s *story) say(ctx context.Context, who, said, format string, args ...any) error {
	now, err := s.environments(ctx)
	if err != nil {
		return err
	}
	s.step++
	return s.tell(Line{Step: s.step, Who: who, Text: fmt.Sprintf(format, args...), Said: said, Environments: now})
}

// does lets a person act, and tells it.
func (s *story) does(ctx context.Context, who string, act func(*githubsim.Person) (string, error)) error {
	s.clock.pass(between)
	text, err := act(s.github.Person(who))
	if err != nil {
		return fmt.Errorf("%s: %w", who, err)
	}
	return s.say(ctx, who, "", "%s", text)
}

// comments lets a person comment on the hotfix's issue, and tells it.
func (s *story) comments(ctx context.Context, who, body string) error {
	s.clock.pass(between)
	if _, err := s.github.Person(who).Comment(ctx, repository, s.issue, body); err != nil {
		return fmt.Errorf("%s: %w", who, err)
	}
	return s.say(ctx, who, body, "comments on #%d:", s.issue)
}

// settle lets the bot work until it is at rest, and makes sure that its page
// shows what git shows.
func (s *story) settle(ctx context.Context) error {
	if err := s.world.settle(ctx); err != nil {
		return err
	}
	now, err := s.environments(ctx)
	if err != nil {
		return err
	}
	return s.agree(ctx, now)
}

// expect is the end of the story if something did not happen.
func expect(happened bool, format string, args ...any) error {
	if happened {
		return nil
	}
	return errors.New("this did not happen: " + fmt.Sprintf(format, args...))
}
