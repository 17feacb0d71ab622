//go:build race

package e2e_test

// watched tells that the race detector watches this program's memory, which
// makes a story some five times slower.
const watched = true
