package repoconfig

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// people is a word for people who are known by what they did, `none`, or a list
// of logins.
type people struct {
	into *[]string
	word string
	form form
}

func (p people) read(r *reader, n *yaml.Node) {
	choices := []string{p.word, "none"}
	switch {
	case n.Kind == yaml.SequenceNode:
		*p.into = r.texts(n, p.form)
	case n.Kind == yaml.ScalarNode && n.Value != p.word && n.Value != "none" && p.form.wrong(n.Value) == "":
		r.fail(n, "must be %s; for one person write %s", p.must(), naming.Quoted("["+n.Value+"]"))
	case r.choice(n, choices) == p.word:
		*p.into = []string{p.word}
	default:
		*p.into = nil
	}
}

func (p people) schema() *schema {
	return &schema{AnyOf: []*schema{{Enum: []any{p.word, "none"}}, lines{form: p.form}.schema()}}
}

func (p people) must() string { return "`" + p.word + "`, `none` or a list of " + p.form.many }

func (p people) value() any {
	if p.into == nil || len(*p.into) == 0 {
		return nil
	}
	return (*p.into)[0]
}

var (
	login = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$`)
	team  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
)

// loginForm is people by name. The word for those who are known by what they did
// is none.
func loginForm(word string) form {
	return form{
		one: "a login", many: "logins",
		pattern: login.String(), never: "^(" + word + "|none)$",
		wrong: func(name string) string {
			switch {
			case name == word || name == "none":
				return "stands alone, not in a list"
			case strings.HasPrefix(name, "@"):
				return "must be written without `@`"
			case team.MatchString(name):
				return "is a team, which GitHub assigns nothing to; name people"
			case !login.MatchString(name):
				return "is no login"
			}
			return ""
		},
	}
}

// reviewerForm is people and teams.
func reviewerForm(word string) form {
	people := loginForm(word)
	f := people
	f.one, f.many = "a login or `org/team`", "logins and `org/team`"
	f.pattern = login.String() + "|" + team.String()
	f.wrong = func(name string) string {
		if team.MatchString(name) {
			return ""
		}
		return people.wrong(name)
	}
	return f
}
