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
	tell    Teller
	chapter string // that is told
	step    int
	shown   string // the status comment as it was told last

	issue, hotfix, qa, dev int    // numbers on GitHub
	branch                 string // the hotfix's
	landed                 string // the commit in which the hotfix landed

	second *defect // what is left open at the end
}

// between is how much time passes before somebody acts.
const between = 4 * time.Minute

// chapter is a part of the story.
type chapter struct {
	title string
	parts []part
}

// part lets something happen and tells it.
type part func(context.Context) error

// chapters are the story of a pipeline. Those of Preprod have LifeTime's titles.
func (s *story) chapters() []chapter {
	if s.pipeline == Simple {
		return []chapter{
			{"The shop", []part{s.begin}},
			{"Fix the defect", []part{s.reportBug, s.fixBug, s.land, s.closedByGitHub}},
			{"Propagate the hotfix", []part{s.release, s.refuse, s.mergeQA, s.resolve, s.mergeDev, s.solve}},
			{"The end", []part{s.prove, s.turn}},
		}
	}
	return []chapter{
		{"The shop", []part{s.begin}},
		{"Fix the defect", []part{s.reportBug, s.start, s.fixBug, s.land, s.await, s.refuse}},
		{"Deploy the hotfix to Production", []part{s.deploy}},
		{"Propagate the hotfix", []part{
			s.listModules, s.carryToQA, s.compare, s.mergeQA, s.carryToDev, s.resolve, s.mergeDev, s.markSolved,
		}},
		{"The end", []part{s.prove, s.turn}},
	}
}

// play tells the chapters. It stops at the first thing that is not as it should be.
func (s *story) play(ctx context.Context) error {
	for _, chapter := range s.chapters() {
		s.chapter = chapter.title
		for _, part := range chapter.parts {
			if err := part(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// say tells a line, with the environments as git has them now.
func (s *story) say(ctx context.Context, who, said, format string, args ...any) error {
	return s.line(ctx, Line{Who: who, Text: fmt.Sprintf(format, args...), Said: said})
}

// line tells a line, with all that is the same for each.
func (s *story) line(ctx context.Context, l Line) error {
	var err error
	if l.Environments, err = s.environments(ctx); err != nil {
		return err
	}
	status, err := s.status(ctx)
	if err != nil {
		return err
	}
	if status != s.shown {
		l.Status, s.shown = status, status
	}
	s.step++
	l.Step, l.Chapter = s.step, s.chapter
	return s.tell(l)
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

// comments lets a person comment on the hotfix's issue, and tells it with a text
// about #%d.
func (s *story) comments(ctx context.Context, who, text, body string) error {
	s.clock.pass(between)
	if _, err := s.github.Person(who).Comment(ctx, repository, s.issue, body); err != nil {
		return fmt.Errorf("%s: %w", who, err)
	}
	return s.say(ctx, who, body, text, s.issue)
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
