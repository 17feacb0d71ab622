package gittest

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Server serves the repositories of a folder with `git http-backend`.
type Server struct {
	URL   string
	Token string // password that every request must bring; empty: none
	Old   bool   // it speaks the protocol's first version, whatever is asked for

	mu       sync.Mutex
	requests []string
	traffic  Traffic
}

// Traffic counts the bytes of bodies, as they cross the network.
type Traffic struct{ Up, Down int64 }

// Serve serves root/*.git until the test ends.
func Serve(tb testing.TB, root, token string) *Server {
	tb.Helper()
	backend, err := Backend(tb.Context(), root)
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{Token: token}
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.note(r)
		if _, password, _ := r.BasicAuth(); s.Token != "" && password != s.Token {
			w.Header().Set("WWW-Authenticate", `Basic realm="git"`)
			http.Error(w, "authentication required", http.StatusUnauthorized)
			return
		}
		if s.Old {
			r.Header.Del("Git-Protocol")
		}
		up, down := &counted{Reader: r.Body, Closer: r.Body}, &countedAnswer{ResponseWriter: w}
		r.Body = up
		backend.ServeHTTP(down, r)
		s.count(up.n, down.n)
	}))
	tb.Cleanup(web.Close)
	s.URL = web.URL
	return s
}

func (s *Server) note(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Method+" "+r.URL.RequestURI())
}

// Requests returns the requests since the last call: method, path and query.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.requests
	s.requests = nil
	return seen
}

func (s *Server) count(up, down int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.traffic.Up += up
	s.traffic.Down += down
}

// Traffic returns what went over the network since the last call.
func (s *Server) Traffic() Traffic {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := s.traffic
	s.traffic = Traffic{}
	return seen
}

// counted is a body whose bytes are counted as they are read.
type counted struct {
	io.Reader
	io.Closer
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

// countedAnswer is an answer whose bytes are counted as they are written.
type countedAnswer struct {
	http.ResponseWriter
	n int64
}

func (c *countedAnswer) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.n += int64(n)
	return n, err
}

// Backend is `git http-backend` for the repositories of a folder. Whoever comes
// through may read and push.
func Backend(ctx context.Context, root string) (http.Handler, error) {
	out, err := exec.CommandContext(ctx, "git", "--exec-path").Output()
	if err != nil {
		return nil, err
	}
	program := filepath.Join(strings.TrimSpace(string(out)), "git-http-backend")
	if _, err := os.Stat(program); err != nil {
		return nil, err
	}
	env := append(Environment(), "GIT_PROJECT_ROOT="+root, "GIT_HTTP_EXPORT_ALL=1", "REMOTE_USER=git")
	backend := &cgi.Handler{Path: program, Root: "/", Dir: root, Env: env, Stderr: io.Discard}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := unchunk(r); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		backend.ServeHTTP(w, r)
	}), nil
}

// unchunk gives a request a length: git sends what is larger than a megabyte in
// chunks, which CGI does not know.
func unchunk(r *http.Request) error {
	if r.ContentLength >= 0 {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
	return err
}
