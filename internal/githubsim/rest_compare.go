package githubsim

import (
	"net/http"
	"strconv"
	"strings"
)

// side finds one end of a comparison: a name here, or "owner:name" or "owner:repo:name" in
// another repository of the network, whose objects are then copied.
func (c *call) side(name string) (commit, error) {
	parts := strings.Split(name, ":")
	if len(parts) == 1 {
		return c.repo.git.resolve(name)
	}
	r := c.inNetwork(parts[0], parts[1:len(parts)-1])
	if r == nil || !sees(c.actor, c.token, r) {
		return commit{}, errNoObject
	}
	x, err := r.git.resolve(parts[len(parts)-1])
	if err != nil || r == c.repo {
		return x, err
	}
	return x, c.repo.git.take(c.ctx, r.git, x.SHA, "")
}

// inNetwork finds an owner's repository among the repository and its forks.
func (c *call) inNetwork(owner string, name []string) *Repo {
	for _, r := range c.repos {
		if r.root() == c.repo.root() && strings.EqualFold(r.Owner.Login, owner) &&
			(len(name) == 0 || strings.EqualFold(r.Name, name[0])) {
			return r
		}
	}
	return nil
}

// compare shows what head has since it left base.
func (c *call) compare() (answer, error) {
	spec := c.rest("basehead")
	from, to, found := strings.Cut(spec, "...")
	if !found {
		return answer{}, errNotFound
	}
	base, err := c.side(from)
	if err != nil {
		return answer{}, err
	}
	head, err := c.side(to)
	if err != nil {
		return answer{}, err
	}
	git := c.repo.git
	fork, err := git.mergeBase(c.ctx, base.SHA, head.SHA)
	if err != nil {
		return answer{}, err
	}
	if fork == "" {
		return answer{}, refuse(404, "No common ancestor between %s and %s.", from, to)
	}
	if c.wants("diff") {
		return c.plainDiff(fork, head.SHA)
	}
	counts, err := git.run(c.ctx, "rev-list", "--left-right", "--count", base.SHA+"..."+head.SHA)
	if err != nil {
		return answer{}, err
	}
	f := strings.Fields(counts)
	behind, _ := strconv.Atoi(f[0])
	ahead, _ := strconv.Atoi(f[1])
	o := object{"status": compareStatus(ahead, behind), "ahead_by": ahead, "behind_by": behind, "total_commits": ahead}
	link, err := c.fillComparison(o, spec, base, head, fork)
	return answer{status: http.StatusOK, body: o, header: link}, err
}

func compareStatus(ahead, behind int) string {
	switch {
	case ahead > 0 && behind > 0:
		return "diverged"
	case ahead > 0:
		return "ahead"
	case behind > 0:
		return "behind"
	}
	return "identical"
}

// compareLimit is how many commits, and files, one page of a comparison has at most.
const compareLimit, compareFiles = 250, 300

// fillComparison adds urls, commits and files. Without paging it has the last commits; files
// are on the first page only.
func (c *call) fillComparison(o object, spec string, base, head commit, fork string) (http.Header, error) {
	git, r := c.repo.git, c.repo
	page, per := c.paging(compareLimit)
	shas, err := git.log(c.ctx, "--reverse", head.SHA, "^"+base.SHA)
	if err != nil {
		return nil, err
	}
	from, to := min(len(shas), (page-1)*per), min(len(shas), page*per)
	var link http.Header
	if c.query.Get("page") == "" && c.query.Get("per_page") == "" {
		from, to = max(0, len(shas)-compareLimit), len(shas)
	} else {
		link = c.links(page, (len(shas)+per-1)/per)
	}
	commits, err := git.commits(shas[from:to])
	if err != nil {
		return nil, err
	}
	at, err := git.commit(fork)
	if err != nil {
		return nil, err
	}
	esc := escapePath(spec)
	o["url"], o["html_url"] = c.inRepo(r, "/compare/%s", esc), c.page(r, "/compare/%s", esc)
	o["permalink_url"] = c.page(r, "/compare/%s:%s...%s:%s", r.Owner.Login, base.SHA[:7], r.Owner.Login, head.SHA[:7])
	o["diff_url"], o["patch_url"] = c.page(r, "/compare/%s.diff", esc), c.page(r, "/compare/%s.patch", esc)
	o["base_commit"], o["merge_base_commit"] = c.wireCommit(r, base), c.wireCommit(r, at)
	o["commits"] = wireAll(commits, func(x commit) object { return c.wireCommit(r, x) })
	if page > 1 {
		return link, nil
	}
	files, err := git.diff(c.ctx, fork, head.SHA)
	files = files[:min(len(files), compareFiles)]
	o["files"] = wireAll(files, func(f fileChange) object { return c.wireFile(r, f, head.SHA) })
	return link, err
}
