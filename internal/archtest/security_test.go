package archtest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

var (
	testCited  = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9_]+)`")
	storyCited = regexp.MustCompile("stor(?:y|ies) (`[a-z-]+`(?:, `[a-z-]+`)*)")
	name       = regexp.MustCompile("`([a-z-]+)`")
	testNamed  = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9_]+)\(`)
)

// TestThreatsAreTried holds docs/security.md to the tests and stories that it names.
func TestThreatsAreTried(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(root, "docs", "security.md"))
	if err != nil {
		t.Fatal(err)
	}
	there := testsThere(t)
	for _, m := range testCited.FindAllStringSubmatch(string(page), -1) {
		if !there[m[1]] {
			t.Errorf("docs/security.md names %s, which is no test", m[1])
		}
	}
	for _, list := range storyCited.FindAllStringSubmatch(string(page), -1) {
		for _, m := range name.FindAllStringSubmatch(list[1], -1) {
			if _, err := os.Stat(filepath.Join(root, "internal", "e2e", "testdata", m[1]+".txtar")); err != nil {
				t.Errorf("docs/security.md names the story %s: %v", m[1], err)
			}
		}
	}
}

// testsThere are the names of all tests of the project.
func testsThere(t *testing.T) map[string]bool {
	t.Helper()
	there := map[string]bool{}
	for _, pattern := range []string{"*/*_test.go", "*/*/*_test.go", "*/*/*/*_test.go"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range testNamed.FindAllStringSubmatch(string(data), -1) {
				there[m[1]] = true
			}
		}
	}
	return there
}
