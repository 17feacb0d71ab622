package repoconfig

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

var (
	docsExample = regexp.MustCompile("(?s)```yaml\n(.*?)```")
	docsRow     = regexp.MustCompile("(?m)^\\| `([a-z_.]+)` \\|(?: .*)? \\| (yes|not yet|partly: .*) \\|$")
)

// TestDocs keeps docs/configuration.md true: its example is valid and sets every
// key, its table has a row for each of them, and says of the right ones that
// their work is not there yet.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	r := reader{file: "docs", set: make(map[string]*yaml.Node)}
	var c hotfix.Config
	r.config(r.document([]byte(docsExample.FindStringSubmatch(string(page))[1])), &c)
	if len(r.problems) > 0 {
		t.Errorf("the example: %+v", r.problems)
	}
	var pending []string
	for _, p := range notYet() {
		pending = append(pending, p.key)
	}
	effect := make(map[string]string)
	for _, m := range docsRow.FindAllStringSubmatch(string(page), -1) {
		effect[m[1]] = m[2]
		section, _, _ := strings.Cut(m[1], ".")
		works := !slices.Contains(pending, m[1]) && !slices.Contains(pending, section)
		if works != (m[2] == "yes") {
			t.Errorf("the page says of %s: %s", m[1], m[2])
		}
		if r.set[m[1]] == nil {
			t.Errorf("the example does not set %s", m[1])
		}
	}
	for key := range r.set {
		if effect[key] == "" && !strings.HasPrefix(key, "modules.") {
			t.Errorf("the page has no row for %s", key)
		}
	}
	for _, name := range placeholders() {
		if !strings.Contains(string(page), "`{"+name+"}`") {
			t.Errorf("the page does not name the placeholder {%s}", name)
		}
	}
}

// TestEveryKeyIsInTheExample keeps the example of TestDocs from falling behind
// the schema: a key that the schema knows is named in the problem of one that it
// does not know.
func TestEveryKeyIsInTheExample(t *testing.T) {
	page, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	for file, prefix := range map[string]string{
		"zzzzzzzz: 1": "", "hotfix: {zzzzzzzz: 1}": "hotfix.", "release: {zzzzzzzz: 1}": "release.", "deploy: {zzzzzzzz: 1}": "deploy.",
		"propagate: {zzzzzzzz: 1}": "propagate.", "remind: {zzzzzzzz: 1}": "remind.", "permissions: {zzzzzzzz: 1}": "permissions.",
		"environments: [{name: a, branch: a, zzzzzzzz: 1}]": "environments.", "applications: [{name: a, zzzzzzzz: 1}]": "applications.",
		"paths: [{match: [a], policy: union, zzzzzzzz: 1}]": "paths.",
	} {
		_, problems := Parse("f", []byte(file), nil)
		if len(problems) != 1 {
			t.Fatalf("%s: %+v", file, problems)
		}
		_, known, _ := strings.Cut(problems[0].Message, "known here: ")
		for _, key := range strings.Split(known, ", ") {
			if want := "| `" + prefix + strings.Trim(key, "`") + "` |"; !strings.Contains(string(page), want) {
				t.Errorf("the page has no row %s", want)
			}
		}
	}
}
