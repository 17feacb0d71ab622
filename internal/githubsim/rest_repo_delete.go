package githubsim

import (
	"context"
	"os"
	"path/filepath"
)

// deleteRepo removes a repository. Its forks stay, with their own copies of the objects, and
// its pull requests elsewhere lose their head repository.
func (c *call) deleteRepo() (answer, error) {
	r := c.repo
	for _, f := range c.repos {
		if f.Parent != r {
			continue
		}
		if err := f.git.standAlone(c.ctx); err != nil {
			return answer{}, err
		}
		f.Parent = r.Parent
	}
	c.emitRepo("deleted", nil)
	for n, x := range c.repos {
		if x == r {
			c.repos = append(c.repos[:n:n], c.repos[n+1:]...)
			break
		}
	}
	for _, p := range c.openPulls(func(p *Pull) bool { return p.HeadRepo == r }) {
		c.closeIssue(c.actor, p.Issue, closing{})
	}
	for _, other := range c.repos {
		for _, i := range other.Issues {
			if i != nil && i.Pull != nil && i.Pull.HeadRepo == r {
				i.Pull.HeadRepo = nil
			}
		}
	}
	c.dropFromInstallations(r)
	r.git.close()
	return noContent(), os.RemoveAll(r.git.path)
}

// dropFromInstallations takes a deleted repository out of every selection.
func (g *GitHub) dropFromInstallations(r *Repo) {
	for _, i := range g.installations {
		for n, x := range i.Repos {
			if x == r {
				i.Repos = append(i.Repos[:n:n], i.Repos[n+1:]...)
				break
			}
		}
	}
}

// standAlone copies all that the repository borrows.
func (d *gitDir) standAlone(ctx context.Context) error {
	if _, err := d.run(ctx, "repack", "-a", "-d", "-q"); err != nil {
		return err
	}
	d.close()
	return os.Remove(filepath.Join(d.path, "objects/info/alternates"))
}
