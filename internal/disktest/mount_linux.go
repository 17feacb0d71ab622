package disktest

import (
	"fmt"
	"syscall"
)

func mount(dir string, bytes int) error {
	return syscall.Mount("small", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=700", bytes))
}

func unmount(dir string) error { return syscall.Unmount(dir, syscall.MNT_DETACH) }
