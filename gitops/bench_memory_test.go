package gitops

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// BenchmarkMemory reports, in megabytes, how much memory each way takes at most to
// make 20 picks upon a local clone ("warm", "worktree") and one backport from
// nothing: git's resident size, and for the engine ("self") what Go's runtime took.
// Each way runs in a process of its own. Some 10 MB are that process's: the system
// counts a new process from before it becomes git.
func BenchmarkMemory(b *testing.B) {
	for _, g := range grounds(b) {
		b.Run(g.name, func(b *testing.B) {
			c := newCold(b, g)
			one := c.order(b, c.cleanPick(b, g.target))
			at := memoryOrder{Clone: g.scratch(b).dir, Warm: g.picks}
			peaks := map[string]int64{}
			for b.Loop() {
				for name := range memoryWays {
					at.Way, at.order = name, c.next(one)
					own, git, err := at.run(b.Context())
					if err != nil && name == "full" { // see measure
						b.Log(err)
						continue
					}
					if err != nil {
						b.Fatal(err)
					}
					peaks[name] = max(peaks[name], git)
					if name == "ours" || name == "warm" {
						peaks[name+"-self"] = max(peaks[name+"-self"], own)
					}
				}
			}
			for name, peak := range peaks {
				b.ReportMetric(float64(peak)/1024, name+"-MB")
			}
			for _, peer := range []string{"blobless", "full"} {
				if peaks[peer] > 0 {
					b.ReportMetric(float64(peaks[peer])/float64(peaks["ours"]), peer+"/ours")
				}
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// memoryOrder is what a process that is measured is to do.
type memoryOrder struct {
	order
	Way   string
	Clone string // a repository upon the clone's objects
	Warm  []hotfix.Pick
}

// run starts the process, and returns what it and its gits held at most, in
// kilobytes.
func (m memoryOrder) run(ctx context.Context) (own, git int64, err error) {
	what, err := json.Marshal(m)
	if err != nil {
		return 0, 0, err
	}
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestMemoryProcess$")
	cmd.Env = append(os.Environ(), "GITOPS_TEST_ORDER="+string(what))
	out, err := cmd.Output()
	if err != nil {
		return 0, 0, fmt.Errorf("%s: %w: %q", m.Way, err, out)
	}
	_, err = fmt.Sscan(string(out), &own, &git)
	return own, git, err
}

// TestMemoryProcess is no test: it is a process that BenchmarkMemory measures.
func TestMemoryProcess(t *testing.T) {
	what := os.Getenv("GITOPS_TEST_ORDER")
	if what == "" {
		t.Skip("only BenchmarkMemory starts it")
	}
	var m memoryOrder
	if err := json.Unmarshal([]byte(what), &m); err != nil {
		t.Fatal(err)
	}
	if err := memoryWays[m.Way](t.Context(), m); err != nil {
		t.Fatal(err)
	}
	var own runtime.MemStats
	runtime.ReadMemStats(&own)
	var git syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &git); err != nil {
		t.Fatal(err)
	}
	fmt.Println(own.Sys>>10, git.Maxrss)
}

var memoryWays = map[string]func(ctx context.Context, m memoryOrder) error{
	"ours":     func(ctx context.Context, m memoryOrder) error { return m.fromNothing(ctx) },
	"blobless": func(ctx context.Context, m memoryOrder) error { return m.peer(ctx, blobless) },
	"full":     func(ctx context.Context, m memoryOrder) error { return m.peer(ctx, full) },
	"warm":     func(ctx context.Context, m memoryOrder) error { return m.warm(ctx) },
	"worktree": func(_ context.Context, m memoryOrder) error { return m.worktree() },
}

func (m memoryOrder) engine() (*Engine, error) {
	return New(Settings{Dir: filepath.Dir(m.Dir), Insecure: true, Log: zerolog.Nop()})
}

func (m memoryOrder) fromNothing(ctx context.Context) error {
	e, err := m.engine()
	if err != nil {
		return err
	}
	j, err := e.Open(ctx, Remote{URL: m.URL})
	if err != nil {
		return err
	}
	return errors.Join(m.inJob(ctx, j), j.Close(), e.Close())
}

func (m memoryOrder) peer(ctx context.Context, do way) error {
	_, remove, err := do(ctx, m.order)
	if err != nil {
		return err
	}
	return remove()
}

func (m memoryOrder) warm(ctx context.Context) error {
	e, err := m.engine()
	if err != nil {
		return err
	}
	c, err := e.Clone(ctx, m.Clone)
	if err != nil {
		return err
	}
	j, err := c.Open(ctx)
	if err != nil {
		return err
	}
	for _, p := range m.Warm {
		if _, err = j.Replay(ctx, m.Targets[0], seriesOf(p)); err != nil {
			break
		}
	}
	return errors.Join(err, j.Close(), e.Close())
}

func (m memoryOrder) worktree() error {
	dir := filepath.Join(filepath.Dir(m.Dir), "worktree")
	if _, err := gitIn(m.Clone, nil, "worktree", "add", "-q", "--detach", dir, string(m.Targets[0])); err != nil {
		return err
	}
	for _, p := range m.Warm {
		cherryPick(dir, p)
		if _, err := gitIn(dir, nil, "reset", "-q", "--hard", string(m.Targets[0])); err != nil {
			return err
		}
	}
	_, err := gitIn(m.Clone, nil, "worktree", "remove", "--force", dir)
	return err
}
