package githubsim

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

func commitRoutes() []route {
	return []route{
		{"GET", "/repos/:owner/:repo/commits", reads("contents"), (*call).listCommits},
		{"GET", "/repos/:owner/:repo/commits/*ref", reads("contents"), (*call).getCommit},
		{"GET", "/repos/:owner/:repo/commits/*ref/pulls", reads("pull_requests"), (*call).listPullsOfCommit},
		{"GET", "/repos/:owner/:repo/compare/*basehead", reads("contents"), (*call).compare},
		{"POST", "/repos/:owner/:repo/merges", writes(RoleWrite, "contents"), (*call).mergeBranches},
	}
}

// logArgs turns the filters of a commit list into arguments of git rev-list.
func (c *call) logArgs(from string) []string {
	args := []string{from}
	for param, option := range map[string]string{"since": "--since=", "until": "--until=", "author": "--author="} {
		if v := c.query.Get(param); v != "" {
			if param == "author" {
				if u := c.user(v); u != nil {
					v = u.Email
				}
				args = append(args, "--fixed-strings")
			}
			args = append(args, option+v)
		}
	}
	if p := c.query.Get("path"); p != "" {
		args = append(args, "--", p)
	}
	return args
}

func (c *call) listCommits() (answer, error) {
	name := c.query.Get("sha")
	if name == "" {
		name = c.repo.DefaultBranch
	}
	tip, err := c.repo.git.resolve(name)
	if missing(err) && c.query.Get("sha") == "" {
		return answer{}, errEmptyRepo
	}
	if err != nil {
		return answer{}, err
	}
	args := c.logArgs(tip.SHA)
	count, err := c.repo.git.log(c.ctx, append([]string{"--count"}, args...)...)
	if err != nil {
		return answer{}, err
	}
	n, _ := strconv.Atoi(count[0])
	from, to, link := c.bounds(n)
	shas, err := c.repo.git.log(c.ctx, append([]string{fmt.Sprintf("--skip=%d", from), fmt.Sprintf("--max-count=%d", to-from)}, args...)...)
	if err != nil {
		return answer{}, err
	}
	commits, err := c.repo.git.commits(shas)
	if err != nil {
		return answer{}, err
	}
	out := wireAll(commits, func(x commit) object { return c.wireCommit(c.repo, x) })
	return answer{status: http.StatusOK, body: out, header: link}, nil
}

// wants tells whether the caller asked for another form: "diff", "patch" or "sha".
func (c *call) wants(form string) bool {
	accept := c.req.Header.Get("Accept")
	return strings.Contains(accept, "application/vnd.github."+form) ||
		strings.Contains(accept, "application/vnd.github.v3."+form)
}

// plainDiff answers a diff as text.
func (c *call) plainDiff(from, to string) (answer, error) {
	out, err := c.repo.git.run(c.ctx, "diff-tree", "-r", "-M", "-p", "--full-index", from, to)
	return answer{status: 200, kind: "application/vnd.github.v3.diff; charset=utf-8", body: []byte(out)}, err
}

func (c *call) getCommit() (answer, error) {
	x, err := c.repo.git.resolve(c.rest("ref"))
	if missing(err) {
		return answer{}, refuse(422, "No commit found for SHA: %s", c.rest("ref"))
	}
	if err != nil {
		return answer{}, err
	}
	if c.wants("sha") {
		return answer{status: 200, kind: "application/vnd.github.v3.sha; charset=utf-8", body: []byte(x.SHA)}, nil
	}
	if c.wants("diff") && len(x.Parents) > 0 {
		return c.plainDiff(x.Parents[0], x.SHA)
	}
	files, err := c.repo.git.diffCommit(c.ctx, x)
	if err != nil {
		return answer{}, err
	}
	o, added, deleted := c.wireCommit(c.repo, x), 0, 0
	for _, f := range files {
		added, deleted = added+f.Added, deleted+f.Deleted
	}
	o["stats"] = object{"additions": added, "deletions": deleted, "total": added + deleted}
	page, per := c.paging(300)
	from, to := min(len(files), (page-1)*per), min(len(files), page*per)
	o["files"] = wireAll(files[from:to], func(f fileChange) object { return c.wireFile(c.repo, f, x.SHA) })
	return answer{status: 200, body: o, header: c.links(page, (len(files)+per-1)/per)}, nil
}

// listPullsOfCommit lists the pull requests that brought a commit to where it is; off the
// default branch the open ones too.
func (c *call) listPullsOfCommit() (answer, error) {
	git := c.repo.git
	x, err := git.resolve(c.rest("ref"))
	if missing(err) {
		return answer{}, refuse(422, "No commit found for SHA: %s", c.rest("ref"))
	}
	if err != nil {
		return answer{}, err
	}
	onDefault := false
	if tip, err := git.branch(c.repo.DefaultBranch); err == nil {
		if onDefault, err = git.isAncestor(c.ctx, x.SHA, tip); err != nil {
			return answer{}, err
		}
	}
	var pulls []*Pull
	for _, i := range c.repo.Issues {
		if i == nil || i.Pull == nil || !i.Pull.Merged && (onDefault || i.Closed) {
			continue
		}
		in, err := c.brings(i.Pull, x.SHA)
		if err != nil {
			return answer{}, err
		}
		if in {
			pulls = append(pulls, i.Pull)
		}
	}
	return list(c, pulls, c.wirePullSimple), nil
}

// brings tells whether a commit is one of a pull request's own or of what its merge made.
func (c *call) brings(p *Pull, sha string) (bool, error) {
	for _, own := range c.pullCommits(p) {
		if own == sha {
			return true, nil
		}
	}
	if !p.Merged {
		return false, nil
	}
	after, err := c.repo.git.isAncestor(c.ctx, sha, p.MergeCommitSHA)
	if err != nil || !after {
		return false, err
	}
	before, err := c.repo.git.isAncestor(c.ctx, sha, p.BaseSHA)
	return !before, err
}

// mergeBranches is POST merges: one branch into another, without a pull request.
func (c *call) mergeBranches() (answer, error) {
	var in struct {
		Base    string `json:"base"`
		Head    string `json:"head"`
		Message string `json:"commit_message"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	git := c.repo.git
	base, err := git.branch(in.Base)
	if err != nil {
		return answer{}, refuse(404, "Base does not exist")
	}
	head, err := git.resolve(in.Head)
	if err != nil {
		return answer{}, refuse(404, "Head does not exist")
	}
	if in.Message == "" {
		in.Message = fmt.Sprintf("Merge %s into %s", in.Head, in.Base)
	}
	sha, err := c.mergeInto(in.Base, base, head.SHA, in.Message)
	if err != nil || sha == "" {
		return noContent(), err
	}
	made, err := git.commit(sha)
	return created(c.wireCommit(c.repo, made)), err
}

// mergeInto merges a commit into a branch whose tip is known, and gives the merge commit, or
// "" when the branch has it already.
func (c *call) mergeInto(branch, tip, head, message string) (string, error) {
	git := c.repo.git
	if has, err := git.isAncestor(c.ctx, head, tip); err != nil || has {
		return "", err
	}
	tree, err := git.mergeTree(c.ctx, tip, head)
	if errors.Is(err, errConflict) {
		return "", refuse(409, "Merge conflict")
	}
	if err != nil {
		return "", err
	}
	sha, err := git.writeCommit(commit{
		Tree: tree, Parents: []string{tip, head}, Author: c.person(c.actor.User), Committer: c.webFlow(), Message: message,
	})
	if err != nil {
		return "", err
	}
	ch := refChange{Ref: "refs/heads/" + branch, Old: tip, New: sha}
	if err := c.mayMove(ch, 409); err != nil {
		return "", err
	}
	return sha, c.moveRefs(c.ctx, c.actor, c.repo, ch)
}
