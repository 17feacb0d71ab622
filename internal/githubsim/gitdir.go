package githubsim

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// gitDir is a bare repository on disk, asked and changed by the git program.
type gitDir struct {
	path  string
	extra []string // more environment, of a view with a quarantine
	known *Known   // what git answered before; nil: git is always asked

	mu  sync.Mutex // guards cat
	cat *catFile   // the running reader; nil until the first question
}

// gitEnv is the whole environment of every git process: nothing of the machine's own
// configuration reaches the simulation.
func gitEnv() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC",
		"HOME=/nonexistent", "XDG_CONFIG_HOME=/nonexistent",
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_ATTR_NOSYSTEM=1",
		"GIT_TERMINAL_PROMPT=0", "GIT_LITERAL_PATHSPECS=1",
		"GIT_CONFIG_COUNT=4",
		"GIT_CONFIG_KEY_0=gc.auto", "GIT_CONFIG_VALUE_0=0",
		"GIT_CONFIG_KEY_1=safe.directory", "GIT_CONFIG_VALUE_1=*",
		"GIT_CONFIG_KEY_2=maintenance.auto", "GIT_CONFIG_VALUE_2=false",
		"GIT_CONFIG_KEY_3=core.hooksPath", "GIT_CONFIG_VALUE_3=/dev/null",
	}
}

// gitServeConfig is what a served repository allows. GitHub hands out any commit that it
// holds, by id, and filters; refs/pull may be read and not pushed to.
const gitServeConfig = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
	logAllRefUpdates = false
[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
	allowTipSHA1InWant = true
	allowReachableSHA1InWant = true
[receive]
	hideRefs = refs/pull
`

// initGitDir makes an empty bare repository at path whose HEAD is the given branch.
func initGitDir(path, branch string, known *Known) (*gitDir, error) {
	for _, sub := range []string{"objects/info", "objects/pack", "refs/heads", "refs/tags"} {
		if err := os.MkdirAll(filepath.Join(path, sub), 0o755); err != nil {
			return nil, fmt.Errorf("cannot make a bare repository: %w", err)
		}
	}
	d := &gitDir{path: path, known: known}
	if err := os.WriteFile(filepath.Join(path, "config"), []byte(gitServeConfig), 0o644); err != nil {
		return nil, fmt.Errorf("cannot configure a bare repository: %w", err)
	}
	return d, d.setHead(branch)
}

// setHead makes branch the one that a clone checks out.
func (d *gitDir) setHead(branch string) error {
	return os.WriteFile(filepath.Join(d.path, "HEAD"), []byte("ref: refs/heads/"+branch+"\n"), 0o644)
}

// borrow lets the repository read the objects of another, as forks on GitHub do.
func (d *gitDir) borrow(from *gitDir) error {
	abs, err := filepath.Abs(filepath.Join(from.path, "objects"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(d.path, "objects/info/alternates"), []byte(abs+"\n"), 0o644)
}

// gitError is a git process that ended with an exit code other than 0. The code alone may be
// an answer.
type gitError struct {
	Code   int
	Stderr string
	what   string
}

func (e *gitError) Error() string {
	return fmt.Sprintf("git %s: exit code %d: %s", e.what, e.Code, strings.TrimSpace(e.Stderr))
}

// exitCode gives the exit code inside err, 0 for nil and -1 for any other error.
func exitCode(err error) int {
	var ge *gitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ge):
		return ge.Code
	}
	return -1
}

// env is the environment of a git process in the repository.
func (d *gitDir) env() []string {
	return append(append(gitEnv(), "GIT_DIR="+d.path), d.extra...)
}

// command prepares a git process in the repository.
func (d *gitDir) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Env = d.env()
	return cmd
}

// run gives what git prints. The output is valid also with a *gitError.
func (d *gitDir) run(ctx context.Context, args ...string) (string, error) {
	return d.askOnce(ctx, args...)
}

// feed is run with an input.
func (d *gitDir) feed(ctx context.Context, in io.Reader, args ...string) (string, error) {
	cmd := d.command(ctx, args...)
	cmd.Stdin = in
	return output(cmd, args[0])
}

// output runs a prepared command and gives what it prints.
func output(cmd *exec.Cmd, what string) (string, error) {
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return out.String(), &gitError{Code: exit.ExitCode(), Stderr: errs.String(), what: what}
	}
	if err != nil {
		return "", fmt.Errorf("cannot run git: %w", err)
	}
	return out.String(), nil
}

// lines splits what git printed.
func lines(s string) []string {
	s = strings.TrimSuffix(s, "\n")
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// close ends the running reader. The folder may then be moved or removed.
func (d *gitDir) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cat != nil {
		d.cat.close()
		d.cat = nil
	}
}
