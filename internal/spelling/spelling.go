// Package spelling finds the word that somebody probably meant, for the
// "did you mean" of commands and of the configuration. It only ever suggests:
// nothing acts on a word that was not written.
package spelling

import "strings"

// Nearest is the known word that takes the fewest single-letter changes to
// reach from word, whatever the case, if that is at most a third of its length
// (and at least one). Of equally near words the first one counts.
func Nearest(word string, known []string) (nearest string, ok bool) {
	if len(word) > 64 {
		return "", false
	}
	word = strings.ToLower(word)
	best := 0
	for _, candidate := range known {
		changes := distance(word, strings.ToLower(candidate))
		if changes <= max(1, len(candidate)/3) && (!ok || changes < best) {
			nearest, best, ok = candidate, changes, true
		}
	}
	return nearest, ok
}

// distance counts insertions, deletions, replacements and swaps of neighbours
// (optimal string alignment), byte by byte: the known words are ASCII.
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replaced := last[j-1]
			if a[i-1] != b[j-1] {
				replaced++
			}
			row[j] = min(replaced, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
