package repoconfig

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// form is what a text must look like: in words, as a check, and as patterns for
// editors. The patterns are of the kind that Go and JavaScript read alike.
type form struct {
	one, many string              // "a label", "labels"
	wrong     func(string) string // what is wrong with it, as the end of a sentence; "" when nothing is
	longest   int                 // in characters; 0: any length
	pattern   string              // what it must match; empty: one line
	never     string              // what it must not match; empty: nothing
	letters   bool                // no number has the form
}

// oneLine matches a line without white space around it and control characters.
const oneLine = `^[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?$`

// schema takes numbers as text, as the parser does. Patterns don't concern them.
func (f form) schema() *schema {
	s := &schema{Type: []string{"string", "number"}, MaxLength: f.longest, Pattern: f.pattern}
	if f.letters {
		s.Type = "string"
	}
	if f.pattern == "" {
		s.Pattern = oneLine
	}
	if f.never != "" {
		s.Not = &schema{Type: "string", Pattern: f.never}
	}
	return s
}

// maxName keeps the names of environments, applications and modules readable in
// tables.
const maxName = 50

func nameForm() form {
	return form{
		one: fmt.Sprintf("a name of at most %d characters", maxName), many: "names",
		longest: maxName, never: "^[#-]|[`\"|]",
		wrong: func(name string) string {
			switch {
			case len([]rune(name)) > maxName:
				return fmt.Sprintf("is longer than %d characters", maxName)
			case strings.HasPrefix(name, "#") || strings.HasPrefix(name, "-") || strings.ContainsAny(name, "`\"|"):
				return "can't be said in a command: it starts with `#` or `-`, or holds a quote or `|`"
			}
			return ""
		},
	}
}

// maxLabel is GitHub's limit for the name of a label, in characters.
const maxLabel = 50

func labelForm() form {
	return form{
		one: fmt.Sprintf("a label of at most %d characters", maxLabel), many: "labels",
		longest: maxLabel,
		wrong: func(label string) string {
			if len([]rune(label)) > maxLabel {
				return fmt.Sprintf("is longer than the %d characters that GitHub takes for a label", maxLabel)
			}
			return ""
		},
	}
}

// placeholders are what a title's template may hold; the renderer fills them in.
func placeholders() []string { return []string{"title", "pr", "environment", "branch", "tag"} }

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

func titleForm() form {
	known := placeholders()
	return form{
		one: "one line of text", many: "lines",
		pattern: `^([^{}\x00-\x1f\x7f-\x9f]|\{(` + strings.Join(known, "|") + `)\})+$`, never: `^\s|\s$`,
		wrong: func(template string) string {
			var unknown []string
			for _, found := range placeholder.FindAllStringSubmatch(template, -1) {
				if !slices.Contains(known, found[1]) {
					unknown = append(unknown, naming.Quoted(found[0]))
				}
			}
			switch {
			case len(unknown) > 0:
				return "holds " + strings.Join(unknown, " and ") + "; the placeholders are `{" + strings.Join(known, "}`, `{") + "}`"
			case strings.ContainsAny(placeholder.ReplaceAllString(template, ""), "{}"):
				return "holds a brace that belongs to no placeholder"
			}
			return ""
		},
	}
}
