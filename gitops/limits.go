package gitops

import (
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"syscall"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Limits bound what a job may take, whatever is in a repository or comes from a
// server. Zero stands for the default.
type Limits struct {
	Bytes  int64 // of a job's folder; default 4 GiB
	Memory int64 // of one git process, where the system can bound it (Linux); default 2 GiB
	Picks  int   // of one replay; default 500
	Paths  int   // changed files, or folders with attributes to look for; default 500,000
}

func (l Limits) orDefault() Limits {
	for _, limit := range []struct {
		value *int64
		or    int64
	}{{&l.Bytes, 4 << 30}, {&l.Memory, 2 << 30}} {
		if *limit.value <= 0 {
			*limit.value = limit.or
		}
	}
	if l.Picks <= 0 {
		l.Picks = 500
	}
	if l.Paths <= 0 {
		l.Paths = 500_000
	}
	return l
}

// Resource is what there is too little of.
type Resource string

// The resources of Limits, and those that are bounded by Settings.Timeout and by
// what this process holds in memory of git's output.
const (
	Time   Resource = "time"
	Disk   Resource = "disk"
	Memory Resource = "memory"
	Output Resource = "output"
	Picks  Resource = "picks"
	Paths  Resource = "paths"
)

// Exceeded says that a repository or a change is too much for a job. Trying
// again helps only where time was short; everything else stays so until somebody
// changes something, and unwraps to a *hotfix.Refusal.
type Exceeded struct {
	Resource Resource
	What     string
}

// Error says what was too much.
func (e *Exceeded) Error() string { return e.What }

// Unwrap is the refusal, if it is one.
func (e *Exceeded) Unwrap() error {
	switch e.Resource {
	case Time:
		return nil
	case Picks:
		return &hotfix.Refusal{What: e.What, Remedy: "let it be picked as one commit (`propagate.commits: squash`), or bring it over by hand", Topic: hotfix.TopicCannotPick}
	}
	return &hotfix.Refusal{What: e.What, Remedy: "bring this change over by hand", Topic: hotfix.TopicCannotPick}
}

// checkPicks refuses a series that would take too long.
func (l Limits) checkPicks(n int) error {
	if n <= l.Picks {
		return nil
	}
	return &Exceeded{Picks, fmt.Sprintf("%d commits are to be picked one by one, more than %d", n, l.Picks)}
}

// walk counts the paths that a walk through trees comes by: a few small objects
// can unfold to any number of them.
type walk struct{ left int }

func (l Limits) newWalk() *walk { return &walk{left: l.Paths} }

// pass counts one path; a very long one takes the memory of several.
func (w *walk) pass(path string) error {
	if w.left -= 1 + len(path)/256; w.left < 0 {
		return &Exceeded{Paths, "too many paths have to be looked at"}
	}
	return nil
}

func (l Limits) tooLarge() *Exceeded {
	return &Exceeded{Disk, fmt.Sprintf("the objects that are needed take more than %d MiB", l.Bytes>>20)}
}

func (l Limits) outOfMemory(verb string) *Exceeded {
	return &Exceeded{Memory, fmt.Sprintf("git %s needs more than %d MiB of memory", verb, l.Memory>>20)}
}

func tooTalkative(verb string) *Exceeded {
	return &Exceeded{Output, fmt.Sprintf("git %s has more than %d MiB to say", verb, outputLimit>>20)}
}

func (e *Engine) tooLong(verb string) *Exceeded {
	return &Exceeded{Time, fmt.Sprintf("git %s came to no end within %s", verb, e.settings.Timeout)}
}

// What git prints when a limit was hit by itself or by a helper.
var (
	noMemory = regexp.MustCompile(`(?mi)^(?:fatal|error): out of memory|Cannot allocate memory`)
	noFile   = regexp.MustCompile(fmt.Sprintf(`died of signal %d\b|File too large`, syscall.SIGXFSZ))
)

// hit tells which limit ended a process, if one did. That git ended with a code
// is no error by itself.
func (l Limits) hit(verb string, a answer, err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return fmt.Errorf("git %s: %w", verb, err)
	}
	status, _ := exit.Sys().(syscall.WaitStatus)
	switch {
	case status.Signaled() && status.Signal() == syscall.SIGXFSZ, noFile.MatchString(a.stderr):
		return l.tooLarge()
	case noMemory.MatchString(a.stderr):
		return l.outOfMemory(verb)
	}
	return nil
}
