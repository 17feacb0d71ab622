package e2e_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/gittest"
)

// bare is the repository that the sentences of a story speak of.
func (a *acts) bare() string {
	found, _ := filepath.Glob(filepath.Join(a.git, "acme", "*.git"))
	if len(found) != 1 {
		return a.git
	}
	return found[0]
}

// tellPush tells what a push of git's changed. The command list is read, and
// then whether the refs really stand where they were to stand.
func (a *acts) tellPush(e exchange) []string {
	var said []string
	for _, c := range pushed(e.sent) {
		now := bareGit(a.bare(), "rev-parse", "--verify", "--quiet", c.ref)
		gone := strings.Trim(c.to, "0") == ""
		if gone && now != "" || !gone && now != c.to {
			continue
		}
		said = append(said, a.tellRef(c, gone))
	}
	return said
}

func (a *acts) tellRef(c command, gone bool) string {
	name, isTag := strings.CutPrefix(c.ref, "refs/tags/")
	made := strings.Trim(c.from, "0") == ""
	switch {
	case isTag && gone:
		return "tag " + name + " deleted"
	case isTag && made:
		return "tag " + name + " at " + a.commitName(c.to)
	case isTag:
		return "tag " + name + " MOVED to " + a.commitName(c.to)
	}
	name = strings.TrimPrefix(c.ref, "refs/heads/")
	switch {
	case gone:
		return "branch " + name + " deleted"
	case made:
		return "branch " + name + " created"
	}
	if bareGit(a.bare(), "rev-list", "--max-count=1", c.from, "^"+c.to) != "" {
		return "branch " + name + " replaced" // what it had is gone
	}
	return "branch " + name + " moved"
}

// command is one line of a push: a ref and where it goes.
type command struct{ from, to, ref string }

// pushed reads the commands at the beginning of a request to git-receive-pack
// (gitprotocol-pack: pkt-lines up to a flush).
func pushed(data []byte) []command {
	var list []command
	for len(data) >= 4 {
		n, err := strconv.ParseUint(string(data[:4]), 16, 16)
		if err != nil || n < 4 || int(n) > len(data) {
			break
		}
		text, _, _ := strings.Cut(strings.TrimSuffix(string(data[4:n]), "\n"), "\x00")
		data = data[n:]
		if words := strings.Fields(text); len(words) == 3 {
			list = append(list, command{from: words[0], to: words[1], ref: words[2]})
		}
	}
	return list
}

// commitName names a commit by its place on a branch that people know: "main",
// "main~1" along the first parents, "qa" where it is the tip.
func (a *acts) commitName(id string) string {
	commit := bareGit(a.bare(), "rev-parse", id+"^{commit}")
	for back, at := range strings.Fields(bareGit(a.bare(), "rev-list", "--first-parent", "main")) {
		switch {
		case at == commit && back == 0:
			return "main"
		case at == commit:
			return fmt.Sprintf("main~%d", back)
		}
	}
	tips := bareGit(a.bare(), "for-each-ref", "--points-at="+commit, "--format=%(refname:lstrip=2)", "refs/heads/")
	if tip, _, _ := strings.Cut(tips, "\n"); tip != "" {
		return tip
	}
	return bareGit(a.bare(), "show", "-s", "--format=%s", commit)
}

// headName names a commit by the pull requests that it is the head of, or whose
// group in the merge queue, else by its branch.
func (a *acts) headName(commit string) string {
	var names []string
	for _, ref := range strings.Fields(bareGit(a.bare(), "for-each-ref", "--points-at="+commit, "--format=%(refname)", "refs/pull/")) {
		if number, ok := strings.CutSuffix(strings.TrimPrefix(ref, "refs/pull/"), "/head"); ok {
			names = append(names, "#"+number)
		}
	}
	for _, ref := range strings.Fields(bareGit(a.bare(), "for-each-ref", "--points-at="+commit, "--format=%(refname)", "refs/heads/gh-readonly-queue/")) {
		names = append(names, "queue/"+queuedPull(ref))
	}
	if len(names) == 0 {
		return a.commitName(commit)
	}
	return strings.Join(names, " ")
}

var queueBranch = regexp.MustCompile(`^refs/heads/gh-readonly-queue/.+/pr-(\d+)-[0-9a-f]{40}$`)

// queuedPull is the number of the pull request whose group in the merge queue stands
// on a branch.
func queuedPull(ref string) string {
	if m := queueBranch.FindStringSubmatch(ref); m != nil {
		return m[1]
	}
	return ""
}

// bareGit asks git about a bare repository; what cannot be told is empty.
func bareGit(dir string, args ...string) string {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(gittest.Environment(), "GIT_DIR="+dir)
	out, err := cmd.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
