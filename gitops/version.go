package gitops

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// oldestGit has `merge-tree --write-tree` with -z and --messages (2.38) and
// `patch-id --verbatim` (2.39).
const oldestGit = "2.39"

var versionPattern = regexp.MustCompile(`git version (\d+)\.(\d+)`)

// Version is the version of the git program of PATH, such as "2.39.5". The error says
// what keeps an Engine from using it.
func Version(ctx context.Context) (string, error) {
	git, err := lookUp("git")
	if err != nil {
		return "", err
	}
	answer, err := askVersion(ctx, git)
	if err != nil {
		return "", err
	}
	if err := newEnough(answer, git); err != nil {
		return "", err
	}
	version := strings.TrimPrefix(strings.TrimSpace(answer), "git version ")
	version, _, _ = strings.Cut(version, " ") // "2.39.5 (Apple Git-154)"
	return version, nil
}

// lookUp finds the git program.
func lookUp(git string) (string, error) {
	path, err := exec.LookPath(git)
	if err != nil {
		return "", fmt.Errorf("the git program %q was not found; install git %s or newer", git, oldestGit)
	}
	return path, nil
}

func checkVersion(git string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	answer, err := askVersion(ctx, git)
	if err != nil {
		return err
	}
	return newEnough(answer, git)
}

func askVersion(ctx context.Context, git string) (string, error) {
	cmd := exec.CommandContext(ctx, git, "version")
	cmd.Env = baseEnvironment()
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s version: %w", git, err)
	}
	return string(out), nil
}

func newEnough(answer, git string) error {
	m := versionPattern.FindStringSubmatch(answer)
	if m == nil {
		return fmt.Errorf("%s does not look like git: it answers %q", git, answer)
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	if major > 2 || major == 2 && minor >= 39 {
		return nil
	}
	return fmt.Errorf("%s is version %d.%d; install git %s or newer", git, major, minor, oldestGit)
}
