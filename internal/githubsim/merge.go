package githubsim

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// mergeOrder is how a pull request shall be merged.
type mergeOrder struct {
	Method  string  `json:"merge_method"` // "merge", "squash" or "rebase"
	SHA     string  `json:"sha"`          // the head must be this; "" = any
	Title   *string `json:"commit_title"`
	Message *string `json:"commit_message"`
}

// merge merges a pull request and gives the commit that it ends in.
func (g *GitHub) merge(ctx context.Context, by Actor, p *Pull, o mergeOrder) (string, error) {
	if o.Method == "" {
		o.Method = "merge"
	}
	if err := g.mayMerge(by, p, o); err != nil {
		return "", err
	}
	git := p.Repo().git
	base, err := git.branch(p.BaseRef)
	if err != nil {
		return "", refuse(405, "Base branch was modified. Review and try the merge again.")
	}
	sha, err := g.mergeCommit(ctx, by, p, o, base)
	if errors.Is(err, errConflict) && o.Method == "rebase" {
		return "", refuse(405, "This branch can't be rebased")
	}
	if errors.Is(err, errConflict) {
		return "", refuse(405, "Pull Request is not mergeable")
	}
	if err != nil {
		return "", err
	}
	ch := refChange{Ref: "refs/heads/" + p.BaseRef, Old: base, New: sha}
	if err := g.mergeAllowed(ctx, by, p, ch); err != nil {
		return "", err
	}
	p.BaseSHA = base
	if err := git.updateRefs(ctx, ch); err != nil {
		return "", refuse(405, "Base branch was modified. Review and try the merge again.")
	}
	g.markMerged(by, p, sha)
	if err := g.refsChanged(ctx, by, p.Repo(), []refChange{ch}); err != nil {
		return "", err
	}
	return sha, g.deleteMergedHead(ctx, by, p)
}

// mayMerge refuses what needs no git to be refused.
func (g *GitHub) mayMerge(by Actor, p *Pull, o mergeOrder) error {
	s := p.Repo().Settings
	allowed := map[string]bool{"merge": s.AllowMergeCommit, "squash": s.AllowSquashMerge, "rebase": s.AllowRebaseMerge}
	words := map[string]string{"merge": "Merge commits are", "squash": "Squash merges are", "rebase": "Rebase merges are"}
	switch {
	case p.Merged:
		return refuse(405, "Pull Request is not mergeable")
	case p.Issue.Closed:
		return refuse(405, "Pull Request is closed")
	case p.Draft:
		return refuse(405, "Pull Request is still a draft")
	case words[o.Method] == "":
		return invalid("PullRequest", "merge_method", "invalid")
	case !allowed[o.Method]:
		return refuse(405, "%s not allowed on this repository.", words[o.Method])
	case o.SHA != "" && o.SHA != p.HeadSHA:
		return refuse(409, "Head branch was modified. Review and try the merge again.")
	}
	return nil
}

// mergeAllowed asks the rules of the base branch. Required checks look at the head; a rule
// that wants pull requests is content with this one.
func (g *GitHub) mergeAllowed(ctx context.Context, by Actor, p *Pull, ch refChange) error {
	var broken []violation
	for _, rule := range p.Repo().rulesFor(by, ch.Ref) {
		text, err := "", error(nil)
		switch rule.Type {
		case "pull_request":
		case "required_status_checks":
			text = missingChecks(p.Repo(), p.HeadSHA, rule.Rule)
		default:
			text, err = g.breaks(ctx, p.Repo(), p.Repo().git, ch, rule.Rule)
		}
		if err != nil {
			return err
		}
		if text != "" {
			broken = append(broken, violation{rule: rule.Rule, text: text})
		}
	}
	if len(broken) > 0 {
		return ruleRefusal(405, broken)
	}
	return nil
}

// mergeCommit makes the commits of a merge without moving anything.
func (g *GitHub) mergeCommit(ctx context.Context, by Actor, p *Pull, o mergeOrder, base string) (string, error) {
	git := p.Repo().git
	merger, opener, flow := g.person(by.User), g.person(p.Issue.User), g.webFlow()
	if g.still {
		head, err := git.commit(p.HeadSHA)
		if err != nil {
			return "", err
		}
		merger.When, opener.When, flow.When = head.Committer.When, head.Committer.When, head.Committer.When
	}
	if o.Method == "rebase" {
		return git.rebase(ctx, base, p.HeadSHA, merger)
	}
	tree, err := git.mergeTree(ctx, base, p.HeadSHA)
	if err != nil {
		return "", err
	}
	c := commit{Tree: tree, Parents: []string{base, p.HeadSHA}, Author: merger, Committer: flow}
	title, message := g.mergeWords(p)
	if o.Method == "squash" {
		c.Parents, c.Author = []string{base}, opener
		if title, message, err = g.squashWords(p); err != nil {
			return "", err
		}
	}
	if o.Title != nil && *o.Title != "" {
		title = *o.Title
	}
	if o.Message != nil {
		message = *o.Message
	}
	c.Message = strings.TrimRight(title+"\n\n"+strings.ReplaceAll(message, "\r\n", "\n"), "\n")
	return git.writeCommit(c)
}

// mergeWords is the default message of a merge commit.
func (g *GitHub) mergeWords(p *Pull) (title, message string) {
	s := p.Repo().Settings
	title = fmt.Sprintf("Merge pull request #%d from %s/%s", p.Number(), p.HeadOwner.Login, p.HeadRef)
	if s.MergeTitle == "PR_TITLE" {
		title = fmt.Sprintf("%s (#%d)", p.Issue.Title, p.Number())
	}
	switch s.MergeMessage {
	case "PR_BODY":
		message = p.Issue.Body
	case "PR_TITLE":
		message = p.Issue.Title
	}
	return title, message
}

// squashWords is the default message of a squashed commit: a lone commit's own, else title
// and number above the list of messages, with the other authors as co-authors.
func (g *GitHub) squashWords(p *Pull) (title, message string, err error) {
	s := p.Repo().Settings
	list, err := p.Repo().git.commits(g.pullCommits(p))
	if err != nil {
		return "", "", err
	}
	title = fmt.Sprintf("%s (#%d)", p.Issue.Title, p.Number())
	if s.SquashTitle == "COMMIT_OR_PR_TITLE" && len(list) == 1 {
		title = fmt.Sprintf("%s (#%d)", list[0].subject(), p.Number())
	}
	switch {
	case s.SquashMessage == "PR_BODY":
		message = p.Issue.Body
	case s.SquashMessage == "COMMIT_MESSAGES" && len(list) == 1:
		message = list[0].body()
	case s.SquashMessage == "COMMIT_MESSAGES":
		message = bulletList(list)
	}
	return title, withCoAuthors(message, list, g.person(p.Issue.User)), nil
}

// bulletList is the list of messages in a squashed commit.
func bulletList(list []commit) string {
	var parts []string
	for _, c := range list {
		if len(c.Parents) > 1 {
			continue
		}
		text := "* " + c.subject()
		if c.body() != "" {
			text += "\n\n" + c.body()
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "\n\n")
}

// withCoAuthors adds a trailer for each author other than the pull request's.
func withCoAuthors(message string, list []commit, author ident) string {
	seen := map[string]bool{strings.ToLower(author.Email): true}
	var trailers []string
	for _, c := range list {
		if key := strings.ToLower(c.Author.Email); !seen[key] {
			seen[key] = true
			trailers = append(trailers, fmt.Sprintf("Co-authored-by: %s <%s>", c.Author.Name, c.Author.Email))
		}
	}
	if len(trailers) == 0 {
		return message
	}
	if len(list) > 1 && message != "" {
		message += "\n\n---------"
	}
	return strings.TrimLeft(message+"\n\n"+strings.Join(trailers, "\n"), "\n")
}

// deleteMergedHead deletes the head branch where the repository's setting says so.
func (g *GitHub) deleteMergedHead(ctx context.Context, by Actor, p *Pull) error {
	r := p.HeadRepo
	if !p.Repo().Settings.DeleteBranchOnMerge || r != p.Repo() || p.HeadRef == r.DefaultBranch {
		return nil
	}
	tip, err := r.git.branch(p.HeadRef)
	if missing(err) {
		return nil // somebody was faster
	}
	if err != nil {
		return err
	}
	g.record(by, p.Issue, "head_ref_deleted")
	return g.moveRefs(ctx, by, r, refChange{Ref: "refs/heads/" + p.HeadRef, Old: tip, New: zeroSHA})
}
