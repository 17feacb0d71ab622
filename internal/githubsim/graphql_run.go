package githubsim

import (
	"errors"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// gqlRun is one operation while it is executed.
type gqlRun struct {
	*call
	schema *ast.Schema
	vars   map[string]any
	path   []any
	errors []*gqlError
}

// gqlField gives the value of a field: a scalar, an object of the model, a []any of them, or
// nil. Its parent is what the field above it gave; the arguments are those of the schema.
type gqlField func(q *gqlRun, parent any, args map[string]any) (any, error)

// object executes a selection set on a value of a type. It gives false when a field that may
// not be null is null, so that the whole object is.
func (q *gqlRun) object(static *ast.Definition, set ast.SelectionSet, value any) (object, bool) {
	def := static
	if name := gqlTypeOf(value); name != "" && static.IsAbstractType() {
		def = q.schema.Types[name]
	}
	out := object{}
	for _, f := range q.collect(def, set) {
		if _, done := out[f.Alias]; done {
			continue
		}
		v, ok := q.field(def, f, value)
		if !ok {
			return nil, false
		}
		out[f.Alias] = v
	}
	return out, true
}

// collect flattens fragments that apply to the type, and leaves out what @skip and @include
// take away.
func (q *gqlRun) collect(def *ast.Definition, set ast.SelectionSet) []*ast.Field {
	var list []*ast.Field
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			if q.included(s.Directives) {
				list = append(list, s)
			}
		case *ast.InlineFragment:
			if q.included(s.Directives) && q.applies(def, s.TypeCondition) {
				list = append(list, q.collect(def, s.SelectionSet)...)
			}
		case *ast.FragmentSpread:
			if q.included(s.Directives) && q.applies(def, s.Definition.TypeCondition) {
				list = append(list, q.collect(def, s.Definition.SelectionSet)...)
			}
		}
	}
	return list
}

func (q *gqlRun) included(list ast.DirectiveList) bool {
	for _, d := range list {
		yes := d.ArgumentMap(q.vars)["if"] == true
		if d.Name == "skip" && yes || d.Name == "include" && !yes {
			return false
		}
	}
	return true
}

func (q *gqlRun) applies(def *ast.Definition, condition string) bool {
	return condition == "" || condition == def.Name || slices.Contains(q.schema.PossibleTypes[condition], def)
}

// field executes one field.
func (q *gqlRun) field(def *ast.Definition, f *ast.Field, parent any) (any, bool) {
	if f.Name == "__typename" {
		return def.Name, true
	}
	q.path = append(q.path, f.Alias)
	defer func() { q.path = q.path[:len(q.path)-1] }()
	resolve := gqlFields[def.Name+"."+f.Name]
	if resolve == nil {
		q.violations = append(q.violations, "GraphQL: no answer to "+def.Name+"."+f.Name)
		return q.fail(f, errors.New("the simulated GitHub does not know "+def.Name+"."+f.Name))
	}
	v, err := resolve(q, parent, f.ArgumentMap(q.vars))
	if err != nil {
		return q.fail(f, err)
	}
	return q.value(f.Definition.Type, f.SelectionSet, v)
}

// fail notes an error; the field is null, or takes its object with it if it may not be.
func (q *gqlRun) fail(f *ast.Field, err error) (any, bool) {
	var known *gqlError
	if !errors.As(err, &known) {
		known = &gqlError{Message: "Something went wrong while executing your query: " + err.Error()}
	}
	e := *known
	e.Path = slices.Clone(q.path)
	e.Locations = []gqlerror.Location{{Line: f.Position.Line, Column: f.Position.Column}}
	q.errors = append(q.errors, &e)
	return nil, !f.Definition.Type.NonNull
}

// value renders what a field gave. GitHub's ids, dates and enums are strings already.
func (q *gqlRun) value(t *ast.Type, set ast.SelectionSet, v any) (any, bool) {
	if isNil(v) {
		return nil, !t.NonNull
	}
	if t.Elem != nil {
		return q.list(t.Elem, set, v)
	}
	def := q.schema.Types[t.NamedType]
	if def.IsLeafType() {
		return v, true
	}
	o, ok := q.object(def, set, v)
	if !ok {
		return nil, !t.NonNull
	}
	return o, true
}

func (q *gqlRun) list(elem *ast.Type, set ast.SelectionSet, v any) (any, bool) {
	items, _ := v.([]any)
	out := []any{}
	for n, x := range items {
		q.path = append(q.path, n)
		one, ok := q.value(elem, set, x)
		q.path = q.path[:len(q.path)-1]
		if !ok {
			return nil, false
		}
		out = append(out, one)
	}
	return out, true
}

// isNil tells null, also of the pointers that the fields give.
func isNil(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case *Repo:
		return v == nil
	case *Issue:
		return v == nil
	case *Pull:
		return v == nil
	case *User:
		return v == nil
	case *AutoMerge:
		return v == nil
	}
	return false
}

// gqlCommit is a commit of a repository.
type gqlCommit struct {
	repo *Repo
	commit
}

// gqlTypeOf names the type of an object, "" for those that stand in no interface or union.
func gqlTypeOf(v any) string {
	switch v := v.(type) {
	case *Repo:
		return "Repository"
	case *Issue:
		return "Issue"
	case *Pull:
		return "PullRequest"
	case *User:
		return v.Type
	case *Label:
		return "Label"
	case gqlCommit:
		return "Commit"
	case *IssueEvent:
		return map[string]string{
			"closed": "ClosedEvent", "reopened": "ReopenedEvent", "labeled": "LabeledEvent", "unlabeled": "UnlabeledEvent",
		}[v.Event]
	}
	return ""
}
