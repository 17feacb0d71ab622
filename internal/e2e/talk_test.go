package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// open HEAD BASE TITLE [BODY]: open a pull request.
func (p *playing) open(who *githubsim.Person, w []string) error {
	_, err := who.OpenPull(p.ctx, p.repo, githubsim.NewPull{
		Head: w[0], Base: w[1], Title: w[2], Body: strings.Join(w[3:], ""),
	})
	return err
}

// merge NUMBER merge|squash|rebase.
func (p *playing) merge(who *githubsim.Person, w []string) error {
	n, err := number(w[0])
	if err != nil {
		return err
	}
	_, err = who.Merge(p.ctx, p.repo, n, w[1])
	return err
}

// close NUMBER: an issue or a pull request.
func (p *playing) closeIt(who *githubsim.Person, w []string) error {
	return p.aboutNumber(w[0], who.CloseIssue)
}

// reopen NUMBER: an issue or a pull request.
func (p *playing) reopenIt(who *githubsim.Person, w []string) error {
	return p.aboutNumber(w[0], who.ReopenIssue)
}

// ready NUMBER: a draft is ready for review.
func (p *playing) ready(who *githubsim.Person, w []string) error {
	return p.aboutNumber(w[0], who.Ready)
}

// calloff NUMBER.
func (p *playing) callOff(who *githubsim.Person, w []string) error {
	return p.aboutNumber(w[0], who.CallOff)
}

// approve NUMBER.
func (p *playing) approve(who *githubsim.Person, w []string) error {
	return p.aboutNumber(w[0], who.Approve)
}

// retarget NUMBER BASE.
func (p *playing) retarget(who *githubsim.Person, w []string) error {
	n, err := number(w[0])
	if err != nil {
		return err
	}
	return who.EditPull(p.ctx, p.repo, n, map[string]any{"base": w[1]})
}

// issue TITLE [BODY].
func (p *playing) issue(who *githubsim.Person, w []string) error {
	_, err := who.OpenIssue(p.ctx, p.repo, w[0], strings.Join(w[1:], ""))
	return err
}

// comment NUMBER TEXT: on an issue or a pull request. @NAME is a section.
func (p *playing) comment(who *githubsim.Person, w []string) error {
	n, err := number(w[0])
	if err != nil {
		return err
	}
	text, err := p.text(w[1])
	if err != nil {
		return err
	}
	id, err := who.Comment(p.ctx, p.repo, n, text)
	p.said[w[0]] = append(p.said[w[0]], id)
	return err
}

// recomment NUMBER TEXT: edit the last comment that a person made there.
func (p *playing) recomment(who *githubsim.Person, w []string) error {
	ids := p.said[w[0]]
	if len(ids) == 0 {
		return fmt.Errorf("nobody commented on %s", w[0])
	}
	text, err := p.text(w[1])
	if err != nil {
		return err
	}
	return who.EditComment(p.ctx, p.repo, ids[len(ids)-1], text)
}

// milestone NUMBER TITLE: make a milestone and put an issue or pull request into it.
func (p *playing) milestone(who *githubsim.Person, w []string) error {
	var made struct{ Number int }
	if err := who.Do(p.ctx, http.MethodPost, "/repos/"+p.repo+"/milestones", map[string]any{"title": w[1]}, &made); err != nil {
		return err
	}
	return p.aboutNumber(w[0], func(ctx context.Context, repo string, number int) error {
		return who.EditIssue(ctx, repo, number, map[string]any{"milestone": made.Number})
	})
}

// erase NUMBER: delete the bot's status comment.
func (p *playing) erase(who *githubsim.Person, w []string) error {
	list, err := p.commentsOn(w[0])
	if err != nil {
		return err
	}
	for _, c := range list {
		if (remark{body: c.Body}).kind() == "status" && c.User.Login == appSlug+"[bot]" {
			return who.DeleteComment(p.ctx, p.repo, c.ID)
		}
	}
	return fmt.Errorf("there is no status comment on %s", w[0])
}

// text is a word of the story, or with @ the section of that name.
func (p *playing) text(word string) (string, error) {
	if name, ok := strings.CutPrefix(word, "@"); ok {
		return p.section(name)
	}
	return p.named(word), nil
}

// inBraces is a commit that stands in a text by one of its names: "{main~1}".
var inBraces = regexp.MustCompile(`\{[^{}]+\}`)

// named puts the short id of each commit in place of its name in braces. What is no
// commit stays.
func (p *playing) named(text string) string {
	return inBraces.ReplaceAllStringFunc(text, func(name string) string {
		id, err := p.git("rev-parse", "--verify", "--quiet", strings.Trim(name, "{}")+"^{commit}")
		if err != nil {
			return name
		}
		return hotfix.OID(id).Short()
	})
}

// label NUMBER NAME.
func (p *playing) label(who *githubsim.Person, w []string) error {
	n, err := number(w[0])
	if err != nil {
		return err
	}
	return who.Label(p.ctx, p.repo, n, w[1])
}

// unlabel NUMBER NAME.
func (p *playing) unlabel(who *githubsim.Person, w []string) error {
	n, err := number(w[0])
	if err != nil {
		return err
	}
	return who.Unlabel(p.ctx, p.repo, n, w[1])
}

// permit LOGIN pull|triage|push|maintain|admin.
func (p *playing) permit(who *githubsim.Person, w []string) error {
	return who.SetPermission(p.ctx, p.repo, w[0], w[1])
}

// dismiss LOGIN: no collaborator any more.
func (p *playing) dismiss(who *githubsim.Person, w []string) error {
	return who.Do(p.ctx, http.MethodDelete, "/repos/"+p.repo+"/collaborators/"+w[0], nil, nil)
}

// set KEY VALUE: a setting of the repository.
func (p *playing) set(who *githubsim.Person, w []string) error {
	var value any = w[1]
	switch w[1] {
	case "true", "false":
		value = w[1] == "true"
	}
	return who.Edit(p.ctx, p.repo, map[string]any{w[0]: value})
}

// rename NAME: the repository.
func (p *playing) rename(who *githubsim.Person, w []string) error {
	if err := who.Edit(p.ctx, p.repo, map[string]any{"name": w[0]}); err != nil {
		return err
	}
	p.repo = "acme/" + w[0]
	return nil
}

// unrelease TAG: delete the release of a tag.
func (p *playing) unrelease(who *githubsim.Person, w []string) error {
	var release struct{ ID int64 }
	if err := who.Do(p.ctx, http.MethodGet, "/repos/"+p.repo+"/releases/tags/"+w[0], nil, &release); err != nil {
		return err
	}
	return who.Do(p.ctx, http.MethodDelete, fmt.Sprintf("/repos/%s/releases/%d", p.repo, release.ID), nil, nil)
}
