package naming

import (
	"slices"
	"testing"
)

// TestCloses reads what GitHub reads, and nothing else.
func TestCloses(t *testing.T) {
	for text, want := range map[string][]int{
		"Fixes #12.":                       {12},
		"closes: #3, resolves acme/shop#4": {3, 4},
		"FIXED #7\nfix #7":                 {7},
		"Fixes other/shop#5":               nil,
		"prefixes #5, see #6":              nil,
		"Fixes #0, fixes #1x":              nil,
		"`Fixes #1` <!-- fixes #2 --> ```\nfixes #3\n``` fixes #4": {4},
		"<!-- fixes #2": nil,
	} {
		if got := Closes(text, "Acme/Shop"); !slices.Equal(got, want) {
			t.Errorf("%q closes %v, not %v", text, got, want)
		}
	}
}
