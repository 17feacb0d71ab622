package repoconfig

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/spelling"
)

// choice is one of some words.
type choice struct {
	into  *string
	words []string
}

func (c choice) read(r *reader, n *yaml.Node) { *c.into = r.choice(n, c.words) }
func (c choice) schema() *schema              { return &schema{Enum: anys(c.words)} }
func (c choice) must() string                 { return oneOf(coded(c.words)) }

func (c choice) value() any {
	if *c.into == "" {
		return nil
	}
	return *c.into
}

// choice reads one of the words; "" after a problem.
func (r *reader) choice(n *yaml.Node, words []string) string {
	if n.Kind == yaml.ScalarNode {
		for _, word := range words {
			switch {
			case n.Value == word:
				return word
			case strings.TrimSpace(n.Value) == word:
				r.fail(n, "must be one line without white space around it")
				return ""
			}
		}
	}
	hint := ""
	if near, ok := spelling.Nearest(n.Value, words); ok {
		hint = "; did you mean `" + near + "`?"
	}
	r.fail(n, "must be %s, not %s%s", oneOf(coded(words)), shape(n), hint)
	return ""
}

// boolean is true or false.
type boolean struct{ into *bool }

func (b boolean) read(r *reader, n *yaml.Node) {
	if n.ShortTag() != "!!bool" {
		r.fail(n, "must be %s, not %s", b.must(), shape(n))
		return
	}
	*b.into = strings.EqualFold(n.Value, "true")
}

func (boolean) schema() *schema { return &schema{Type: "boolean"} }
func (b boolean) value() any    { return *b.into }
func (boolean) must() string    { return "`true` or `false`" }

// method is how pull requests are merged by themselves: false, which is "", or
// the method.
type method struct{ into *string }

func methods() []string { return []string{"merge", "squash", "rebase"} }

func (m method) read(r *reader, n *yaml.Node) {
	switch {
	case n.ShortTag() != "!!bool":
		*m.into = r.choice(n, methods())
	case strings.EqualFold(n.Value, "true"):
		r.fail(n, "name the method: %s", oneOf(coded(methods())))
	default:
		*m.into = ""
	}
}

func (method) schema() *schema { return &schema{Enum: append([]any{false}, anys(methods())...)} }
func (method) must() string    { return oneOf(coded(append([]string{"false"}, methods()...))) }

func (m method) value() any {
	if *m.into == "" {
		return false
	}
	return *m.into
}

// duration is a time in hours, days or weeks.
type duration struct{ into *time.Duration }

var durationForm = regexp.MustCompile(`^([1-9][0-9]{0,4})([hdw])$`)

// maxDuration is ten years: more is a slip, and Duration itself ends at 292.
const maxDuration = 3650 * 24 * time.Hour

func (d duration) read(r *reader, n *yaml.Node) {
	if m := durationForm.FindStringSubmatch(n.Value); m != nil && n.Kind == yaml.ScalarNode {
		unit := map[string]time.Duration{"h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[m[2]]
		count, _ := strconv.Atoi(m[1]) // digits, by the form
		if time.Duration(count) <= maxDuration/unit {
			*d.into = time.Duration(count) * unit
			return
		}
	}
	r.fail(n, "must be %s, not %s", d.must(), shape(n))
}

func (duration) schema() *schema { return &schema{Type: "string", Pattern: durationForm.String()} }

func (duration) must() string {
	return "a number of hours, days or weeks such as `12h`, `180d` or `4w`, at most `3650d`"
}

func (d duration) value() any {
	if *d.into == 0 {
		return nil
	}
	return written(*d.into)
}

// written is a duration as a file says it: "180d", or "12h".
func written(d time.Duration) string {
	hours := int(d / time.Hour)
	if hours%24 == 0 {
		return strconv.Itoa(hours/24) + "d"
	}
	return strconv.Itoa(hours) + "h"
}

// anys is words as values of any kind.
func anys(words []string) []any {
	all := make([]any, len(words))
	for i, word := range words {
		all[i] = word
	}
	return all
}

// permission is a role that may be asked for. Below triage everybody has it in a
// public repository.
type permission struct{ into *hotfix.Permission }

func roles() []string { return []string{"triage", "write", "maintain", "admin"} }

func (p permission) read(r *reader, n *yaml.Node) {
	*p.into, _ = hotfix.ParsePermission(r.choice(n, roles()))
}

func (permission) schema() *schema { return &schema{Enum: anys(roles())} }
func (permission) must() string    { return oneOf(coded(roles())) }

func (p permission) value() any {
	if *p.into == 0 {
		return nil
	}
	return p.into.String()
}
