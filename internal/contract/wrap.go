package contract

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"strings"
)

// Handler checks what goes to and comes from a server of GitHub's API. git's own protocol, on
// the same root, passes untouched. An answer is sent on after it was judged, so that a client
// that has its answer can ask for the violations.
func (c *Checker) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isGit(r.URL.Path) || isWebsite(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		sent, body, err := copyBody(r.Body)
		if err != nil {
			http.Error(w, "the request broke off", http.StatusBadRequest)
			return
		}
		e := exchange{Request: r.Clone(r.Context()), Sent: sent}
		r.Body = body
		answer := &recorder{header: http.Header{}}
		defer func() {
			if broken := recover(); broken != nil { // http.ErrAbortHandler: the answer got lost
				c.judge(e)
				panic(broken)
			}
			answer.WriteHeader(http.StatusOK) // as net/http does for who writes nothing
			e.Status, e.Header, e.Body = answer.status, answer.header, answer.body.Bytes()
			c.judge(e)
			answer.send(w)
		}()
		next.ServeHTTP(answer, r)
	})
}

// recorder holds an answer back.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(b)
}

// send lets the answer go.
func (r *recorder) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), r.header)
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body.Bytes()) // a client that went away is no violation
}

// Transport checks what a client sends and gets.
func (c *Checker) Transport(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		if isGit(r.URL.Path) || isWebsite(r.URL.Path) {
			return next.RoundTrip(r)
		}
		sent, body, err := copyBody(r.Body)
		if err != nil {
			return nil, err
		}
		e := exchange{Request: r.Clone(r.Context()), Sent: sent}
		r = r.Clone(r.Context())
		r.Body = body
		answer, err := next.RoundTrip(r)
		if err != nil {
			c.judge(e)
			return nil, err
		}
		e.Status, e.Header = answer.StatusCode, answer.Header.Clone()
		if e.Body, answer.Body, err = copyBody(answer.Body); err != nil {
			return nil, err
		}
		c.judge(e)
		return answer, nil
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

// RoundTrip makes a function an http.RoundTripper.
func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// copyBody reads a body and gives another one like it.
func copyBody(body io.ReadCloser) ([]byte, io.ReadCloser, error) {
	if body == nil || body == http.NoBody {
		return nil, body, nil
	}
	defer body.Close()
	b, err := io.ReadAll(body)
	return b, io.NopCloser(bytes.NewReader(b)), err
}

// judge sends an exchange to the description that covers it.
func (c *Checker) judge(e exchange) {
	e.Sent, e.Body = c.anywhere(e.Sent), c.anywhere(e.Body)
	if strings.HasSuffix(e.Request.URL.Path, "/graphql") && e.Request.Method == http.MethodPost {
		c.query(e)
		return
	}
	c.rest(e)
}
