// Package contract holds everybody to GitHub's own words: each REST request and answer to
// GitHub's OpenAPI description, each GraphQL query and answer to GitHub's public schema, each
// webhook to GitHub's webhook description.
//
// It serves tests alone. A Checker stands between a client and a server, as an http.Handler
// around the server (Handler), an http.RoundTripper around the client's transport (Transport),
// or around a receiver of webhooks (Receiver), and never changes what passes. What is wrong is
// collected, and the test fails at its end.
//
// What must always hold: nothing that GitHub's description forbids passes in silence, save what
// exceptions.go names with its reason; undeclared properties are wrong too (strict mode). It
// never uses the network: the descriptions are those that `make setup` left in the cache
// (package pinned), and without them a test fails, it is never skipped.
package contract

import (
	"bytes"
	"fmt"
	"slices"
	"sync"
)

// Checker collects violations. It is safe for concurrent use.
type Checker struct {
	d    *descriptions
	root string // where the server lies; "" = unknown

	mu         sync.Mutex
	violations []string
	checked    int
}

// New makes a Checker. The descriptions are read once in a process. The error, when they are
// missing, is one line that names the remedy.
func New() (*Checker, error) {
	d, err := load()
	if err != nil {
		return nil, err
	}
	return &Checker{d: d}, nil
}

// At tells where the server lies, before the Checker is used. What it sends is then judged as
// if it lay at one fixed address: of servers that differ by their port alone, the same answers
// and webhooks are judged a single time in a process, which is most of the price of a test.
func (c *Checker) At(root string) { c.root = root }

// anywhere is a body as it would be from the fixed address.
func (c *Checker) anywhere(body []byte) []byte {
	if c.root == "" {
		return body
	}
	return bytes.ReplaceAll(body, []byte(c.root), []byte("https://github.example"))
}

// TB is the part of testing.TB that ForTest needs.
type TB interface {
	Helper()
	Cleanup(func())
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// ForTest makes a Checker whose violations fail the test at its end.
func ForTest(t TB) *Checker {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatalf("%v", err)
	}
	t.Cleanup(func() {
		for _, v := range c.Violations() {
			t.Errorf("contract: %s", v)
		}
	})
	return c
}

// Violations are the things that were wrong so far, each once, in the order of their first
// occurrence: "POST /repos/o/r/git/refs → 201: answer $.object.sha: minLength: got 7, want 40".
func (c *Checker) Violations() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.violations)
}

// Checked counts what was looked at, so that a test can tell silence from absence.
func (c *Checker) Checked() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.checked
}

// report adds what is wrong with one thing: where says which.
func (c *Checker) report(where string, wrong []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.checked++
	for _, w := range wrong {
		line := fmt.Sprintf("%s: %s", where, w)
		if !slices.Contains(c.violations, line) {
			c.violations = append(c.violations, line)
		}
	}
}
