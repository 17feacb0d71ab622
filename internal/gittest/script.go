package gittest

import (
	"os"
	"syscall"
	"testing"
)

// Script writes a program for the shell. No other process is begun meanwhile: it would
// keep the file open for writing until its own program runs, and until then nobody could
// run this one ("text file busy").
func Script(tb testing.TB, path, script string) {
	tb.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		tb.Fatal(err)
	}
}
