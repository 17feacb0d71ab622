package bench_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// server is a running program that answers HTTP.
type server struct {
	name    string
	url     string // where deliveries go
	process *exec.Cmd
	log     string // file
}

// start runs a program and waits until its address answers. Its output is kept in a
// file, as a service's would be.
func start(tb testing.TB, name, url string, env []string, command ...string) *server {
	tb.Helper()
	s := &server{name: name, url: url, log: filepath.Join(tb.TempDir(), name+".log")}
	out, err := os.Create(s.log)
	if err != nil {
		tb.Fatal(err)
	}
	s.process = exec.CommandContext(context.WithoutCancel(tb.Context()), command[0], command[1:]...)
	s.process.Env, s.process.Stdout, s.process.Stderr = append(os.Environ(), env...), out, out
	if err := s.process.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = s.process.Process.Kill(); _ = s.process.Wait(); _ = out.Close() })
	s.await(tb)
	return s
}

// await asks until somebody answers, whatever it is.
func (s *server) await(tb testing.TB) {
	tb.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; {
		resp, err := http.Get(s.url)
		if err == nil {
			_ = resp.Body.Close()
			return
		}
		if time.Now().After(deadline) {
			said, _ := os.ReadFile(s.log)
			tb.Fatalf("%s does not answer: %v\n%s", s.name, err, said)
		}
		<-time.After(20 * time.Millisecond)
	}
}

// root is the server's address without a path.
func (s *server) root() string {
	host, _, _ := strings.Cut(strings.TrimPrefix(s.url, "http://"), "/")
	return "http://" + host
}

// freeze and thaw keep the servers that are not measured from using the core.
func (s *server) freeze() { _ = s.process.Process.Signal(syscall.SIGSTOP) }
func (s *server) thaw()   { _ = s.process.Process.Signal(syscall.SIGCONT) }

// cpu is the processor time that the program has used so far, without its children.
func (s *server) cpu(tb testing.TB) time.Duration {
	tb.Helper()
	return s.ticks(tb, 11, 13)
}

// cpuOfAll is that with the children that have ended.
func (s *server) cpuOfAll(tb testing.TB) time.Duration {
	tb.Helper()
	return s.ticks(tb, 11, 15)
}

// ticks adds fields of /proc/PID/stat up, counted from the state: utime, stime, cutime and
// cstime are 11 to 14. The kernel counts in hundredths of a second; see proc(5).
func (s *server) ticks(tb testing.TB, from, to int) time.Duration {
	tb.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		tb.Fatal(err)
	}
	_, after, _ := bytes.Cut(stat, []byte(") ")) // the name may hold anything
	fields := strings.Fields(string(after))
	var ticks int64
	for _, field := range fields[from:to] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			tb.Fatalf("/proc is not understood: %s", stat)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// memory is what of the program is resident, in bytes.
func (s *server) memory(tb testing.TB) int64 {
	tb.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		tb.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if kilobytes, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseInt(strings.Fields(kilobytes)[0], 10, 64)
			if err != nil {
				tb.Fatal(err)
			}
			return n << 10
		}
	}
	tb.Fatal("/proc does not tell the memory")
	return 0
}

// pin moves this process, and what it starts from now on, to some cores.
func pin(tb testing.TB, cores string) {
	tb.Helper()
	if err := exec.Command("taskset", "-acp", cores, strconv.Itoa(os.Getpid())).Run(); err != nil {
		fmt.Printf("no taskset (%v): servers and sender share all cores\n", err)
	}
}

// build makes the program as people have it, once for a benchmark.
func build(tb testing.TB) string {
	tb.Helper()
	if binary := os.Getenv("HOTFIXBOT_BENCH_BINARY"); binary != "" {
		return binary
	}
	binary := filepath.Join(tb.TempDir(), "hotfixbot")
	cmd := exec.CommandContext(tb.Context(), "go", "build", "-trimpath", "-o", binary, "../../cmd/hotfixbot")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		tb.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// freeAddress is one that nobody listens on.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
