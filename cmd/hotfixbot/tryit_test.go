package main

import (
	"bytes"
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestTryIt pastes docs/try-it.md into a shell.
func TestTryIt(t *testing.T) {
	t.Parallel()
	tryIt(t, "serve", "hotfixbot")
}

// TestTryItHard does so while serve is killed every second. The program is the
// one that people build: with the race detector, which a test binary may have, it
// could need the second for its start.
func TestTryItHard(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "hotfixbot")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-race=false", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	tryIt(t, "killed", program)
}

// tryIt runs the document's commands, of the two ways to serve the given one.
func tryIt(t *testing.T, way, program string) {
	t.Helper()
	dir := t.TempDir()
	list := commands(t, "try-it.md", "", way)
	if !slices.ContainsFunc(list, func(block string) bool { return strings.Contains(block, "hotfixbot serve") }) {
		t.Fatalf("the document does not say how to serve in the way %q", way)
	}
	script := strings.Join(append(list, "touch enough; kill $serve $sim; wait\n"), "\n")
	for _, address := range []string{"127.0.0.1:8080", "127.0.0.1:8090"} {
		script = strings.ReplaceAll(script, address, unused(t))
	}
	out, err := paste(t, dir, program, script)
	log, _ := os.ReadFile(filepath.Join(dir, "serve.log")) // only for the message
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, tail(log))
	}
	for _, want := range []string{
		"\ntag\n",
		"main:checkout/pay.js:1:export const pay = (order, card) => (order.paid ??= card.charge(order.total));",
		"qa:checkout/pay.js:1:export const pay = (order, card) => (order.paid ??= card.charge(order.total));",
		"dev:checkout/pay.js:1:export const pay = (order, wallet) => (order.paid ??= wallet.charge(order.total));",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("the output lacks %q:\n%s", want, out)
		}
	}
	if bytes.Contains(log, []byte(`"level":"error"`)) && way == "serve" {
		t.Errorf("serve had trouble:\n%s", tail(log))
	}
}

var codeBlock = regexp.MustCompile("(?ms)^```sh ?(\\w*)\n(.*?)^```$")

// commands are a document's commands: those in the blocks of "sh" that have one of the
// words behind it.
func commands(t *testing.T, name string, words ...string) (list []string) {
	t.Helper()
	document, err := os.ReadFile(filepath.Join("..", "..", "docs", name))
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range codeBlock.FindAllStringSubmatch(string(document), -1) {
		if slices.Contains(words, block[1]) {
			list = append(list, block[2])
		}
	}
	return list
}

// paste runs commands as a shell of their own, whose processes end with it. The
// program is in the path and in bin.
func paste(t *testing.T, dir, program, script string) (string, error) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "bin"), 0o755), os.Symlink(path, filepath.Join(dir, "bin", "hotfixbot"))); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	shell := exec.CommandContext(ctx, "bash", "-e", "-u", "-o", "pipefail", "-c", script)
	shell.Dir = dir
	shell.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"),
		"HOME="+dir, "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null")
	shell.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	shell.Cancel = func() error { return syscall.Kill(-shell.Process.Pid, syscall.SIGKILL) }
	out, err := os.Create(filepath.Join(dir, "output")) // not a pipe, on which a process that is left would keep us
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	shell.Stdout, shell.Stderr = out, out
	err = shell.Run()
	if shell.Process != nil {
		_ = syscall.Kill(-shell.Process.Pid, syscall.SIGKILL) // what is left of its group, mostly nothing
	}
	said, readErr := os.ReadFile(out.Name())
	return string(said), errors.Join(err, ctx.Err(), readErr)
}

// unused is an address on which nobody listens.
func unused(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

// tail is the end of a log.
func tail(log []byte) []byte { return log[max(0, len(log)-8000):] }
