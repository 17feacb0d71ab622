package githubsim

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// importGit makes path a bare repository with the branches and tags of a local repository, as
// they are, and gives the branch that its HEAD names ("" if it is detached). On one file system
// git links the objects, so that size costs little; from another it copies them.
func importGit(ctx context.Context, from, path string) (head string, err error) {
	source, err := filepath.Abs(from)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(source); err != nil {
		return "", fmt.Errorf("cannot import %s: %w", from, plainPathError(err))
	}
	config, err := os.CreateTemp("", "githubsim-gitconfig-")
	if err != nil {
		return "", err
	}
	defer os.Remove(config.Name())
	// The repository may belong to another account. git asks for this in a file: what stands
	// in the environment does not reach the process that reads the source.
	if _, err := config.WriteString("[safe]\n\tdirectory = *\n"); err != nil {
		return "", err
	}
	if err := config.Close(); err != nil {
		return "", err
	}
	run := func(args ...string) (string, error) {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Env = append(gitEnv(), "GIT_CONFIG_GLOBAL="+config.Name())
		return output(cmd, args[0])
	}
	if _, err := run("-C", source, "rev-parse", "--git-dir"); err != nil {
		return "", fmt.Errorf("cannot import %s: it is no git repository", from)
	}
	if _, err := run("clone", "--quiet", "--bare", source, path); err != nil {
		return "", fmt.Errorf("cannot import %s: %w", from, err)
	}
	head, err = run("-C", source, "symbolic-ref", "--short", "-q", "HEAD")
	if exitCode(err) > 0 {
		return "", nil
	}
	return strings.TrimSpace(head), err
}

// plainPathError is the reason without the call and the path.
func plainPathError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
