package main

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"
)

// A program that was killed may hold its address for a moment: the process that it had
// just begun has all its files until it runs a program of its own. So does one that is
// being stopped while this one starts.
const (
	heldFor   = 2 * time.Second
	heldAgain = 50 * time.Millisecond
)

// listenSoon takes an address, and waits a little where somebody has it.
func listenSoon(ctx context.Context, address string) (net.Listener, error) {
	ctx, cancel := context.WithTimeout(ctx, heldFor)
	defer cancel()
	again := time.NewTicker(heldAgain)
	defer again.Stop()
	for {
		listener, err := new(net.ListenConfig).Listen(context.WithoutCancel(ctx), "tcp", address)
		if err == nil || !errors.Is(err, syscall.EADDRINUSE) {
			return listener, err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return nil, err
		}
	}
}
