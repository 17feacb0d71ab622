package e2e_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// verb is something that people do: "alice edit hotfix/cart …". It takes least
// to most words.
type verb struct {
	least, most int
	do          func(p *playing, who *githubsim.Person, w []string) error
}

// verbs are all that people do. testdata/README.md tells of each.
var verbs = map[string]verb{
	"branch":        {2, 2, (*playing).branch},
	"edit":          {5, 5, (*playing).edit},
	"write":         {4, 4, (*playing).write},
	"remove":        {3, 3, (*playing).remove},
	"run":           {3, 3, (*playing).run},
	"paste":         {1, 1, (*playing).paste},
	"undo":          {2, 2, (*playing).undo},
	"pull":          {2, 3, (*playing).pull},
	"cherry-pick":   {2, 3, (*playing).cherryPick},
	"delete-branch": {1, 1, (*playing).deleteBranch},
	"force":         {2, 2, (*playing).force},
	"resolve":       {4, 4, (*playing).resolve},
	"tag":           {2, 3, (*playing).tag},
	"untag":         {1, 1, (*playing).untag},
	"fork":          {0, 0, (*playing).fork},
	"abandon":       {0, 0, (*playing).abandon},
	"open":          {3, 4, (*playing).open},
	"merge":         {2, 2, (*playing).merge},
	"close":         {1, 1, (*playing).closeIt},
	"reopen":        {1, 1, (*playing).reopenIt},
	"ready":         {1, 1, (*playing).ready},
	"approve":       {1, 1, (*playing).approve},
	"calloff":       {1, 1, (*playing).callOff},
	"retarget":      {2, 2, (*playing).retarget},
	"issue":         {1, 2, (*playing).issue},
	"comment":       {2, 2, (*playing).comment},
	"recomment":     {2, 2, (*playing).recomment},
	"erase":         {1, 1, (*playing).erase},
	"label":         {2, 2, (*playing).label},
	"unlabel":       {2, 2, (*playing).unlabel},
	"milestone":     {2, 2, (*playing).milestone},
	"permit":        {2, 2, (*playing).permit},
	"dismiss":       {1, 1, (*playing).dismiss},
	"set":           {2, 2, (*playing).set},
	"rename":        {1, 1, (*playing).rename},
	"restrict":      {3, 3, (*playing).restrict},
	"lift":          {1, 1, (*playing).lift},
	"protect":       {1, 2, (*playing).protect},
	"require":       {2, 2, (*playing).require},
	"unrelease":     {1, 1, (*playing).unrelease},
	"press":         {2, 2, (*playing).press},
	"ask":           {2, 4, (*playing).ask},
	"deployed":      {2, 2, (*playing).deployed},
	"enqueue":       {1, 1, (*playing).enqueue},
	"dequeue":       {1, 1, (*playing).dequeue},
	"install":       {0, 0, (*playing).install},
	"uninstall":     {0, 0, (*playing).uninstall},
	"withhold":      {1, 1, (*playing).withhold},
	"accept":        {0, 0, (*playing).accept},
}

// place takes "mallory:fix" apart: the repository of a fork and a branch in it.
func (p *playing) place(branch string) (repo, name string) {
	if owner, name, ok := strings.Cut(branch, ":"); ok {
		_, repo, _ := strings.Cut(p.repo, "/")
		return owner + "/" + repo, name
	}
	return p.repo, branch
}

func number(word string) (int, error) {
	n, err := strconv.Atoi(word)
	if err != nil {
		return 0, fmt.Errorf("%q is no number", word)
	}
	return n, nil
}

// aboutNumber makes a verb of a method that takes an issue or pull request.
func (p *playing) aboutNumber(word string, do func(ctx context.Context, repo string, number int) error) error {
	n, err := number(word)
	if err != nil {
		return err
	}
	return do(p.ctx, p.repo, n)
}

// branch NAME COMMIT: make a branch.
func (p *playing) branch(who *githubsim.Person, w []string) error {
	repo, name := p.place(w[0])
	commit, err := p.git("rev-parse", "--verify", "--quiet", w[1]+"^{commit}")
	if err != nil {
		return err
	}
	return who.Branch(p.ctx, repo, name, commit)
}

// edit BRANCH PATH OLD NEW MESSAGE: commit with one text in one file replaced.
func (p *playing) edit(who *githubsim.Person, w []string) error {
	repo, name := p.place(w[0])
	content, err := p.contents(who, repo, name, w[1])
	if err != nil {
		return err
	}
	if !strings.Contains(content, w[2]) {
		return fmt.Errorf("%s on %s does not say %q:\n%s", w[1], w[0], w[2], content)
	}
	_, err = who.Commit(p.ctx, repo, name, w[4], map[string]string{w[1]: strings.ReplaceAll(content, w[2], w[3])})
	return err
}

// contents reads a file of a branch, also of a fork's.
func (p *playing) contents(who *githubsim.Person, repo, branch, path string) (string, error) {
	var content string
	err := who.InClone(p.ctx, repo, func(c *githubsim.Clone) error {
		var err error
		content, err = c.Git(p.ctx, "show", "origin/"+branch+":"+path)
		return err
	})
	return content + "\n", err
}

// write BRANCH PATH SECTION MESSAGE: commit with a whole file put.
func (p *playing) write(who *githubsim.Person, w []string) error {
	repo, name := p.place(w[0])
	content, err := p.section(w[2])
	if err != nil {
		return err
	}
	_, err = who.Commit(p.ctx, repo, name, w[3], map[string]string{w[1]: content})
	return err
}

// remove BRANCH PATH MESSAGE: commit with a file deleted.
func (p *playing) remove(who *githubsim.Person, w []string) error {
	repo, name := p.place(w[0])
	_, err := who.DeleteFile(p.ctx, repo, name, w[2], w[1])
	return err
}

// undo BRANCH COMMIT: git revert, pushed.
func (p *playing) undo(who *githubsim.Person, w []string) error {
	return p.replay(who, w[0], w[1], "revert", "--no-edit")
}

// cherry-pick BRANCH COMMIT [-x]: git cherry-pick, pushed.
func (p *playing) cherryPick(who *githubsim.Person, w []string) error {
	return p.replay(who, w[0], w[1], append([]string{"cherry-pick"}, w[2:]...)...)
}

// replay makes a commit, or its opposite, on a branch by a git command. A merge is
// what it did to its first parent.
func (p *playing) replay(who *githubsim.Person, branch, commit string, command ...string) error {
	commit, err := p.git("rev-parse", "--verify", "--quiet", commit+"^{commit}")
	if err != nil {
		return err
	}
	return p.onBranch(who, branch, func(c *githubsim.Clone) error {
		if _, err := c.Git(p.ctx, "rev-parse", "--verify", "--quiet", commit+"^2"); err == nil {
			command = append(command, "--mainline=1")
		}
		_, err := c.Git(p.ctx, append(command, commit)...)
		return err
	})
}

// pull BRANCH COMMIT [ours]: git merge, pushed; with ours, nothing of the other
// side's content is taken.
func (p *playing) pull(who *githubsim.Person, w []string) error {
	commit, err := p.git("rev-parse", "--verify", "--quiet", w[1]+"^{commit}")
	if err != nil {
		return err
	}
	args := []string{"merge", "-q", "--no-ff", "-m", "Merge " + w[1]}
	switch {
	case len(w) == 3 && w[2] == "ours":
		args = append(args, "--strategy=ours")
	case len(w) == 3:
		return fmt.Errorf("a merge is made as it comes, or with ours, not with %q", w[2])
	}
	return p.onBranch(who, w[0], func(c *githubsim.Clone) error {
		_, err := c.Git(p.ctx, append(args, commit)...)
		return err
	})
}

// onBranch checks a branch out, lets somebody work, and pushes.
func (p *playing) onBranch(who *githubsim.Person, branch string, work func(*githubsim.Clone) error) error {
	repo, name := p.place(branch)
	return who.InClone(p.ctx, repo, func(c *githubsim.Clone) error {
		if _, err := c.Git(p.ctx, "checkout", "-q", name); err != nil {
			return err
		}
		if err := work(c); err != nil {
			return err
		}
		_, err := c.Git(p.ctx, "push", "-q", "origin", name)
		return err
	})
}

// resolve BRANCH PATH SECTION MESSAGE: resolve a conflict in a clone and push.
func (p *playing) resolve(who *githubsim.Person, w []string) error {
	content, err := p.section(w[2])
	if err != nil {
		return err
	}
	return p.onBranch(who, w[0], func(c *githubsim.Clone) error {
		if err := c.Write(w[1], content); err != nil {
			return err
		}
		_, err := c.Commit(p.ctx, w[3])
		return err
	})
}

// delete-branch NAME.
func (p *playing) deleteBranch(who *githubsim.Person, w []string) error {
	repo, name := p.place(w[0])
	return who.DeleteBranch(p.ctx, repo, name)
}

// force BRANCH COMMIT: move a branch anywhere.
func (p *playing) force(who *githubsim.Person, w []string) error {
	commit, err := p.git("rev-parse", "--verify", "--quiet", w[1]+"^{commit}")
	if err != nil {
		return err
	}
	return who.ForceBranch(p.ctx, p.repo, w[0], commit)
}

// tag NAME COMMIT [MESSAGE]: a lightweight tag, or an annotated one.
func (p *playing) tag(who *githubsim.Person, w []string) error {
	commit, err := p.git("rev-parse", "--verify", "--quiet", w[1]+"^{commit}")
	if err != nil {
		return err
	}
	return who.CreateTag(p.ctx, p.repo, w[0], commit, strings.Join(w[2:], ""))
}

// untag NAME.
func (p *playing) untag(who *githubsim.Person, w []string) error {
	return who.DeleteTag(p.ctx, p.repo, w[0])
}

// fork: into the person's own account.
func (p *playing) fork(who *githubsim.Person, _ []string) error {
	_, err := who.Fork(p.ctx, p.repo)
	return err
}

// abandon: delete the person's own fork.
func (p *playing) abandon(who *githubsim.Person, _ []string) error {
	repo, _ := p.place(p.login + ":")
	return who.DeleteRepo(p.ctx, repo)
}
