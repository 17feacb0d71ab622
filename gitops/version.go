package gitops

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"
)

// oldestGit has `merge-tree --write-tree` with -z and --messages (2.38) and
// `patch-id --verbatim` (2.39).
const oldestGit = "2.39"

var versionPattern = regexp.MustCompile(`git version (\d+)\.(\d+)`)

func checkVersion(git string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, git, "version")
	cmd.Env = baseEnvironment()
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("%s version: %w", git, err)
	}
	return newEnough(string(out), git)
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
