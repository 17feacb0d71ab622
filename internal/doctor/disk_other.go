//go:build !linux && !darwin && !freebsd

package doctor

// Free is how many bytes an account without privileges may still write where a folder
// lies; ok is false where that cannot be asked.
func Free(string) (bytes uint64, ok bool, err error) { return 0, false, nil }
