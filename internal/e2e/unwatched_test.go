//go:build !race

package e2e_test

// watched tells that the race detector watches this program's memory.
const watched = false
