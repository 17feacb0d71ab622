package gitops

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes of a git process: a group of its own, so that it can be ended with
// the helpers that it starts (remote-https, index-pack), and an end when the
// thread that started it ends, as it does when this process is killed.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// confine bounds memory and files of a process that was just started, not above
// what it is allowed already. Helpers that it starts later inherit the bounds;
// should one have come first, the watch on the job's folder still holds for it.
func confine(pid int, l Limits) error {
	for resource, limit := range map[int]uint64{unix.RLIMIT_DATA: uint64(l.Memory), unix.RLIMIT_FSIZE: uint64(l.Bytes), unix.RLIMIT_CORE: 0} {
		var now unix.Rlimit
		err := unix.Prlimit(pid, resource, nil, &now)
		if err == nil {
			limit = min(limit, now.Cur)
			err = unix.Prlimit(pid, resource, &unix.Rlimit{Cur: limit, Max: limit}, nil)
		}
		if err != nil && !errors.Is(err, unix.ESRCH) { // it ended already
			return err
		}
	}
	return nil
}
