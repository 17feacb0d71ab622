package gitops

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/gittest"
)

// TestProcess is no test: it is the process that TestKilledProcess kills. It
// works at two jobs, of which one hangs in the network.
func TestProcess(t *testing.T) {
	dir, url := os.Getenv("GITOPS_TEST_DIR"), os.Getenv("GITOPS_TEST_URL")
	if dir == "" {
		t.Skip("only TestKilledProcess starts it")
	}
	e, err := New(Settings{Dir: dir, Insecure: true, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		j, err := e.Open(context.Background(), Remote{URL: url})
		if err != nil {
			t.Fatal(err)
		}
		_, err = j.Refs(context.Background())
		t.Error("this process was to be killed: ", err)
	}
}

// A process that is killed takes its git along, and the next engine removes what
// it left.
func TestKilledProcess(t *testing.T) {
	url, asked := hanging(t)
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestProcess$")
	cmd.Env = append(os.Environ(), "GITOPS_TEST_DIR="+dir, "GITOPS_TEST_URL="+url)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	<-asked
	left, _ := filepath.Glob(filepath.Join(dir, folderPattern+"*", "job-*"))
	if len(left) != 1 || len(processesOf(t, dir, "ls-remote")) == 0 {
		t.Errorf("jobs %q", left)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // killed is how it is to end
	if _, err := os.Stat(left[0]); err != nil {
		t.Error("the folder is gone before anybody removed it: this test tells nothing")
	}

	newEngine(t, dir)
	if _, err := os.Stat(left[0]); err == nil {
		t.Errorf("%s is left", left[0])
	}
	if runtime.GOOS != "linux" {
		return
	}
	end := time.Now().Add(10 * time.Second)
	for len(processesOf(t, dir, "ls-remote")) > 0 {
		if time.Now().After(end) {
			t.Fatalf("processes %v are left", processesOf(t, dir, "ls-remote"))
		}
		runtime.Gosched()
	}
}

// processesOf are the live git processes in a folder that do a thing.
func processesOf(t *testing.T, dir, verb string) (left []string) {
	t.Helper()
	paths, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, path := range paths {
		env, err := os.ReadFile(path)
		if err != nil || !strings.Contains(string(env), "GIT_DIR="+dir) {
			continue
		}
		args, _ := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		if words := strings.Split(string(args), "\x00"); len(words) > 1 && filepath.Base(words[0]) == "git" && slices.Contains(words[1:2], verb) {
			left = append(left, path)
		}
	}
	return left
}

// However many jobs there are, only so many git processes merge at once.
func TestProcessesAreBounded(t *testing.T) {
	w := newWorld(t)
	target, picks := w.series()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	log := filepath.Join(dir, "log")
	script := "[ \"$1\" = merge-tree ] || exec " + git + " \"$@\"\necho + >>" + log + "\n" + git + " \"$@\"\ncode=$?\necho - >>" + log + "\nexit $code\n"
	gittest.Script(t, filepath.Join(dir, "git"), script)
	e, err := New(Settings{Git: filepath.Join(dir, "git"), Dir: t.TempDir(), Insecure: true, Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	w.engine = e
	done := make(chan error)
	const jobs = 12
	for range jobs {
		j := w.job(t)
		go func() {
			_, err := j.Replay(t.Context(), target, seriesOf(picks...))
			done <- err
		}()
	}
	for range jobs {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	ran, most := atOnce(t, log)
	if ran != jobs*len(picks) || most > max(2, runtime.GOMAXPROCS(0)) || most < 2 {
		t.Errorf("%d merges, up to %d at once on %d cores", ran, most, runtime.GOMAXPROCS(0))
	}
}

// atOnce reads how many processes began, and how many there were at a time.
func atOnce(t *testing.T, log string) (ran, most int) {
	t.Helper()
	content, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	now := 0
	for line := range strings.Lines(string(content)) {
		if line == "+\n" {
			now++
			ran++
			most = max(most, now)
		} else {
			now--
		}
	}
	return ran, most
}
