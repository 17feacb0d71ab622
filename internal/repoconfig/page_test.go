package repoconfig

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// page is docs/configuration.md.
func page() string {
	var b strings.Builder
	b.WriteString(pageStart + "```yaml\n" + example() + "```\n" + pageKeys)
	c := usual()
	walk(table(&c), "", func(path string, r row) {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", path, fallback(r), must(r), r.about)
	})
	b.WriteString(pageValues + "```\n")
	_, problems := Parse("hotfix.yml", []byte(broken), func(string) bool { return true })
	for _, p := range problems {
		fmt.Fprintf(&b, "%s:%d:%d: %s\n", p.File, p.Line, p.Column, p.Message)
	}
	b.WriteString("```\n" + pageEnd)
	return b.String()
}

// fallback is the cell of the default.
func fallback(r row) string {
	switch value := r.kind.value(); {
	case r.required:
		return "required"
	case r.absent != "":
		return r.absent
	case value != nil:
		return "`" + inYAML(value) + "`"
	}
	return ""
}

func must(r row) string {
	if _, section := r.kind.(mapping); section {
		return ""
	}
	return r.kind.must()
}

// example is a file that sets every key, with the words that a key may have
// beside it.
func example() string {
	var b strings.Builder
	c := usual()
	exampleOf(&b, table(&c), "")
	return b.String()
}

func exampleOf(b *strings.Builder, m mapping, indent string) {
	for _, r := range m {
		if inside, section := r.kind.(mapping); section {
			b.WriteString(indent + r.name + ":\n")
			exampleOf(b, inside, indent+"  ")
			continue
		}
		value := r.example
		if value == "" {
			value = inYAML(r.kind.value())
		}
		line := indent + r.name + ":" + value
		if !strings.HasPrefix(value, "\n") {
			line = indent + r.name + ": " + value
		}
		if c, ok := r.kind.(choice); ok {
			line += strings.Repeat(" ", max(1, 34-utf8.RuneCountInString(line))) + "# " + strings.Join(c.words, " | ")
		}
		b.WriteString(line + "\n")
	}
}

var plain = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*$`)

// inYAML is a value as a file would hold it.
func inYAML(value any) string {
	switch value := value.(type) {
	case string:
		if plain.MatchString(value) {
			return value
		}
		return fmt.Sprintf("%q", value)
	case []string:
		all := make([]string, len(value))
		for i, one := range value {
			all[i] = inYAML(one)
		}
		return "[" + strings.Join(all, ", ") + "]"
	}
	return fmt.Sprint(value)
}

const pageStart = `# Configuration

<!-- Written by ` + "`go test ./internal/repoconfig -run TestDocs -update`" + ` from internal/repoconfig/table.go. -->

A repository is configured by ` + "`.github/hotfix.yml`" + ` on its default branch. All keys are optional, and so is the file.

## All of it

`
const pageKeys = `
## Key by key

| Key | Default | Must be | Meaning |
|---|---|---|---|
`
const pageValues = "\nPatterns are matched against the whole branch or path: `*` stays within a part between slashes, `**` goes over several, `{a,b}` is either.\n" +
	"Numbers are taken as they are written: a branch `1.20` is not `1.2`. Aliases (`*name`), tags (`!name`) and several documents in one file are not read.\n" + `
## When something is wrong

An unknown key, a value of the wrong kind or two values that contradict each other are reported with line, column and
remedy, all of them at once. A pull request that brings a mistake gets a failing check run *Hotfix configuration* before it
is merged. While there is a mistake on the default branch the bot does nothing and says so where people look: a guess could
carry a hotfix to the wrong branch. When it is mended, everything goes on by itself.

On the command line, for one's own checks:

` + "```sh run" + `
hotfixbot config check                     # .github/hotfix.yml; exit code 1 when there is a mistake
hotfixbot config check - <hotfix.yml       # standard input
hotfixbot config check --repo .            # and: are its branches there, in this clone or on its origin?
hotfixbot config check --branches main,qa  # and: are its branches among these?
` + "```" + `

This file

` + "```yaml\n" + broken + "```" + `

is answered by

`
const broken = `enviroments:
  - { name: Production, branch: main }
hotfix:
  branches: ["hotfix/**", "backport/**"]
release:
  tag: "1.7"
propagate:
  order: serial
  assign: alice
watch: 180
remind: { after: 7d, then: 3d }
`
const pageEnd = `
A branch that the file names and that does not exist is no mistake: the bot waits for it, and says so.

## Without a file, or without ` + "`environments`" + `

| Environment | Branch |
|---|---|
| Production | ` + "`production`, else `main`, else `master`" + ` |
| QA | ` + "`qa`" + ` |
| Development | ` + "`dev`, else `develop`" + ` |

A branch for QA or Development that does not exist is left out, and that is said. Without either of them, Production would be
Development at once, and without a branch for Production there is nothing to start from: then the bot says so and waits for a file.
A Pre-Production is never guessed.

## In an editor

` + "`hotfixbot config schema`" + ` prints a JSON Schema (draft 2020-12). Editors that know the YAML language server complete and check the
file with it:

` + "```sh run" + `
hotfixbot config schema >.github/hotfix.schema.json
` + "```" + `

` + "```yaml" + `
# yaml-language-server: $schema=hotfix.schema.json
` + "```" + `

It sees what is wrong with a value. What two values have to do with each other only ` + "`hotfixbot config check`" + ` sees.
`
