package demo

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// What everybody can read on GitHub: the story tells it from there.

// issue is the part of an issue that is told.
type issue struct {
	State  string `json:"state"`
	Labels []struct {
		Name string `json:"name"`
	} `json:"labels"`
}

// pull is the part of a pull request that is told.
type pull struct {
	Number int    `json:"number"`
	Title  string `json:"title"`
	Draft  bool   `json:"draft"`
	Merged bool   `json:"merged"`
	Head   struct {
		Ref string `json:"ref"`
		SHA string `json:"sha"`
	} `json:"head"`
	Base struct {
		Ref string `json:"ref"`
	} `json:"base"`
}

// comment is a comment on an issue.
type comment struct {
	ID   int64  `json:"id"`
	Body string `json:"body"`
	User struct {
		Login string `json:"login"`
	} `json:"user"`
}

// text is what is shown of it: without the hidden marker.
func (c comment) text() string {
	return html.UnescapeString(c.markdown())
}

// markdown is the same as it was written.
func (c comment) markdown() string {
	shown, _, _ := strings.Cut(c.Body, "\n<!--")
	return strings.TrimSpace(shown)
}

// read asks for something below the repository, as alice.
func (s *story) read(ctx context.Context, into any, path string, args ...any) error {
	return s.github.Person(alice).Do(ctx, http.MethodGet, "/repos/"+repository+fmt.Sprintf(path, args...), nil, into)
}

func (s *story) readIssue(ctx context.Context) (i issue, err error) {
	return i, s.read(ctx, &i, "/issues/%d", s.issue)
}

func (s *story) readPull(ctx context.Context, number int) (p pull, err error) {
	return p, s.read(ctx, &p, "/pulls/%d", number)
}

// backport finds the open pull request of the bot against a branch.
func (s *story) backport(ctx context.Context, base string) (pull, error) {
	var found []pull
	if err := s.read(ctx, &found, "/pulls?base=%s", base); err != nil {
		return pull{}, err
	}
	if len(found) != 1 {
		return pull{}, fmt.Errorf("%d pull requests against %s are open instead of one", len(found), base)
	}
	return found[0], nil
}

// botComments are the bot's comments on the hotfix's issue, oldest first.
func (s *story) botComments(ctx context.Context) ([]comment, error) {
	var all []comment
	err := s.read(ctx, &all, "/issues/%d/comments", s.issue)
	return slices.DeleteFunc(all, func(c comment) bool { return c.User.Login != bot+"[bot]" }), err
}

// status is the bot's status comment on the hotfix; empty before it is there.
func (s *story) status(ctx context.Context) (string, error) {
	if s.issue == 0 {
		return "", nil
	}
	all, err := s.botComments(ctx)
	for _, c := range all {
		if naming.FindMarker(c.Body, naming.KindStatus, new(hotfix.StatusMarker)) {
			return c.markdown(), err
		}
	}
	return "", err
}

// headline is the first line of the status comment.
func (s *story) headline(ctx context.Context) (string, error) {
	text, err := s.status(ctx)
	if err != nil || text == "" {
		return "", fmt.Errorf("the bot has no status comment on #%d: %w", s.issue, err)
	}
	line, _, _ := strings.Cut(text, "\n")
	return html.UnescapeString(line), nil
}

// reply is the bot's newest comment, an answer to what was said last.
func (s *story) reply(ctx context.Context) (comment, error) {
	all, err := s.botComments(ctx)
	if err != nil || len(all) == 0 || naming.FindMarker(all[len(all)-1].Body, naming.KindStatus, new(hotfix.StatusMarker)) {
		return comment{}, fmt.Errorf("the bot did not answer on #%d: %w", s.issue, err)
	}
	return all[len(all)-1], nil
}

// check reads the bot's check run of that name on a commit.
func (s *story) check(ctx context.Context, commit, name string) (conclusion, title string, err error) {
	var answer struct {
		Runs []struct {
			Name       string `json:"name"`
			Conclusion string `json:"conclusion"`
			Output     struct {
				Title string `json:"title"`
			} `json:"output"`
		} `json:"check_runs"`
	}
	if err := s.read(ctx, &answer, "/commits/%s/check-runs", commit); err != nil {
		return "", "", err
	}
	for _, run := range answer.Runs {
		if run.Name == name {
			return run.Conclusion, run.Output.Title, nil
		}
	}
	return "", "", fmt.Errorf("there is no check run %q on %s", name, commit)
}
