//go:build !linux

package gitops

import "syscall"

// processAttributes make a process the head of a group, so that it can be ended
// with the helpers that it starts.
func processAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// confine does nothing: only Linux can bound a process from outside. Disk and
// time are bounded all the same.
func confine(int, Limits) error { return nil }
