package repoconfig

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/goldentest"
)

var update = flag.Bool("update", false, "write docs/configuration.md anew")

// TestDocs keeps docs/configuration.md true. After a change of the table:
// go test ./internal/repoconfig -run TestDocs -update
func TestDocs(t *testing.T) {
	const path = "../../docs/configuration.md"
	want := page()
	goldentest.Hold(t, path, want, *update)
}

// TestExample: the example of the page is right and sets every key.
func TestExample(t *testing.T) {
	r, c := read("docs", []byte(example()))
	if len(r.problems) > 0 || len(r.remarks(c)) > 0 {
		t.Errorf("%+v %q", r.problems, r.remarks(c))
	}
	walk(table(&c), "", func(path string, _ row) {
		if r.set[path].key == nil {
			t.Errorf("the example does not set %s", path)
		}
	})
}

// TestEveryRowSaysWhatItIs wants the words that the page and the schema show.
func TestEveryRowSaysWhatItIs(t *testing.T) {
	c := usual()
	walk(table(&c), "", func(path string, r row) {
		_, section := r.kind.(mapping)
		if !strings.HasSuffix(r.about, ".") || r.kind.must() == "" {
			t.Errorf("%s: about %q, must be %q", path, r.about, r.kind.must())
		}
		if known := r.required || r.absent != "" || r.kind.value() != nil; known == section {
			t.Errorf("%s: it is not said what counts without it, or of a section that something does", path)
		}
	})
	for _, name := range placeholders() {
		if !strings.Contains(page(), "`{"+name+"}`") {
			t.Errorf("the page does not name the placeholder {%s}", name)
		}
	}
}

// TestSchemaTellsEverything: every key is described where editors look for it.
func TestSchemaTellsEverything(t *testing.T) {
	data, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var root map[string]any
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	if root["$schema"] != "https://json-schema.org/draft/2020-12/schema" {
		t.Errorf("the draft is %v", root["$schema"])
	}
	keys, c := 0, usual()
	walk(table(&c), "", func(string, row) { keys++ })
	if told := described(t, "", root); told != keys {
		t.Errorf("%d of %d keys", told, keys)
	}
}

// described counts the keys of an object and wants it closed and each described.
func described(t *testing.T, path string, object map[string]any) int {
	t.Helper()
	properties, _ := object["properties"].(map[string]any)
	if properties != nil && object["additionalProperties"] != false {
		t.Errorf("%s takes any key", path)
	}
	count := len(properties)
	for name, value := range properties {
		inside := value.(map[string]any)
		if text, _ := inside["description"].(string); text == "" {
			t.Errorf("%s%s is not described", path, name)
		}
		count += described(t, path+name+".", inside)
		if items, ok := inside["items"].(map[string]any); ok {
			count += described(t, path+name+".", items)
		}
	}
	return count
}

var yamlBlock = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")

// TestTasks: every file that docs/configuring.md proposes is right.
func TestTasks(t *testing.T) {
	text, err := os.ReadFile("../../docs/configuring.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := yamlBlock.FindAllSubmatch(text, -1)
	c := usual()
	walk(table(&c), "", func(path string, _ row) {
		key := path[strings.LastIndex(path, ".")+1:]
		if !slices.ContainsFunc(blocks, func(block [][]byte) bool { return strings.Contains(string(block[1]), key+":") }) {
			t.Errorf("docs/configuring.md has no task for %s", path)
		}
	})
	for _, block := range blocks {
		if r, _ := read("docs/configuring.md", block[1]); len(r.problems) > 0 {
			t.Errorf("%+v in\n%s", r.problems, block[1])
		}
	}
}
