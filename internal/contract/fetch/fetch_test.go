package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/contract/pinned"
)

const description = `{"openapi":"3.0.3","paths":{"/a/{b}":{"get":{"summary":"prose","parameters":[{"$ref":"#/components/parameters/b"}],
"responses":{"200":{"description":"prose","content":{"application/json":{"schema":{"$ref":"#/components/schemas/s"}}}}}}}},
"components":{"parameters":{"b":{"name":"b","in":"path","x-multi-segment":true}},"examples":{"e":{"value":1}},
"schemas":{"n":{"nullable":true,"oneOf":[{"type":"object"}]},"s":{"description":"prose","properties":{"description":{"type":"string","example":"prose"}},"required":["description"]}}}}`

// tarball is a package of one file, and what the repository would know of it.
func tarball(t *testing.T, file, content string) ([]byte, pinned.Package) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, name := range []string{"package/huge.json", file} {
		if err := w.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(content))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512(b.Bytes())
	return b.Bytes(), pinned.Package{
		Name: "@github/description", Version: "1.0.0", File: file, As: pinned.REST,
		Integrity: "sha512-" + base64.StdEncoding.EncodeToString(sum[:]),
	}
}

// handing is a packer that hands out one tarball.
func handing(b []byte) packer {
	return func(_ context.Context, _ pinned.Package, into string) (string, error) {
		path := filepath.Join(into, "package.tgz")
		return path, os.WriteFile(path, b, 0o600)
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	b, p := tarball(t, "package/api.json", description)
	dir := filepath.Join(t.TempDir(), "contract", "1")
	var all sync.WaitGroup
	for range 4 { // two test runs may begin at once on one machine
		all.Go(func() {
			if err := fetch(t.Context(), dir, []pinned.Package{p}, handing(b)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	got, err := os.ReadFile(filepath.Join(dir, pinned.REST))
	if err != nil {
		t.Fatal(err)
	}
	d, err := pinned.ParseDocument(got)
	if err != nil {
		t.Fatal(err)
	}
	if op := d.Piece(pinned.Operations, "GET /a/{b+}"); op == nil || strings.Contains(string(got), "prose") {
		t.Errorf("condensed to %s", got)
	}
	if s := string(d.Piece("schemas", "s")); s != `{"properties":{"description":{"type":"string"}},"required":["description"]}` {
		t.Errorf("a property called description became %s", s)
	}
	if n := string(d.Piece("schemas", "n")); !strings.Contains(n, `"enum":[null]`) {
		t.Errorf("null is not allowed by %s", n)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "*")); len(left) != 1 {
		t.Errorf("left behind: %q", left)
	}
	never := func(context.Context, pinned.Package, string) (string, error) {
		return "", errors.New("downloaded again")
	}
	if err := fetch(t.Context(), dir, []pinned.Package{p}, never); err != nil {
		t.Error(err)
	}
}

// What was not reviewed never reaches the cache.
func TestFetchRefuses(t *testing.T) {
	t.Parallel()
	good, p := tarball(t, "package/api.json", description)
	other, _ := tarball(t, "package/api.json", description+" ")
	elsewhere := p
	elsewhere.File = "package/none.json"
	cases := map[string]struct {
		p    pinned.Package
		pack packer
		want string
	}{
		"another tarball":  {p, handing(other), "not the one that was reviewed"},
		"a missing file":   {elsewhere, handing(good), "has no package/none.json"},
		"no registry":      {p, func(context.Context, pinned.Package, string) (string, error) { return "", errors.New("no such host") }, "no such host"},
		"a broken tarball": {p, handing(good[:len(good)/2]), "not the one that was reviewed"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "1")
			err := fetch(t.Context(), dir, []pinned.Package{tt.p}, tt.pack)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want one with %q", err, tt.want)
			}
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "*")); len(left) != 0 {
				t.Errorf("left behind: %q", left)
			}
		})
	}
}

// GitHub's schema has a field twice; the first definition counts.
func TestCondenseGraphQL(t *testing.T) {
	t.Parallel()
	got, err := condenseGraphQL("\"\"\"Prose\"\"\"\ntype Query {\n  a: Int\n  a: String\n}\n")
	if err != nil {
		t.Fatal(err)
	}
	if s := string(got); !strings.Contains(s, "a: Int") || strings.Contains(s, "String") || strings.Contains(s, "Prose") {
		t.Errorf("condensed to %s", s)
	}
}
