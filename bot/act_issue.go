package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/render"
)

func (r *run) addLabel(ctx context.Context, a hotfix.AddLabel) error {
	if err := r.AddLabels(ctx, a.Number, a.Label); err != nil {
		return err
	}
	for i := range r.snap.Requests {
		if on := r.snap.Requests[i].On; on != nil && on.Number == a.Number {
			on.Labels = append(on.Labels, a.Label)
		}
	}
	for i := range r.snap.Hotfixes {
		h := &r.snap.Hotfixes[i]
		if h.Pull.Number == a.Number {
			h.Pull.Labels = append(h.Pull.Labels, a.Label)
		}
		if h.Issue != nil && h.Issue.Number == a.Number {
			h.Issue.Labels = append(h.Issue.Labels, a.Label)
		}
	}
	return nil
}

func (r *run) openIssue(ctx context.Context, a hotfix.OpenIssue) error {
	h := r.snap.Find(a.Pull)
	landing, _ := r.snap.Config.Environments.Landing()
	label := r.snap.Config.Hotfix.Label
	if err := r.MakeLabels(ctx, label); err != nil {
		return err
	}
	return r.once(ctx, a.Key(), func() error {
		issue, err := r.OpenIssue(ctx, render.IssueTitle(h.Pull), render.IssueBody(h.Pull, landing), []string{label})
		if err != nil {
			return err
		}
		h.Issue = &issue
		return r.ledger.Remember(ctx, r.About().ID, openedFact(a.Pull), issue.Number)
	})
}

// setIssue closes or reopens an issue. Its state is read again first: a person
// may have acted since it was observed.
func (r *run) setIssue(ctx context.Context, a hotfix.SetIssue) error {
	now, err := r.Issue(ctx, a.Number)
	if err != nil {
		return fmt.Errorf("read issue #%d again: %w", a.Number, err)
	}
	for i := range r.snap.Hotfixes {
		h := &r.snap.Hotfixes[i]
		if h.Issue == nil || h.Issue.Number != a.Number {
			continue
		}
		if len(now.Turns) != len(h.Issue.Turns) {
			return &hotfix.Moved{Ref: fmt.Sprintf("the state of issue #%d", a.Number)}
		}
	}
	if now.Open != a.Open {
		if err := r.SetIssueOpen(ctx, a.Number, a.Open); err != nil {
			return err
		}
	}
	turn := hotfix.Turn{At: r.now(), Closed: !a.Open, By: r.Bot().Login(), ByBot: true}
	for i := range r.snap.Hotfixes {
		if h := &r.snap.Hotfixes[i]; h.Issue != nil && h.Issue.Number == a.Number {
			issue := *h.Issue
			issue.Open, issue.Turns = a.Open, append(issue.Turns[:len(issue.Turns):len(issue.Turns)], turn)
			h.Issue = &issue
		}
	}
	return nil
}

func (r *run) react(ctx context.Context, a hotfix.React) error {
	if err := r.React(ctx, a.Comment, a.Content); err != nil {
		return err
	}
	for i := range r.snap.Requests {
		if r.snap.Requests[i].Comment.ID != a.Comment {
			continue
		}
		if a.Content == ReactionRefused {
			r.dropRequest(hotfix.Answer{To: a.Comment})
		} else {
			r.snap.Requests[i].Seen = true
		}
		break
	}
	return nil
}

func (r *run) reply(ctx context.Context, a hotfix.Reply) error {
	comment, err := r.say(ctx, a.Key(), a.Answer.Issue, a.Body)
	if err == nil {
		a.Answer.Reply = comment.ID
		r.snap.Answers = withAnswer(r.snap.Answers, a.Answer)
		r.dropRequest(a.Answer)
		err = r.answerPress(ctx, a.Answer.Press, a.Answer.Response())
	}
	for i := 0; i < len(r.snap.Hotfixes) && err == nil; i++ {
		err = r.recarry(ctx, &r.snap.Hotfixes[i], a.Answer)
	}
	return err
}

// ignorePress drops the press of somebody without the permission, as 😕 does for a
// comment.
func (r *run) ignorePress(ctx context.Context, a hotfix.IgnorePress) error {
	r.dropRequest(hotfix.Answer{Press: a.ID})
	return r.answerPress(ctx, a.ID, hotfix.Response{Refused: true, Said: a.Why})
}

// answerPress notes that a press was answered; GitHub has no place for that.
func (r *run) answerPress(ctx context.Context, id string, response hotfix.Response) error {
	if id == "" {
		return nil
	}
	if err := r.ledger.AnswerPress(ctx, r.About().ID, id, response); err != nil {
		return fmt.Errorf("note that a press was answered: %w", err)
	}
	return nil
}

// dropRequest drops the request that was answered.
func (r *run) dropRequest(answered hotfix.Answer) {
	r.snap.Requests = slices.DeleteFunc(r.snap.Requests, func(request hotfix.Request) bool {
		return request.Comment.ID == answered.To && request.Press == answered.Press
	})
}
