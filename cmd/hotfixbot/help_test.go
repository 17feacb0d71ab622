package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestHelp: each command says with an example what it is for.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, leaf := range model(t).Leaves(true) {
		var words []string
		for node := leaf; node.Parent != nil; node = node.Parent {
			words = append([]string{node.Name}, words...)
		}
		var out bytes.Buffer
		code := run(t.Context(), append(words, "--help"), streams{out: &out, err: &out})
		help, name := out.String(), "hotfixbot "+strings.Join(words, " ")
		if _, examples, ok := strings.Cut(help, "\nExample"); code != 0 || !ok || !strings.Contains(examples, name) {
			t.Errorf("exit code %d, and %s has no example of itself:\n%s", code, name, help)
		}
	}
}
