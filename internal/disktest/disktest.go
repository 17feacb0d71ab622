// Package disktest gives tests a disk that is soon full.
//
// It is in memory and mounted for one test, which only root may do, and only on
// Linux: elsewhere the test is skipped, and says so.
package disktest

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// Disk is a small disk.
type Disk struct {
	Dir    string
	filler string
}

// New mounts a disk of so many bytes until the test ends.
func New(t *testing.T, bytes int) *Disk {
	t.Helper()
	dir := t.TempDir()
	if err := mount(dir, bytes); err != nil {
		t.Skipf("no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := unmount(dir); err != nil {
			t.Error(err)
		}
	})
	return &Disk{Dir: dir, filler: filepath.Join(dir, "filler")}
}

// Fill takes all room that is left.
func (d *Disk) Fill(t *testing.T) {
	t.Helper()
	file, err := os.OpenFile(d.filler, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = file.Write(make([]byte, 4096))
	}
	if closed := file.Close(); closed != nil || !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("fill the disk: %v, %v", err, closed)
	}
}

// Free gives the room back.
func (d *Disk) Free(t *testing.T) {
	t.Helper()
	if err := os.Remove(d.filler); err != nil {
		t.Fatal(err)
	}
}
