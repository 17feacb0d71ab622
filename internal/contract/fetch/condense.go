package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/hotfixbot/hotfixbot/internal/contract/pinned"
)

// condense makes of a downloaded file what the checks read: the same rules without the prose,
// which is nine tenths of it.
func condense(as string, raw []byte) ([]byte, error) {
	switch as {
	case pinned.REST:
		return condenseOpenAPI(raw, restOperations)
	case pinned.Webhooks:
		return condenseOpenAPI(raw, hooks)
	case pinned.GraphQL:
		return condenseGraphQL(string(raw))
	}
	return raw, nil
}

// openAPI is as much of a description as the checks use.
type openAPI struct {
	Paths      map[string]map[string]any
	Webhooks   map[string]map[string]any
	Components map[string]map[string]any
}

// restOperations names each operation of the REST description by method and path.
func restOperations(d openAPI) (string, map[string]any) {
	ops := map[string]any{}
	for path, item := range d.Paths {
		for method, op := range item {
			ops[strings.ToUpper(method)+" "+markSlashes(path, op, d.Components["parameters"])] = op
		}
	}
	return pinned.Operations, ops
}

// markSlashes writes {name+} for the parameters of a path that GitHub marks as spanning several
// segments (x-multi-segment), such as the ref of git/ref/heads/main.
func markSlashes(path string, op any, components map[string]any) string {
	list, _ := op.(map[string]any)["parameters"].([]any)
	for _, p := range list {
		parameter, _ := p.(map[string]any)
		if ref, ok := parameter["$ref"].(string); ok {
			parameter, _ = components[strings.TrimPrefix(ref, "#/components/parameters/")].(map[string]any)
		}
		if parameter["x-multi-segment"] == true {
			name, _ := parameter["name"].(string)
			path = strings.Replace(path, "{"+name+"}", "{"+name+"+}", 1)
		}
	}
	return path
}

// hooks names each webhook; all of them are POST.
func hooks(d openAPI) (string, map[string]any) {
	ops := map[string]any{}
	for name, item := range d.Webhooks {
		ops[name] = item["post"]
	}
	return pinned.Hooks, ops
}

func condenseOpenAPI(raw []byte, roots func(openAPI) (string, map[string]any)) ([]byte, error) {
	var d openAPI
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber() // limits such as 9223372036854775807 must survive
	if err := dec.Decode(&d); err != nil {
		return nil, err
	}
	out := pinned.NewDocument()
	section, ops := roots(d)
	delete(d.Components, "examples")
	all := map[string]map[string]any{section: ops}
	for s, pieces := range d.Components {
		all[s] = pieces
	}
	for s, pieces := range all {
		for name, piece := range pieces {
			b, err := json.Marshal(withoutProse(piece))
			if err != nil {
				return nil, err
			}
			out.Add(s, name, b)
		}
	}
	var b bytes.Buffer
	_, err := out.WriteTo(&b)
	return b.Bytes(), err
}

// withoutProse removes from an OpenAPI value what says nothing about right and wrong.
func withoutProse(v any) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = withoutProse(v[i])
		}
	case map[string]any:
		allowNull(v)
		for key, value := range v {
			switch key {
			case "summary", "description", "title", "example", "examples", "externalDocs", "tags", "deprecated",
				"x-github", "x-octokit", "x-github-breaking-changes", "operationId":
				delete(v, key)
			case "enum", "default", "const": // values, not rules
			case "properties", "patternProperties": // here the keys are names
				for name, property := range value.(map[string]any) {
					value.(map[string]any)[name] = withoutProse(property)
				}
			default:
				v[key] = withoutProse(value)
			}
		}
	}
	return v
}

// allowNull makes null one of the choices where GitHub writes nullable beside a choice: by the
// letter of OpenAPI 3.0.3 that says nothing without a type, and GitHub does send null there (the
// committer of a commit whose address no account has).
func allowNull(schema map[string]any) {
	if schema["nullable"] != true || schema["type"] != nil {
		return
	}
	for _, key := range []string{"oneOf", "anyOf"} {
		if choices, ok := schema[key].([]any); ok {
			schema[key] = append(choices, map[string]any{"type": "object", "nullable": true, "enum": []any{nil}})
		}
	}
}

// condenseGraphQL drops descriptions, and the second definition of a field that GitHub's
// published schema has twice (15.26.1: EnterpriseOwnerInfo), which no strict parser takes.
func condenseGraphQL(raw string) ([]byte, error) {
	schema, err := parser.ParseSchema(&ast.Source{Name: pinned.GraphQL, Input: raw})
	if err != nil {
		return nil, fmt.Errorf("GitHub's schema: %w", err)
	}
	for _, def := range schema.Definitions {
		def.Fields = firstOfEachName(def.Fields)
	}
	var b bytes.Buffer
	formatter.NewFormatter(&b, formatter.WithoutDescription()).FormatSchemaDocument(schema)
	return b.Bytes(), nil
}

func firstOfEachName(fields ast.FieldList) ast.FieldList {
	seen := map[string]bool{}
	var kept ast.FieldList
	for _, f := range fields {
		if !seen[f.Name] {
			seen[f.Name] = true
			kept = append(kept, f)
		}
	}
	return kept
}
