package e2e_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// shell runs commands in a clone, as somebody who pastes them into a terminal.
func (p *playing) shell(c *githubsim.Clone, script, options string) error {
	if err := c.Write(".git/script", script); err != nil {
		return err
	}
	_, err := c.Git(p.ctx, "-c", "alias.play=!sh "+options, "play", ".git/script")
	return err
}

// run BRANCH SECTION MESSAGE: change a clone by the commands of a section, commit, push.
func (p *playing) run(who *githubsim.Person, w []string) error {
	script, err := p.section(w[1])
	if err != nil {
		return err
	}
	return p.onBranch(who, w[0], func(c *githubsim.Clone) error {
		if err := p.shell(c, script, "-e"); err != nil {
			return err
		}
		_, err := c.Git(p.ctx, "add", "-A")
		if err == nil {
			_, err = c.Git(p.ctx, "commit", "-q", "-m", w[2])
		}
		return err
	})
}

// fromScratch are the commands that a draft says to make its conflicts with.
var fromScratch = regexp.MustCompile("(?s)### The same from scratch\n\n```sh\n(.*?)```")

// paste NUMBER: paste the commands of a draft into a terminal. They must stop at
// conflicts, and what lies there then must be what the bot drafted.
func (p *playing) paste(who *githubsim.Person, w []string) error {
	var pull struct {
		Body string
		Head struct{ Ref string }
	}
	if err := p.get(&pull, "/pulls/%s", w[0]); err != nil {
		return err
	}
	block := fromScratch.FindStringSubmatch(strings.ReplaceAll(pull.Body, "\r\n", "\n"))
	if block == nil {
		return fmt.Errorf("#%s says no commands:\n%s", w[0], pull.Body)
	}
	return who.InClone(p.ctx, p.repo, func(c *githubsim.Clone) error {
		if p.shell(c, block[1], "") == nil {
			return errors.New("the commands conflict nowhere:\n" + block[1])
		}
		if unmerged, err := c.Git(p.ctx, "ls-files", "--unmerged"); err != nil || unmerged == "" {
			return fmt.Errorf("no path conflicts: %w\n%s", err, block[1])
		}
		return p.sameAs(c, "origin/"+pull.Head.Ref)
	})
}

// sameAs holds a clone's files against a commit's, but for what conflict markers call
// the two sides.
func (p *playing) sameAs(c *githubsim.Clone, commit string) error {
	if _, err := c.Git(p.ctx, "add", "-A"); err != nil {
		return err
	}
	differing, err := c.Git(p.ctx, "diff", "--cached", "--name-only", commit)
	if err != nil {
		return err
	}
	for path := range strings.FieldsSeq(differing) {
		here, errHere := os.ReadFile(filepath.Join(c.Dir, filepath.FromSlash(path)))
		there, errThere := c.Git(p.ctx, "show", commit+":"+path)
		if err := errors.Join(errHere, errThere); err != nil {
			return err
		}
		if a, b := unlabelled(string(here)), unlabelled(there); a != b {
			return fmt.Errorf("%s comes out as\n%s\nand was drafted as\n%s", path, a, b)
		}
	}
	return nil
}

var markerLabel = regexp.MustCompile(`(?m)^(<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|) .*$`)

func unlabelled(text string) string {
	return strings.TrimSpace(markerLabel.ReplaceAllString(text, "$1"))
}
