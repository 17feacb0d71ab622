package githubsim

import (
	"slices"
	"strings"
)

func branchRoutes() []route {
	return []route{
		{"GET", "/repos/:owner/:repo/branches", reads("contents"), (*call).listBranches},
		{"GET", "/repos/:owner/:repo/branches/*branch", reads("contents"), (*call).getBranch},
		{"GET", "/repos/:owner/:repo/branches/*branch/protection", need{role: RoleRead, login: true, permissions: []string{"administration:read"}}, (*call).getProtection},
		{"GET", "/repos/:owner/:repo/tags", reads("contents"), (*call).listTags},
	}
}

func (c *call) listBranches() (answer, error) {
	refs, err := c.repo.git.refs(c.ctx, "refs/heads/")
	if err != nil {
		return answer{}, err
	}
	if c.query.Get("protected") == "true" {
		refs = nil // classic protection does not exist here
	}
	return list(c, refs, func(x ref) object {
		return object{
			"name": strings.TrimPrefix(x.Name, "refs/heads/"), "protected": false,
			"commit": object{"sha": x.SHA, "url": c.inRepo(c.repo, "/commits/%s", x.SHA)},
		}
	}), nil
}

func (c *call) getBranch() (answer, error) {
	name := c.rest("branch")
	tip, err := c.repo.git.commit("refs/heads/" + name)
	if missing(err) {
		return answer{}, refuse(404, "Branch not found")
	}
	if err != nil {
		return answer{}, err
	}
	self := c.inRepo(c.repo, "/branches/%s", escapePath(name))
	return ok(object{
		"name": name, "commit": c.wireCommit(c.repo, tip), "protected": false,
		"_links": object{"self": self, "html": c.page(c.repo, "/tree/%s", escapePath(name))},
		"protection": object{
			"enabled":                false,
			"required_status_checks": object{"enforcement_level": "off", "contexts": []string{}, "checks": []object{}},
		},
		"protection_url": self + "/protection",
	}), nil
}

// getProtection always says no: branches are guarded by rulesets, which this does not show.
func (c *call) getProtection() (answer, error) {
	if _, err := c.repo.git.branch(c.rest("branch")); err != nil {
		return answer{}, refuse(404, "Branch not found")
	}
	return answer{}, refuse(404, "Branch not protected")
}

// listTags lists tags by name, last first.
func (c *call) listTags() (answer, error) {
	refs, err := c.repo.git.refs(c.ctx, "refs/tags/")
	if err != nil {
		return answer{}, err
	}
	slices.Reverse(refs)
	return list(c, refs, func(x ref) object {
		name := strings.TrimPrefix(x.Name, "refs/tags/")
		return object{
			"name": name, "node_id": nodeIDOf("REF", c.repo, x.Name),
			"commit":      object{"sha": x.Peeled, "url": c.inRepo(c.repo, "/commits/%s", x.Peeled)},
			"zipball_url": c.inRepo(c.repo, "/zipball/%s", escapePath(x.Name)),
			"tarball_url": c.inRepo(c.repo, "/tarball/%s", escapePath(x.Name)),
		}
	}), nil
}
