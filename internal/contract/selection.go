package contract

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// dataWalk lays the data of a GraphQL answer beside the selections of its query.
type dataWalk struct {
	schema  *ast.Schema
	partial bool // the answer has errors: null may stand where something is missing
	wrong   []string
}

func (w *dataWalk) say(format string, args ...any) {
	w.wrong = append(w.wrong, "answer "+fmt.Sprintf(format, args...))
}

// object checks that an object has each selected field, and no other.
func (w *dataWalk) object(static *ast.Definition, set ast.SelectionSet, data map[string]any, at string) {
	def := static
	if name, ok := data["__typename"].(string); ok {
		if def = w.schema.Types[name]; def == nil || !w.isA(def, static) {
			w.say("%s: __typename %q is no %s", at, name, static.Name)
			return
		}
	}
	selected := map[string]*ast.Field{}
	w.collect(def, set, selected, true, data, at)
	for key := range data {
		if selected[key] == nil {
			w.say("%s.%s: nobody asked for it", at, key)
		}
	}
}

// collect walks the fields that a selection set demands of an object. A fragment on another type
// than the one that is known is optional: the object may or may not be of that type.
func (w *dataWalk) collect(def *ast.Definition, set ast.SelectionSet, selected map[string]*ast.Field,
	demanded bool, data map[string]any, at string,
) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			w.field(s, selected, demanded, data, at)
		case *ast.InlineFragment:
			w.fragment(def, s.TypeCondition, s.SelectionSet, selected, demanded, data, at)
		case *ast.FragmentSpread:
			w.fragment(def, s.Definition.TypeCondition, s.Definition.SelectionSet, selected, demanded, data, at)
		}
	}
}

func (w *dataWalk) fragment(def *ast.Definition, condition string, set ast.SelectionSet,
	selected map[string]*ast.Field, demanded bool, data map[string]any, at string,
) {
	on := w.schema.Types[condition]
	if condition == "" || w.isA(def, on) {
		w.collect(def, set, selected, demanded, data, at)
		return
	}
	if def.Kind == ast.Interface || def.Kind == ast.Union {
		w.collect(def, set, selected, false, data, at)
	}
}

// field checks one field of an object.
func (w *dataWalk) field(f *ast.Field, selected map[string]*ast.Field, demanded bool, data map[string]any, at string) {
	selected[f.Alias] = f
	value, there := data[f.Alias]
	switch {
	case there:
		w.value(f.Definition.Type, f.SelectionSet, value, at+"."+f.Alias)
	case demanded && len(f.Directives) == 0: // @skip and @include may take it away
		w.say("%s.%s: asked for, and missing", at, f.Alias)
	}
}

// value checks a value against its type.
func (w *dataWalk) value(t *ast.Type, set ast.SelectionSet, value any, at string) {
	if value == nil {
		if t.NonNull && !w.partial {
			w.say("%s: null, want %s", at, t)
		}
		return
	}
	if t.Elem != nil {
		list, ok := value.([]any)
		if !ok {
			w.say("%s: no list", at)
		}
		for i, v := range list {
			w.value(t.Elem, set, v, fmt.Sprintf("%s[%d]", at, i))
		}
		return
	}
	def := w.schema.Types[t.NamedType]
	if def.Kind == ast.Scalar || def.Kind == ast.Enum {
		w.leaf(def, value, at)
		return
	}
	object, ok := value.(map[string]any)
	if !ok {
		w.say("%s: no object", at)
		return
	}
	w.object(def, set, object, at)
}

// leaf checks a scalar or an enum. GitHub's own scalars (DateTime, URI, …) are strings.
func (w *dataWalk) leaf(def *ast.Definition, value any, at string) {
	ok := false
	switch v := value.(type) {
	case bool:
		ok = def.Name == "Boolean"
	case json.Number:
		_, err := v.Int64()
		ok = def.Name == "Float" || def.Name == "Int" && err == nil || def.Name == "BigInt"
	case string:
		ok = !slices.Contains([]string{"Boolean", "Int", "Float"}, def.Name)
		if def.Kind == ast.Enum {
			ok = def.EnumValues.ForName(v) != nil
		}
	}
	if !ok {
		w.say("%s: %v is no %s", at, value, def.Name)
	}
}

// isA tells whether every object of the one type is of the other.
func (w *dataWalk) isA(def, other *ast.Definition) bool {
	return def == other || other != nil && slices.Contains(w.schema.PossibleTypes[other.Name], def)
}
