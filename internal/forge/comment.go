package forge

import (
	"context"
	"path"
	"strconv"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// Comments lists the comments of all issues and pull requests that were updated
// at or after a time, in the order in which they were written.
func (r *Repo) Comments(ctx context.Context, since time.Time) ([]hotfix.Comment, error) {
	options := github.IssueListCommentsOptions{Sort: github.String("created"), Direction: github.String("asc")}
	if !since.IsZero() {
		since = since.UTC()
		options.Since = &since
	}
	list, err := pages(func(page github.ListOptions) ([]*github.IssueComment, *github.Response, error) {
		options.ListOptions = page
		return r.client.Issues.ListComments(ctx, r.about.Owner, r.about.Name, 0, &options)
	})
	if err != nil {
		return nil, reading("the comments", needsIssues).fate(err)
	}
	comments := make([]hotfix.Comment, 0, len(list))
	for _, c := range list {
		comments = append(comments, r.comment(c))
	}
	return comments, nil
}

// Comment writes a comment on an issue or pull request.
func (r *Repo) Comment(ctx context.Context, issue int, body string) (hotfix.Comment, error) {
	if naming.FindMarker(body, naming.KindReply, &hotfix.Answer{}) {
		ctx = withRank(ctx, rankPeople)
	}
	c, _, err := r.client.Issues.CreateComment(ctx, r.about.Owner, r.about.Name, issue, &github.IssueComment{Body: &body})
	if err != nil {
		return hotfix.Comment{}, writing("commenting on "+numbered(issue), numbered(issue), needsIssues).fate(err)
	}
	return r.comment(c), nil
}

// EditComment changes the text of a comment.
func (r *Repo) EditComment(ctx context.Context, id int64, body string) error {
	_, _, err := r.client.Issues.EditComment(ctx, r.about.Owner, r.about.Name, id, &github.IssueComment{Body: &body})
	return writing("editing "+commentNamed(id), commentNamed(id), needsIssues).fate(err)
}

// Reactions lists the contents of the App's own reactions on a comment.
func (r *Repo) Reactions(ctx context.Context, comment int64) ([]string, error) {
	list, err := pages(func(page github.ListOptions) ([]*github.Reaction, *github.Response, error) {
		return r.client.Reactions.ListIssueCommentReactions(ctx, r.about.Owner, r.about.Name, comment, &page)
	})
	if err != nil {
		thing := commentNamed(comment)
		return nil, act{doing: "reading the reactions on " + thing, thing: thing, needs: needsIssues + ": read"}.fate(err)
	}
	var contents []string
	for _, reaction := range list {
		if r.byBot(reaction.GetUser()) {
			contents = append(contents, reaction.GetContent())
		}
	}
	return contents, nil
}

// React reacts to a comment, "eyes" or "confused". GitHub keeps one reaction of
// each kind per account.
func (r *Repo) React(ctx context.Context, comment int64, content string) error {
	_, _, err := r.client.Reactions.CreateIssueCommentReaction(withRank(ctx, rankPeople), r.about.Owner, r.about.Name, comment, content)
	return writing("reacting to "+commentNamed(comment), commentNamed(comment), needsIssues).fate(err)
}

func (r *Repo) comment(c *github.IssueComment) hotfix.Comment {
	// The API names the issue of a comment by its url alone.
	issue, _ := strconv.Atoi(path.Base(c.GetIssueURL()))
	return hotfix.Comment{
		ID: c.GetID(), Issue: issue, Body: c.GetBody(), URL: c.GetHTMLURL(),
		Author: c.GetUser().GetLogin(), ByBot: r.byBot(c.GetUser()), Machine: c.GetUser().GetType() == "Bot",
		CreatedAt: c.GetCreatedAt().Time, Edited: !c.GetUpdatedAt().Equal(c.GetCreatedAt()),
		Confused: c.GetReactions().GetConfused(), Eyes: c.GetReactions().GetEyes(),
	}
}

func commentNamed(id int64) string { return "comment " + strconv.FormatInt(id, 10) }
