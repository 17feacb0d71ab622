package pgtest

import (
	"errors"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// socket is the name that clients look for in the folder of a URL.
const socket = ".s.PGSQL.5432"

// Wire is a way to a database that can be cut, as if the server were away.
type Wire struct {
	folder string // where clients find it
	to     string // the cluster's socket
	url    string

	mu       sync.Mutex
	listener net.Listener // nil: cut
	open     []net.Conn
}

// NewWire leads to a database. It is cut when the test ends.
func NewWire(t *testing.T, database string) *Wire {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "hotfixbot-wire-") // not the test's own: the path of a socket is short
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	w := &Wire{folder: folder, to: filepath.Join(query.Get("host"), socket)}
	query.Set("host", folder)
	u.RawQuery = query.Encode()
	w.url = u.String()
	t.Cleanup(func() {
		w.Cut()
		if err := os.RemoveAll(folder); err != nil {
			t.Error(err)
		}
	})
	w.Mend(t)
	return w
}

// URL is that of the database by way of the wire.
func (w *Wire) URL() string { return w.url }

// Cut throws everybody out and lets nobody in.
func (w *Wire) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.listener != nil {
		_ = w.listener.Close() // nobody can come in, whatever it says
	}
	w.listener = nil
	for _, conn := range w.open {
		_ = conn.Close() // it may be closed already
	}
	w.open = nil
}

// Mend lets everybody in again.
func (w *Wire) Mend(t *testing.T) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.listener != nil {
		return
	}
	var err error
	if w.listener, err = net.Listen("unix", filepath.Join(w.folder, socket)); err != nil {
		t.Fatal(err)
	}
	go w.serve(w.listener)
}

// serve joins everybody who comes with the server, until the wire is cut.
func (w *Wire) serve(listener net.Listener) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("unix", w.to)
		if err != nil {
			_ = client.Close()
			continue
		}
		if w.keep(listener, client, server) {
			go join(client, server)
			go join(server, client)
		}
	}
}

// keep remembers connections that Cut has to close; it closes them when the wire
// was cut meanwhile.
func (w *Wire) keep(listener net.Listener, both ...net.Conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.listener == listener {
		w.open = append(w.open, both...)
		return true
	}
	for _, conn := range both {
		_ = conn.Close()
	}
	return false
}

// join copies one direction until either end is closed, and then closes both.
func join(from, to net.Conn) {
	_, err := io.Copy(to, from)
	_ = errors.Join(err, from.Close(), to.Close()) // closed is how it ends
}
