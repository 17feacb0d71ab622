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

// start runs a program on the server's core and waits until its address answers. Its
// output is kept in a file, as a service's would be.
func start(b testing.TB, name, url string, env []string, command ...string) *server {
	b.Helper()
	s := &server{name: name, url: url, log: filepath.Join(b.TempDir(), name+".log")}
	out, err := os.Create(s.log)
	if err != nil {
		b.Fatal(err)
	}
	if pinned() {
		command = append([]string{"taskset", "-c", "0"}, command...)
	}
	s.process = exec.CommandContext(context.WithoutCancel(b.Context()), command[0], command[1:]...)
	s.process.Env, s.process.Stdout, s.process.Stderr = append(os.Environ(), env...), out, out
	if err := s.process.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.process.Process.Kill(); _ = s.process.Wait(); _ = out.Close() })
	s.await(b)
	return s
}

// await asks until somebody answers, whatever it is.
func (s *server) await(b testing.TB) {
	b.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; {
		resp, err := http.Get(s.url)
		if err == nil {
			_ = resp.Body.Close()
			return
		}
		if time.Now().After(deadline) {
			said, _ := os.ReadFile(s.log)
			b.Fatalf("%s does not answer: %v\n%s", s.name, err, said)
		}
		<-time.After(20 * time.Millisecond)
	}
}

// freeze and thaw keep the servers that are not measured from using the core.
func (s *server) freeze() { _ = s.process.Process.Signal(syscall.SIGSTOP) }
func (s *server) thaw()   { _ = s.process.Process.Signal(syscall.SIGCONT) }

// cpu is the processor time that the program has used so far, its own children apart.
// The kernel counts it in hundredths of a second; see proc(5).
func (s *server) cpu(b testing.TB) time.Duration {
	b.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.process.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	_, after, _ := bytes.Cut(stat, []byte(") ")) // the name may hold anything
	fields := strings.Fields(string(after))
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	if err1 != nil || err2 != nil {
		b.Fatalf("/proc is not understood: %s", stat)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory is what of the program is resident, in bytes.
func (s *server) memory(b testing.TB) int64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if kilobytes, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseInt(strings.Fields(kilobytes)[0], 10, 64)
			if err != nil {
				b.Fatal(err)
			}
			return n << 10
		}
	}
	b.Fatal("/proc does not tell the memory")
	return 0
}

// pinned tells whether the servers get a core of their own.
func pinned() bool {
	_, err := exec.LookPath("taskset")
	return err == nil
}

// stayOff moves this process to the other core until the benchmark ends.
func stayOff(b testing.TB) {
	b.Helper()
	if !pinned() {
		fmt.Println("no taskset: servers and generator share all cores")
		return
	}
	to := func(cores string) {
		_ = exec.Command("taskset", "-acp", cores, strconv.Itoa(os.Getpid())).Run()
	}
	to("1")
	b.Cleanup(func() { to("0,1") })
}

// build makes the program as people have it.
func build(b testing.TB) string {
	b.Helper()
	binary := filepath.Join(b.TempDir(), "hotfixbot")
	cmd := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-o", binary, "../../cmd/hotfixbot")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("go build: %v\n%s", err, out)
	}
	return binary
}

// freeAddress is one that nobody listens on.
func freeAddress(b testing.TB) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
