package demo

import (
	"context"
	"fmt"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// land brings the hotfix into the environment where hotfixes land.
func (s *story) land(ctx context.Context) error {
	err := s.does(ctx, bob, func(p *githubsim.Person) (string, error) {
		return fmt.Sprintf("reads #%d and approves it.", s.hotfix), p.Approve(ctx, repository, s.hotfix)
	})
	if err != nil {
		return err
	}
	if err := s.world.settle(ctx); err != nil {
		return err
	}
	err = s.does(ctx, alice, func(p *githubsim.Person) (text string, err error) {
		s.landed, err = p.Merge(ctx, repository, s.hotfix, "merge")
		return fmt.Sprintf("merges #%d into %s, and is done.", s.hotfix, s.pipeline.base()), err
	})
	return err
}

// closedByGitHub: a keyword closes an issue when it reaches the default branch.
func (s *story) closedByGitHub(ctx context.Context) error {
	i, err := s.readIssue(ctx)
	if err != nil {
		return err
	}
	if err := expect(i.State == "closed", "GitHub closes #%d", s.issue); err != nil {
		return err
	}
	return s.say(ctx, "github", "", "closes #%d, because of that word in #%d.", s.issue, s.hotfix)
}

// release is what the bot does of itself: the tag, the issue, the backports.
func (s *story) release(ctx context.Context) error {
	if err := s.settle(ctx); err != nil {
		return err
	}
	if err := s.published(ctx); err != nil {
		return err
	}
	if err := s.say(ctx, bot, "", "tags %s where the hotfix landed, and publishes it as the latest release.", tag); err != nil {
		return err
	}
	if err := s.tellIssue(ctx, "reopens #%d, since two environments still have the bug, and keeps one comment there up to date:"); err != nil {
		return err
	}
	if err := s.tellBackport(ctx, "qa", &s.qa, false); err != nil {
		return err
	}
	return s.tellBackport(ctx, "dev", &s.dev, true)
}

// published: the tag is there with its release, which is called the latest where
// no version is above it.
func (s *story) published(ctx context.Context) error {
	if err := s.tagged(ctx); err != nil {
		return err
	}
	var release struct {
		Tag string `json:"tag_name"`
	}
	which := "/releases/latest"
	if s.pipeline == Preprod { // there is 1.8.0
		which = "/releases/tags/" + tag
	}
	if err := s.read(ctx, &release, "%s", which); err != nil {
		return err
	}
	return expect(release.Tag == tag, "%s is released", tag)
}

// tellIssue tells with a text about #%d that the bot has taken the issue up.
func (s *story) tellIssue(ctx context.Context, text string) error {
	i, err := s.readIssue(ctx)
	if err != nil {
		return err
	}
	labelled := len(i.Labels) == 1 && i.Labels[0].Name == "hotfix"
	if err := expect(i.State == "open" && labelled, "#%d is open and labelled hotfix", s.issue); err != nil {
		return err
	}
	headline, err := s.headline(ctx)
	if err != nil {
		return err
	}
	return s.say(ctx, bot, headline, text, s.issue)
}

// tellBackport finds a backport and tells of it; one with conflicts is a draft
// that holds them as markers.
func (s *story) tellBackport(ctx context.Context, base string, number *int, conflicts bool) error {
	p, err := s.backport(ctx, base)
	if err != nil {
		return err
	}
	*number = p.Number
	if err := expect(p.Draft == conflicts, "#%d against %s is a draft: %t", p.Number, base, conflicts); err != nil {
		return err
	}
	if !conflicts {
		return s.say(ctx, bot, p.Title, "opens #%d against %s, with both commits:", p.Number, base)
	}
	content, err := s.git(ctx, "show", p.Head.SHA+":checkout/pay.js")
	if err != nil {
		return err
	}
	conflict := block(content)
	if err := expect(conflict != "", "#%d shows the conflict in checkout/pay.js", p.Number); err != nil {
		return err
	}
	conclusion, title, err := s.check(ctx, p.Head.SHA, "Hotfix conflicts")
	if err != nil {
		return err
	}
	if err := expect(conclusion == "failure", "a red check on #%d", p.Number); err != nil {
		return err
	}
	text := "opens #%d against %s as a draft: there the same lines were rewritten, so a person has to decide."
	if s.pipeline == Preprod {
		text = "picks what QA merged and " + text
	}
	if err := s.say(ctx, bot, p.Title+"\n"+conflict, text, p.Number, base); err != nil {
		return err
	}
	return s.say(ctx, bot, title, "puts the check “Hotfix conflicts” on #%d. It stays red until that is done:", p.Number)
}

// block is the first conflict block of a file.
func block(content string) string {
	_, after, _ := strings.Cut(content, "\n<<<<<<<")
	inside, after, found := strings.Cut(after, "\n>>>>>>>")
	if !found {
		return ""
	}
	label, _, _ := strings.Cut(after, "\n")
	return "<<<<<<<" + inside + "\n>>>>>>>" + label
}
