package main

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"
)

// Who was killed or is being stopped may have the address for a moment still.
func TestListenSoon(t *testing.T) {
	held, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := listenSoon(impatient, held.Addr().String()); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("an address that stays taken: %v", err)
	}
	left := make(chan error, 1)
	go func() { left <- held.Close() }()
	taken, err := listenSoon(t.Context(), held.Addr().String())
	if err = errors.Join(err, <-left); err != nil {
		t.Fatal(err)
	}
	if err := taken.Close(); err != nil {
		t.Error(err)
	}
	if _, err := listenSoon(t.Context(), "127.0.0.1:seventy"); err == nil {
		t.Error("no address is taken for one")
	}
}
