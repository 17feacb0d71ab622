package repoconfig

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// What a pattern may hold keeps matching fast: each pair of braces multiplies the
// ways in which it can be read.
const (
	maxPattern = 200 // bytes
	maxBraces  = 4   // pairs
)

// globs reads a list of patterns with at least one.
func (r *reader) globs(n *yaml.Node) []string {
	before := len(r.problems)
	all := r.texts(n, func(pattern string) string {
		switch {
		case !doublestar.ValidatePattern(pattern):
			return "is no valid pattern"
		case len(pattern) > maxPattern || strings.Count(pattern, "{") > maxBraces:
			return fmt.Sprintf("is longer than %d bytes or has more than %d pairs of braces; write several patterns", maxPattern, maxBraces)
		case strings.HasPrefix(pattern, "/"):
			return "starts with a slash; patterns are matched from the start without one"
		}
		return ""
	})
	if len(all) == 0 && len(r.problems) == before {
		r.fail(n, "the list is empty; give it a pattern or leave the key out")
	}
	return all
}

// maxLabel is GitHub's limit for the name of a label, in characters.
const maxLabel = 50

func wrongLabel(label string) string {
	if len([]rune(label)) > maxLabel {
		return fmt.Sprintf("is longer than the %d characters that GitHub takes for a label", maxLabel)
	}
	return ""
}

func (r *reader) label(n *yaml.Node) string {
	label, ok := r.text(n)
	if problem := wrongLabel(label); ok && problem != "" {
		r.fail(n, "%s %s", naming.Quoted(label), problem)
	}
	return label
}

// labels may be an empty list: then backports get none.
func (r *reader) labels(n *yaml.Node) []string { return r.texts(n, wrongLabel) }

var (
	login = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$`)
	team  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
)

func wrongLogin(name string) string {
	switch {
	case strings.HasPrefix(name, "@"):
		return "must be written without `@`"
	case team.MatchString(name):
		return "is a team, which GitHub assigns nothing to; name people"
	case !login.MatchString(name):
		return "is no login"
	}
	return ""
}

func wrongReviewer(name string) string {
	if team.MatchString(name) {
		return ""
	}
	return wrongLogin(name)
}

// people reads a word for people who are known by what they did, `none`, or a
// list of logins.
func (r *reader) people(n *yaml.Node, word string, wrong func(string) string) []string {
	if n.Kind != yaml.SequenceNode {
		if n.Kind == yaml.ScalarNode && wrong(n.Value) == "" && n.Value != word && n.Value != "none" {
			r.fail(n, "must be `%s`, `none` or a list of logins; for one person write %s", word, naming.Quoted("["+n.Value+"]"))
			return nil
		}
		if r.choice(n, word, "none") == word {
			return []string{word}
		}
		return nil
	}
	return r.texts(n, func(name string) string {
		if name == word || name == "none" {
			return "stands alone, not in a list"
		}
		return wrong(name)
	})
}

// autoMerge reads false, which is "", or a merge method.
func (r *reader) autoMerge(n *yaml.Node) string {
	if n.ShortTag() == "!!bool" && strings.EqualFold(n.Value, "false") {
		return ""
	}
	if n.Value == "true" {
		r.fail(n, "name the method: `merge`, `squash` or `rebase`")
		return ""
	}
	return r.choice(n, "merge", "squash", "rebase")
}

var (
	duration = regexp.MustCompile(`^([0-9]{1,5})([hdw])$`)
	unit     = map[string]time.Duration{"h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}
)

// maxDuration is ten years: more is a slip, and Duration itself ends at 292.
const maxDuration = 3650 * 24 * time.Hour

func (r *reader) duration(n *yaml.Node) time.Duration {
	if m := duration.FindStringSubmatch(n.Value); m != nil && n.Kind == yaml.ScalarNode {
		count, _ := strconv.Atoi(m[1]) // digits, by the form
		if d := time.Duration(count) * unit[m[2]]; count > 0 && time.Duration(count) <= maxDuration/unit[m[2]] {
			return d
		}
	}
	r.fail(n, "must be a number of hours, days or weeks such as `12h`, `180d` or `4w`, at most `3650d`, not %s", shape(n))
	return 0
}

// permission reads a role that may be asked for. Below triage everybody has it
// in a public repository.
func (r *reader) permission(n *yaml.Node) hotfix.Permission {
	p, _ := hotfix.ParsePermission(r.choice(n, "triage", "write", "maintain", "admin"))
	return p
}

const version = "{version}"

// tag reads the template of release tags.
func (r *reader) tag(n *yaml.Node) string {
	template, ok := r.text(n)
	if !ok {
		return ""
	}
	name := strings.Replace(template, version, "1.7.1", 1)
	switch problem := wrongRef(name); {
	case name == template:
		r.fail(n, "%s must contain `{version}`, for example `v{version}`", naming.Quoted(template))
	case strings.ContainsAny(name, "{}"):
		r.fail(n, "%s must contain `{version}` once and no other braces", naming.Quoted(template))
	case problem != "":
		r.fail(n, "%s is no name for a tag: it %s", naming.Quoted(name), problem)
	}
	return template
}

// placeholders are what a title's template may hold; the renderer fills them in.
func placeholders() []string { return []string{"title", "pr", "environment", "branch", "tag"} }

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

func (r *reader) title(n *yaml.Node) string {
	template, _ := r.text(n)
	for _, found := range placeholder.FindAllStringSubmatch(template, -1) {
		if known := placeholders(); !slices.Contains(known, found[1]) {
			r.fail(n, "unknown placeholder %s; %s", naming.Quoted(found[0]), meant(found[1], known))
		}
	}
	return template
}
