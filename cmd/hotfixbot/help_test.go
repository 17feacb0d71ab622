package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestHelp: each command says with an example what it is for.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, leaf := range model(t).Leaves(true) {
		var words []string
		for node := leaf; node.Parent != nil; node = node.Parent {
			words = append([]string{node.Name}, words...)
		}
		var out bytes.Buffer
		code := run(t.Context(), append(words, "--help"), streams{out: &out, err: &out})
		help, name := out.String(), "hotfixbot "+strings.Join(words, " ")
		if _, examples, ok := strings.Cut(help, "\nExample"); code != 0 || !ok || !strings.Contains(examples, name) {
			t.Errorf("exit code %d, and %s has no example of itself:\n%s", code, name, help)
		}
	}
}

// TestSpelled: what people of other programs write is understood.
func TestSpelled(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"": "Usage: hotfixbot <command>", "help": "Usage: hotfixbot <command>", "help serve": "Usage: hotfixbot serve",
		"help config check": "Usage: hotfixbot config check", "-v": "hotfixbot " + version, "--version": "hotfixbot " + version,
		"--version --json": `"version":"` + version + `"`,
	} {
		var out bytes.Buffer
		if code := run(t.Context(), strings.Fields(args), streams{out: &out, err: &out}); code != 0 || !strings.Contains(out.String(), want) {
			t.Errorf("%q: exit code %d\n%s", args, code, out.String())
		}
	}
}

func TestRepositoriesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"acme/shop": "acme/shop", "https://github.com/acme/shop": "acme/shop", "https://github.com/acme/shop.git": "acme/shop",
		"https://github.example.com/acme/shop/pull/34": "acme/shop",
		"acme": "", "acme/": "", "acme/shop/x": "", "https://github.com/acme": "", "../shop": "", "acme/sh op": "", "": "",
	} {
		if got, err := parseRepository(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}
