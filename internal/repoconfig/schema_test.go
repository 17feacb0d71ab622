package repoconfig_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/pb33f/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// compiled is the schema as an editor takes it in. That it is one at all is
// checked with it, by the schema of schemas.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := repoconfig.Schema()
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("hotfix.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("hotfix.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// values is what an editor hands to the schema; ok is false for a file that is no
// YAML, of which it speaks itself.
func values(t *testing.T, file string) (document any, ok bool) {
	t.Helper()
	var loaded any
	if yaml.Load([]byte(file), &loaded) != nil {
		return nil, false
	}
	data, err := json.Marshal(loaded)
	if err != nil {
		t.Fatalf("%q: %v", file, err)
	}
	document, err = jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%q: %v", file, err)
	}
	return document, true
}

// TestSchemaAndParserAgree: what the parser accepts the schema accepts, and what
// the parser refuses (the tests of problems) the schema refuses, but for what it
// can't see.
func TestSchemaAndParserAgree(t *testing.T) {
	schema := compiled(t)
	for _, file := range rightFiles() {
		if _, problems := repoconfig.Parse("f", []byte(file), usual); len(problems) > 0 {
			t.Errorf("%s: the parser refuses it: %+v", file, problems)
		}
		document, ok := values(t, file)
		if err := schema.Validate(document); !ok || err != nil {
			t.Errorf("%s: the schema refuses it: %v", file, err)
		}
	}
	for _, wrong := range append(wrongValues(), wrongEnvironments()...) {
		if document, ok := values(t, wrong.file); ok && schema.Validate(document) == nil {
			t.Errorf("%s: the schema accepts it", wrong.file)
		}
	}
	for _, file := range wrongAlone() {
		_, problems := repoconfig.Parse("f", []byte(file), usual)
		document, ok := values(t, file)
		if len(problems) != 1 || !ok || schema.Validate(document) == nil {
			t.Errorf("%s: the parser says %+v, the schema %v", file, problems, schema.Validate(document))
		}
	}
	for _, wrong := range wrongTogether() {
		document, ok := values(t, wrong.file)
		if err := schema.Validate(document); !ok || err != nil {
			t.Errorf("%s: the schema sees it, so it belongs to another table: %v", wrong.file, err)
		}
	}
}

// rightFiles are files that set a key each, some to what is just right, and one
// that sets all.
func rightFiles() []string {
	return []string{
		"~", "{}", complete,
		"environments: [{name: P, branch: 1.20}, {name: Q ä, branch: a/b.c/d-1}]",
		"environments: [{name: P, branch: p, landing: false}, {name: Q, branch: q, landing: true}]",
		"hotfix: {branches: ['hotfix/**', '{a,b}-*', 'x[ab]?'], label: a label of 50}",
		"release: {trigger: auto, tag: '{version}', github_release: True}",
		"release: {tag: 'shop/v{version}'}", "release: {tag: 'v2-shop-{version}'}",
		"deploy: {github_deployments: true}",
		"applications: [{name: whole}]",
		"applications: [{name: a, paths: [a], tag: 'a-{version}'}, {name: b, paths: [b, 'c/**'], tag: 'b/{version}'}]",
		"modules: {}", "modules: {cart: [a], 'pay & go': ['b/**', 'c']}",
		"propagate: {labels: [], assign: none, review: none, auto_merge: false}",
		"propagate: {labels: [1.7, 'a, b'], assign: [], review: [alice, acme/team.x], auto_merge: squash}",
		"propagate: {title: '{title}{pr}{environment}{branch}{tag}'}", "propagate: {title: 'x'}",
		"paths: [{match: [go.sum, '**/*.lock'], policy: ignore-for-proof}]",
		"close: manual\ngate: 'off'\nwatch: 3650d", "watch: 99h", "watch: 1w",
		"remind: {after: 7d}", "remind: {after: 1h, then: 1h}",
		"permissions: {deploy: triage, force: admin, write: maintain}",
	}
}

// wrongAlone is files with a single mistake each, which both must see.
func wrongAlone() []string {
	const name51 = "aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaab"
	return []string{
		"x: 1", "[]", "gate", "1", "gate: ~", "gate: false", "gate: Warn", "close: [auto]", "watch: 5", "watch: 5m", "watch: 0d", "watch: 05d", "watch: -1d", "watch: 100000h",
		"environments: []", "environments: {}", "environments: [a]", "environments: [{name: a}]", "environments: [{branch: a}]", "environments: [{name: a, branch: b, x: 1}]",
		"environments: [{name: a, branch: [b]}]", "environments: [{name: '', branch: b}]", "environments: [{name: ' a', branch: b}]", "environments: [{name: \"a\\tb\", branch: b}]",
		"environments: [{name: '-a', branch: b}]", "environments: [{name: 'a\"', branch: b}]", "environments: [{name: 'a|b', branch: b}]", "environments: [{name: " + name51 + ", branch: b}]",
		"environments: [{name: true, branch: b}]", "environments: [{name: a, branch: b, landing: 'true'}]", "environments: [{name: a, branch: b, landing: yes}]",
		"environments: [{name: a, branch: /b}]", "environments: [{name: a, branch: b/}]", "environments: [{name: a, branch: b//c}]", "environments: [{name: a, branch: .b}]",
		"environments: [{name: a, branch: b/.c}]", "environments: [{name: a, branch: b.lock}]", "environments: [{name: a, branch: b.lock/c}]", "environments: [{name: a, branch: b..c}]",
		"environments: [{name: a, branch: b.}]", "environments: [{name: a, branch: 'b c'}]", "environments: [{name: a, branch: 'b*'}]", "environments: [{name: a, branch: 'b[c'}]", "environments: [{name: a, branch: 'b\\c'}]",
		"environments: [{name: a, branch: '@'}]", "environments: [{name: a, branch: 'b@{c'}]", "environments: [{name: a, branch: -b}]", "environments: [{name: a, branch: refs/heads/b}]", "environments: [{name: a, branch: backport/b}]",
		"hotfix: []", "hotfix: {branches: a}", "hotfix: {branches: []}", "hotfix: {branches: [a, a]}", "hotfix: {branches: [/a]}", "hotfix: {branches: ['!a']}", "hotfix: {branches: [a/]}",
		"hotfix: {branches: [a//b]}", "hotfix: {branches: [./a]}", "hotfix: {branches: [a/../b]}", "hotfix: {branches: ['{a}{a}{a}{a}{a}']}", "hotfix: {branches: [" + name51 + name51 + name51 + name51 + "]}",
		"hotfix: {branches: [[a]]}", "hotfix: {label: " + name51 + "}", "hotfix: {label: []}",
		"release: {trigger: on}", "release: {tag: v1.7}", "release: {tag: 'v{version}{version}'}", "release: {tag: '{version}-shop'}", "release: {tag: 'v1{version}'}", "release: {tag: 'v1.{version}'}",
		"release: {tag: 'v{x}{version}'}", "release: {tag: '-{version}'}", "release: {tag: 'a b{version}'}", "release: {tag: 'a//{version}'}", "release: {tag: 7}", "release: {github_release: 1}", "deploy: {github_deployments: none}",
		"applications: []", "applications: [{paths: [a]}]", "applications: [{name: a, paths: []}]", "applications: [{name: a, paths: [a], tag: 'a{version}'}, {name: b, paths: [b]}]",
		"applications: [{name: a, paths: [a], tag: 'a{version}'}, {name: b, tag: 'b{version}'}]", "modules: []", "modules: {a: b}", "modules: {a: []}", "modules: {'': [b]}", "modules: {'-a': [b]}", "modules: {" + name51 + ": [b]}",
		"propagate: {order: both}", "propagate: {commits: merge}", "propagate: {labels: a}", "propagate: {labels: [a, a]}", "propagate: {labels: [true]}",
		"propagate: {assign: alice}", "propagate: {assign: approvers}", "propagate: {assign: [author]}", "propagate: {assign: [none]}", "propagate: {assign: ['@alice']}", "propagate: {assign: [acme/team]}", "propagate: {assign: {}}",
		"propagate: {review: author}", "propagate: {review: [approvers]}", "propagate: {review: [a/b/c]}", "propagate: {auto_merge: true}", "propagate: {auto_merge: 'false'}", "propagate: {auto_merge: always}",
		"propagate: {title: '{x}'}", "propagate: {title: '{title'}", "propagate: {title: ' {title}'}", "propagate: {title: ''}", "propagate: {title: \"a\\nb\"}", "propagate: {sign_off: x}",
		"paths: []", "paths: [{match: [a]}]", "paths: [{policy: union}]", "paths: [{match: [a], policy: theirs}]", "paths: {a: union}",
		"remind: 3d", "remind: {after: 3}", "remind: {before: 3d}", "permissions: admin", "permissions: {write: read}", "permissions: {write: none}", "permissions: {force: 5}",
	}
}
