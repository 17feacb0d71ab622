package githubsim

import (
	"encoding/base64"
	"strings"
	"time"
)

// contentChange is the body of PUT and DELETE contents.
type contentChange struct {
	Message   string     `json:"message"`
	Content   *string    `json:"content"`
	SHA       string     `json:"sha"`
	Branch    string     `json:"branch"`
	Author    *givenName `json:"author"`
	Committer *givenName `json:"committer"`
}

// givenName is a person in a request.
type givenName struct {
	Name  string     `json:"name"`
	Email string     `json:"email"`
	Date  *time.Time `json:"date"`
}

// or takes the given person, or who it is otherwise.
func (n *givenName) or(who ident) ident {
	if n == nil {
		return who
	}
	given := ident{Name: n.Name, Email: n.Email, When: who.When}
	if given.Name == "" {
		given.Name = who.Name
	}
	if given.Email == "" {
		given.Email = who.Email
	}
	if n.Date != nil {
		given.When = *n.Date
	}
	return given
}

// changePlace is the branch and what is at the path there now.
type changePlace struct {
	branch string
	tip    commit // zero for the first commit of an empty repository
	path   string
	entry  *treeEntry
}

// beginChange reads the request and finds its place.
func (c *call) beginChange() (in contentChange, at changePlace, err error) {
	if err = c.decode(&in); err != nil {
		return in, at, err
	}
	at.branch, at.path = in.Branch, strings.Trim(c.param("path"), "/")
	if at.branch == "" {
		at.branch = c.repo.DefaultBranch
	}
	if in.Message == "" {
		return in, at, refuse(422, "Invalid request.\n\n\"message\" wasn't supplied.")
	}
	for _, part := range strings.Split(at.path, "/") {
		if part == "" || part == "." || part == ".." || strings.EqualFold(part, ".git") {
			return in, at, refuse(422, "path contains a malformed path component")
		}
	}
	at.tip, err = c.repo.git.commit("refs/heads/" + at.branch)
	if missing(err) {
		if at.branch == c.repo.DefaultBranch {
			return in, at, nil
		}
		return in, at, refuse(404, "Branch %s not found", at.branch)
	}
	if err != nil {
		return in, at, err
	}
	e, err := c.repo.git.at(at.tip.Tree, at.path)
	if err == nil {
		at.entry = &e
	} else if missing(err) {
		err = nil
	}
	return in, at, err
}

// finishChange commits an entry (nil removes) and moves the branch.
func (c *call) finishChange(in contentChange, at changePlace, entry *treeEntry) (commit, error) {
	git := c.repo.git
	tree, err := git.editTree(at.tip.Tree, map[string]*treeEntry{at.path: entry})
	if err != nil {
		return commit{}, err
	}
	author := in.Author.or(in.Committer.or(c.person(c.actor.User)))
	next := commit{Tree: tree, Author: author, Committer: c.webFlow(), Message: in.Message}
	if in.Committer != nil {
		next.Committer = in.Committer.or(author)
	}
	ch := refChange{Ref: "refs/heads/" + at.branch, Old: zeroSHA}
	if at.tip.SHA != "" {
		next.Parents, ch.Old = []string{at.tip.SHA}, at.tip.SHA
	}
	if ch.New, err = git.writeCommit(next); err != nil {
		return commit{}, err
	}
	if err := c.mayMove(ch, 409); err != nil {
		return commit{}, err
	}
	if err := c.moveRefs(c.ctx, c.actor, c.repo, ch); err != nil {
		return commit{}, err
	}
	return git.commit(ch.New)
}

// mayMove asks the rules and the workflow permission before a ref moves by REST.
func (c *call) mayMove(ch refChange, status int) error {
	broken, err := c.brokenRules(c.ctx, c.actor, c.repo, c.repo.git, ch)
	if err != nil {
		return err
	}
	if len(broken) > 0 {
		return ruleRefusal(status, broken)
	}
	reason, err := workflowRefusal(c.ctx, c.token, c.repo.git, ch)
	if err == nil && reason != "" {
		return refuse(403, "%s", reason)
	}
	return err
}

func (c *call) putContent() (answer, error) {
	in, at, err := c.beginChange()
	if err != nil {
		return answer{}, err
	}
	if in.Content == nil {
		return answer{}, refuse(422, "Invalid request.\n\n\"content\" wasn't supplied.")
	}
	data, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(*in.Content, "\n", ""))
	if err != nil {
		return answer{}, refuse(422, "content is not valid Base64")
	}
	if err := checkBlob(at, in.SHA); err != nil {
		return answer{}, err
	}
	blob, err := c.repo.git.write("blob", data)
	if err != nil {
		return answer{}, err
	}
	entry := &treeEntry{Mode: modeFile, SHA: blob}
	status := 201
	if at.entry != nil {
		entry.Mode, status = at.entry.Mode, 200
	}
	made, err := c.finishChange(in, at, entry)
	if err != nil {
		return answer{}, err
	}
	file, err := c.wireContent(*entry, at.path, at.branch)
	return answer{status: status, body: object{"content": file, "commit": c.wireGitCommit(c.repo, made)}}, err
}

// checkBlob compares the blob that the caller saw with the one that is there.
func checkBlob(at changePlace, sha string) error {
	switch {
	case at.entry == nil && sha != "":
		return refuse(409, "%s does not match %s", at.path, sha)
	case at.entry != nil && at.entry.Mode == modeDir:
		return refuse(422, "%s is a directory", at.path)
	case at.entry != nil && sha == "":
		return refuse(422, "Invalid request.\n\n\"sha\" wasn't supplied.")
	case at.entry != nil && sha != at.entry.SHA:
		return refuse(409, "%s does not match %s", at.path, sha)
	}
	return nil
}

func (c *call) deleteContent() (answer, error) {
	in, at, err := c.beginChange()
	if err != nil {
		return answer{}, err
	}
	if at.entry == nil {
		return answer{}, errNotFound
	}
	if err := checkBlob(at, in.SHA); err != nil {
		return answer{}, err
	}
	made, err := c.finishChange(in, at, nil)
	if err != nil {
		return answer{}, err
	}
	return ok(object{"content": nil, "commit": c.wireGitCommit(c.repo, made)}), nil
}
