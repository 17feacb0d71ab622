package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/ssh"
)

var update = flag.Bool("update", false, "write what commands print into the scripts, instead of comparing with it")

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"hotfixbot": main}) }

// TestScripts runs the program as a process, with an environment of its own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": exitCode, "only": onlyLine, "listed": listed, "key": writeKey, "signingkey": writeSigningKey, "port": freePort, "until": until,
			"taken": takenPort, "terminate": terminate, "plant": plant, "ask": ask, "tables": tables, "revokelisted": revokeListed,
		},
	})
}

// exitCode runs a program that must end with an exit code: code 2 hotfixbot serve.
func exitCode(ts *testscript.TestScript, _ bool, args []string) {
	got := 0
	err := ts.Exec(args[1], args[2:]...)
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit code %d instead of %s", got, args[0])
	}
}

// onlyLine wants one line on standard error, which matches.
func onlyLine(ts *testscript.TestScript, _ bool, args []string) {
	said := ts.ReadFile("stderr")
	if strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "hotfixbot: ") {
		ts.Fatalf("not one line of hotfixbot's: %q", said)
	}
	if !regexp.MustCompile(args[0]).MatchString(said) {
		ts.Fatalf("%q does not match %s", said, args[0])
	}
}

// listed wants each word to be listed as an environment variable.
func listed(ts *testscript.TestScript, _ bool, args []string) {
	help := ts.ReadFile("stdout")
	for _, name := range args {
		if !strings.Contains(help, "($"+name+")") {
			ts.Fatalf("%s is not listed:\n%s", name, help)
		}
	}
}

// writeKey makes an App's private key.
func writeKey(ts *testscript.TestScript, _ bool, args []string) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	ts.Check(err)
	block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pem.EncodeToMemory(block), 0o600))
}

// writeSigningKey makes an SSH key with a passphrase.
func writeSigningKey(ts *testscript.TestScript, _ bool, args []string) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	ts.Check(err)
	block, err := ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(args[1]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pem.EncodeToMemory(block), 0o600))
}

// freePort sets a variable to an address on which nobody listens.
func freePort(ts *testscript.TestScript, _ bool, args []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	defer listener.Close()
	ts.Setenv(args[0], listener.Addr().String())
}

// takenPort sets a variable to an address on which somebody listens.
func takenPort(ts *testscript.TestScript, _ bool, args []string) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { _ = listener.Close() })
	ts.Setenv(args[0], listener.Addr().String())
}

// terminate asks every background program to end, as a container's host does.
func terminate(ts *testscript.TestScript, _ bool, _ []string) {
	for _, running := range ts.BackgroundCmds() {
		ts.Check(running.Process.Signal(syscall.SIGTERM))
	}
}

// until runs a program until it succeeds.
func until(ts *testscript.TestScript, _ bool, args []string) {
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if ts.Exec(args[0], args[1:]...) == nil {
			return
		}
	}
	ts.Fatalf("%s never succeeded", strings.Join(args, " "))
}
