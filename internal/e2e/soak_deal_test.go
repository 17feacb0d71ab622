package e2e_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
)

// dealer takes the webhooks for several programs and deals them out, one to each in
// turn, as a load balancer does.
type dealer struct {
	mu sync.Mutex
	to []string
	n  int
}

// newDealer listens where webhooks go.
func newDealer(t *testing.T, address string) *dealer {
	t.Helper()
	d := &dealer{}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: &httputil.ReverseProxy{
		Rewrite:  func(p *httputil.ProxyRequest) { p.SetURL(d.next()) },
		ErrorLog: nowhere,
	}}
	go func() { _ = server.Serve(listener) }() // it ends with the test
	t.Cleanup(func() { _ = server.Close() })
	return d
}

// forward deals to these programs from now on.
func (d *dealer) forward(to []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.to = to
}

// next is the program whose turn it is; while there is none, nobody answers.
func (d *dealer) next() *url.URL {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.n++
	if len(d.to) == 0 {
		return &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
	}
	return &url.URL{Scheme: "http", Host: d.to[d.n%len(d.to)]}
}

// freeAddress is one where nobody listens. It is none of those that connections get:
// one could have it when a program that was killed is to listen there again.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(12000))
		if free, err := net.Listen("tcp", address); err == nil {
			_ = free.Close()
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}
