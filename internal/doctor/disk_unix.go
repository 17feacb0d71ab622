//go:build linux || darwin || freebsd

package doctor

import "syscall"

// Free is how many bytes an account without privileges may still write where a folder
// lies; ok is false where that cannot be asked.
func Free(folder string) (bytes uint64, ok bool, err error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, false, err
	}
	return uint64(max(s.Bavail, 0)) * uint64(s.Bsize), true, nil //nolint:unconvert // the types differ by system
}
