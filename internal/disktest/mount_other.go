//go:build !linux

package disktest

import "errors"

func mount(string, int) error { return errors.New("only Linux is known to") }

func unmount(string) error { return nil }
