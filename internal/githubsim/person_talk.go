package githubsim

import (
	"context"
	"fmt"
	"net/http"
)

// NewPull is a pull request to be opened.
type NewPull struct {
	Title string
	Body  string
	Head  string // "branch" or "owner:branch"
	Base  string
	Draft bool
}

// OpenPull opens a pull request and gives its number.
func (p *Person) OpenPull(ctx context.Context, repo string, n NewPull) (int, error) {
	made, err := p.make(ctx, object{"title": n.Title, "body": n.Body, "head": n.Head, "base": n.Base, "draft": n.Draft}, "/repos/%s/pulls", repo)
	return made.Number, err
}

// Merge merges a pull request by "merge", "squash" or "rebase" and gives the commit that it
// ends in.
func (p *Person) Merge(ctx context.Context, repo string, number int, method string) (string, error) {
	var out numbered
	err := p.Do(ctx, http.MethodPut, fmt.Sprintf("/repos/%s/pulls/%d/merge", repo, number), object{"merge_method": method}, &out)
	return out.SHA, err
}

// EditPull changes a pull request: "title", "body", "base", "state".
func (p *Person) EditPull(ctx context.Context, repo string, number int, fields map[string]any) error {
	return p.change(ctx, fields, "/repos/%s/pulls/%d", repo, number)
}

// ClosePull closes a pull request without merging it.
func (p *Person) ClosePull(ctx context.Context, repo string, number int) error {
	return p.EditPull(ctx, repo, number, map[string]any{"state": "closed"})
}

// ReopenPull opens a closed pull request again.
func (p *Person) ReopenPull(ctx context.Context, repo string, number int) error {
	return p.EditPull(ctx, repo, number, map[string]any{"state": "open"})
}

// Ready marks a draft as ready for review, which only GraphQL can.
func (p *Person) Ready(ctx context.Context, repo string, number int) error {
	return p.mutate(ctx, repo, number, `mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } } }`)
}

// CallOff tells a pull request not to merge by itself any more, which only GraphQL can.
func (p *Person) CallOff(ctx context.Context, repo string, number int) error {
	return p.mutate(ctx, repo, number, `mutation($id: ID!) { disablePullRequestAutoMerge(input: {pullRequestId: $id}) { pullRequest { number } } }`)
}

// mutate changes a pull request by a mutation of GraphQL that takes its id.
func (p *Person) mutate(ctx context.Context, repo string, number int, mutation string) error {
	var pull numbered
	if err := p.Do(ctx, http.MethodGet, fmt.Sprintf("/repos/%s/pulls/%d", repo, number), nil, &pull); err != nil {
		return err
	}
	var out struct {
		Errors []struct {
			Message string `json:"message"`
		} `json:"errors"`
	}
	query := object{
		"query":     mutation,
		"variables": object{"id": pull.NodeID},
	}
	if err := p.Do(ctx, http.MethodPost, "/graphql", query, &out); err != nil {
		return err
	}
	if len(out.Errors) > 0 {
		return &Refused{Status: http.StatusOK, Message: out.Errors[0].Message}
	}
	return nil
}

// Approve submits an approving review.
func (p *Person) Approve(ctx context.Context, repo string, number int) error {
	return p.Review(ctx, repo, number, "APPROVE", "")
}

// Review submits a review: "APPROVE", "REQUEST_CHANGES" or "COMMENT".
func (p *Person) Review(ctx context.Context, repo string, number int, event, body string) error {
	in := object{"event": event}
	if body != "" {
		in["body"] = body
	}
	_, err := p.make(ctx, in, "/repos/%s/pulls/%d/reviews", repo, number)
	return err
}

// RequestReview asks people for a review.
func (p *Person) RequestReview(ctx context.Context, repo string, number int, logins ...string) error {
	_, err := p.make(ctx, object{"reviewers": logins}, "/repos/%s/pulls/%d/requested_reviewers", repo, number)
	return err
}

// OpenIssue opens an issue and gives its number.
func (p *Person) OpenIssue(ctx context.Context, repo, title, body string) (int, error) {
	made, err := p.make(ctx, object{"title": title, "body": body}, "/repos/%s/issues", repo)
	return made.Number, err
}

// EditIssue changes an issue: "title", "body", "state", "state_reason", "labels",
// "assignees", "milestone".
func (p *Person) EditIssue(ctx context.Context, repo string, number int, fields map[string]any) error {
	return p.change(ctx, fields, "/repos/%s/issues/%d", repo, number)
}

// CloseIssue closes an issue as completed.
func (p *Person) CloseIssue(ctx context.Context, repo string, number int) error {
	return p.EditIssue(ctx, repo, number, map[string]any{"state": "closed"})
}

// ReopenIssue opens a closed issue again.
func (p *Person) ReopenIssue(ctx context.Context, repo string, number int) error {
	return p.EditIssue(ctx, repo, number, map[string]any{"state": "open"})
}

// Comment comments on an issue or a pull request and gives the comment's id.
func (p *Person) Comment(ctx context.Context, repo string, number int, body string) (int64, error) {
	made, err := p.make(ctx, object{"body": body}, "/repos/%s/issues/%d/comments", repo, number)
	return made.ID, err
}

// EditComment changes a comment.
func (p *Person) EditComment(ctx context.Context, repo string, comment int64, body string) error {
	return p.change(ctx, object{"body": body}, "/repos/%s/issues/comments/%d", repo, comment)
}

// DeleteComment deletes a comment.
func (p *Person) DeleteComment(ctx context.Context, repo string, comment int64) error {
	return p.Do(ctx, http.MethodDelete, fmt.Sprintf("/repos/%s/issues/comments/%d", repo, comment), nil, nil)
}

// React leaves a reaction ("+1", "eyes", …) on a comment.
func (p *Person) React(ctx context.Context, repo string, comment int64, content string) error {
	_, err := p.make(ctx, object{"content": content}, "/repos/%s/issues/comments/%d/reactions", repo, comment)
	return err
}

// Label puts labels on an issue or a pull request.
func (p *Person) Label(ctx context.Context, repo string, number int, labels ...string) error {
	path := fmt.Sprintf("/repos/%s/issues/%d/labels", repo, number)
	return p.Do(ctx, http.MethodPost, path, object{"labels": labels}, nil)
}

// Unlabel takes a label off.
func (p *Person) Unlabel(ctx context.Context, repo string, number int, label string) error {
	path := fmt.Sprintf("/repos/%s/issues/%d/labels/%s", repo, number, escapeName(label))
	return p.Do(ctx, http.MethodDelete, path, nil, nil)
}
