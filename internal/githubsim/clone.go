package githubsim

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Clone is a person's own working copy, used with the real git program.
type Clone struct {
	Dir    string // the work tree
	person *Person
}

// Clone clones a repository into dir, which must not exist or be empty.
func (p *Person) Clone(ctx context.Context, repo, dir string) (*Clone, error) {
	c := &Clone{Dir: dir, person: p}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	_, err := c.Git(ctx, "clone", "-q", p.github.URL()+"/"+repo+".git", ".")
	return c, err
}

// InClone clones a repository, runs do in the clone and throws it away.
func (p *Person) InClone(ctx context.Context, repo string, do func(*Clone) error) error {
	dir, err := os.MkdirTemp("", "clone-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	c, err := p.Clone(ctx, repo, dir)
	if err != nil {
		return err
	}
	return do(c)
}

// Git runs git in the clone as the person, at the simulated time, and gives what it prints.
// The token is in the environment only.
func (c *Clone) Git(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Env = c.Dir, c.person.gitEnv()
	out, err := output(cmd, args[0])
	return strings.TrimSpace(out), err
}

// gitEnv is the environment of a person's git.
func (p *Person) gitEnv() []string {
	g := p.github
	g.mu.Lock()
	defer g.mu.Unlock()
	who := ident{Name: "nobody", Email: "nobody@localhost", When: g.clock()}
	if p.user != nil {
		who = g.person(p.user)
	}
	date := fmt.Sprintf("%d +0000", who.When.Unix())
	env := []string{
		"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "HOME=/nonexistent", "XDG_CONFIG_HOME=/nonexistent",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TERMINAL_PROMPT=0",
		"GIT_AUTHOR_NAME=" + who.Name, "GIT_AUTHOR_EMAIL=" + who.Email, "GIT_AUTHOR_DATE=" + date,
		"GIT_COMMITTER_NAME=" + who.Name, "GIT_COMMITTER_EMAIL=" + who.Email, "GIT_COMMITTER_DATE=" + date,
	}
	if t := p.token(); t != "" {
		basic := base64.StdEncoding.EncodeToString([]byte("x-access-token:" + t))
		env = append(env, "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=http.extraHeader",
			"GIT_CONFIG_VALUE_0=Authorization: Basic "+basic)
	}
	return env
}

// Write writes a file of the work tree.
func (c *Clone) Write(path, content string) error {
	file := filepath.Join(c.Dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(content), 0o644)
}

// Commit commits all that changed and gives the new commit.
func (c *Clone) Commit(ctx context.Context, message string) (string, error) {
	if _, err := c.Git(ctx, "add", "-A"); err != nil {
		return "", err
	}
	if _, err := c.Git(ctx, "commit", "-q", "--allow-empty", "-m", message); err != nil {
		return "", err
	}
	return c.Git(ctx, "rev-parse", "HEAD")
}
