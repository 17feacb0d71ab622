package gitops

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/disktest"
	"github.com/hotfixbot/hotfixbot/internal/gittest"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// accidents are what may happen to a job when its n-th git starts, as a shell says it
// in the job's folder.
var accidents = map[string]string{
	"folder deleted":   `rm -rf "$PWD"`,
	"objects deleted":  `rm -rf objects/*`,
	"files truncated":  `find . -type f -size +0 -exec truncate -s -1 {} +`,
	"files emptied":    `find . -type f -exec truncate -s 0 {} +`,
	"git killed":       `kill -KILL $$`,
	"nothing can grow": `trap '' XFSZ; ulimit -f 0`, // what write(2) says differs from a full disk, its effect does not
}

// accident makes a world's engine one whose n-th git meets with an accident. Only what
// runs in a job's folder counts, and nothing outside it is ever touched.
func (w *world) accident(t *testing.T, what string, n int) (happened func() bool) {
	t.Helper()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	dir, jobs := t.TempDir(), t.TempDir()
	log := filepath.Join(dir, "log")
	write(t, log, "")
	script := fmt.Sprintf(`case "$PWD" in
%[5]s/*/job-*)
	echo >>%[1]s
	if [ $(wc -l <%[1]s) -eq %[2]d ]; then %[3]s; fi ;;
esac
exec %[4]s "$@"
`, log, n, what, git, jobs)
	gittest.Script(t, filepath.Join(dir, "git"), script)
	engine, err := New(Settings{Git: filepath.Join(dir, "git"), Dir: jobs, Insecure: true, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	w.engine = engine
	t.Cleanup(func() { closed(t, engine) })
	return func() bool {
		lines, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Count(string(lines), "\n") >= n
	}
}

// Whatever becomes of a job's folder or of git at whatever moment: the job fails, or
// comes to what it would have come to. It takes nothing for gone that is there, and
// pushes nothing else.
func TestAccidents(t *testing.T) {
	for name, what := range accidents {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			target, picks := w.series()
			_, want := w.replay(t, target, picks...)
			for n, happened := 1, true; happened; n++ {
				was := w.accident(t, what, n)
				j := w.job(t)
				r, err := j.Replay(t.Context(), target, seriesOf(picks...))
				if err == nil {
					if r.Tip != want.Tip || r.Outcome != want.Outcome {
						t.Errorf("git number %d: the replay came to %s %s, want %s %s", n, r.Outcome, r.Tip, want.Outcome, want.Tip)
					}
					err = j.Push(t.Context(), fmt.Sprintf("refs/heads/try-%d", n), r.Tip, "")
				}
				if errors.As(err, new(*hotfix.Gone)) {
					t.Errorf("git number %d: taken for gone: %v", n, err)
				}
				if tip, found := w.Run(nil, w.Dir, "rev-parse", "-q", "--verify", fmt.Sprintf("refs/heads/try-%d", n)); found == nil && strings.TrimSpace(tip) != string(want.Tip) {
					t.Errorf("git number %d: pushed %s, want %s", n, tip, want.Tip)
				}
				if happened = was(); !happened && err != nil {
					t.Errorf("without an accident: %v", err)
				}
			}
			w.Git("fsck", "--strict")
		})
	}
}

// Somebody who tidies up takes the engine's folder away: the next job has one.
func TestEngineFolderComesBack(t *testing.T) {
	w := newWorld(t)
	target, picks := w.series()
	for range 2 {
		if err := os.RemoveAll(w.engine.settings.Dir); err != nil {
			t.Fatal(err)
		}
		if err := w.engine.Ready(); err != nil {
			t.Error(err)
		}
	}
	w.replay(t, target, picks...)
}

// A disk that is full is said, and is no reason to tell people that a repository is
// too large; with room, everything goes on.
func TestFullDisk(t *testing.T) {
	disk := disktest.New(t, 8<<20)
	w := newWorld(t)
	target, p := w.sides("f", "base\n", random(3<<20), "target\n")
	w.engine = newEngine(t, disk.Dir)
	try := func() error {
		j := w.job(t)
		_, err := j.Replay(t.Context(), target, seriesOf(p))
		return errors.Join(err, j.Close())
	}
	write(t, filepath.Join(disk.Dir, "other"), random(6<<20))
	err := try()
	if err == nil || !strings.Contains(err.Error(), "No space left on device") && !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("error %v", err)
	}
	if errors.As(err, new(*hotfix.Refusal)) || errors.As(err, new(*hotfix.Gone)) {
		t.Errorf("people are told: %v", err)
	}
	disk.Fill(t)
	if err := w.engine.Ready(); err == nil || !strings.Contains(err.Error(), "make room") {
		t.Errorf("a full disk is ready: %v", err)
	}
	disk.Free(t)
	if err := os.Remove(filepath.Join(disk.Dir, "other")); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.engine.Ready(), try()); err != nil {
		t.Error(err)
	}
}
