// Package goldentest holds what the program says against the file that shows it.
package goldentest

import (
	"os"
	"path/filepath"
	"testing"
)

// Hold compares a text with a file; update writes the file first.
func Hold(t *testing.T, file, text string, update bool) {
	t.Helper()
	if update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	shown, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(shown) {
		t.Errorf("%s shows something else; run %s with -update and read the difference.\n--- is ---\n%s\n--- file ---\n%s", file, t.Name(), text, shown)
	}
}
