package gitops

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const someTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"

// Whatever merge-tree prints, reading it neither panics nor makes a path up.
func FuzzParseMerge(f *testing.F) {
	record := "100644 " + someTree + " 2\tcart/total.txt\x00"
	for _, seed := range []string{
		"", someTree, someTree + "\x00",
		someTree + "\x00" + record + "\x00" + "1\x00cart/total.txt\x00CONFLICT (contents)\x00Merge conflict in cart/total.txt\n\x00",
		someTree + "\x00" + strings.Replace(record, "cart/", "a\tb\n", 1) + "\x00" + "2\x00a\x00b\x00CONFLICT (rename/delete)\x00\x00hint",
		someTree + "\x00\x00" + "9223372036854775807\x00a\x00b\x00c\x00",
		someTree + "\x00\x00" + "-1\x00a\x00b\x00c\x00",
	} {
		f.Add([]byte(seed), seed == "")
	}
	f.Fuzz(func(t *testing.T, out []byte, clean bool) {
		m, err := parseMerge(out, clean)
		if err != nil {
			return
		}
		if !m.tree.Valid() || m.clean != clean {
			t.Errorf("%q is read as %+v", out, m)
		}
		for _, path := range m.unmerged() {
			if !bytes.Contains(out, []byte("\t"+path+"\x00")) && !bytes.HasSuffix(out, []byte("\t"+path)) {
				t.Errorf("%q: nothing names the path %q", out, path)
			}
		}
		for _, n := range m.notes {
			if !bytes.Contains(out, []byte(fmt.Sprintf("\x00%s\x00", strings.Join(append(slices.Clone(n.paths), n.kind), "\x00")))) {
				t.Errorf("%q: nothing says %+v", out, n)
			}
		}
	})
}

// Objects come from strangers' repositories.
func FuzzParseObjects(f *testing.F) {
	f.Add([]byte("tree " + someTree + "\nparent " + someTree + "\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nFix\n"))
	f.Add([]byte("tree " + someTree + "\nparent --upload-pack=x\n\n"))
	f.Add([]byte("100644 a\x00" + strings.Repeat("x", 20)))
	f.Add([]byte("040000 ..\x00" + strings.Repeat("\x00", 20)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if c, err := parseCommit(raw); err == nil {
			for _, id := range append(c.parents, c.tree) {
				if !id.Valid() {
					t.Errorf("%q names the object %q", raw, id)
				}
			}
			if strings.ContainsRune(c.message, 0) {
				t.Errorf("%q has the message %q", raw, c.message)
			}
		}
		nodes, err := parseTree(raw)
		for _, n := range nodes {
			if err == nil && (n.name == "" || len(n.mode) != 6 || !n.oid.Valid()) {
				t.Errorf("%q holds %+v", raw, n)
			}
		}
		line, _, _ := strings.Cut(string(raw), "\n")
		if sound := soundAuthor(line); !soundIdent.MatchString(sound) {
			t.Errorf("the author %q becomes %q", line, sound)
		}
	})
}

// What git quotes is read as it was, and nothing else for the same.
func FuzzUnquote(f *testing.F) {
	f.Add(`"a\tb\303\244"`, "rest")
	f.Add(`"\400"`, `"`)
	f.Fuzz(func(t *testing.T, text, rest string) {
		if got, left, ok := unquote(quote(text) + rest); !ok || got != text || left != rest {
			t.Errorf("%q comes back as %q, %q, %v", text, got, left, ok)
		}
		if value, left, ok := unquote(text); ok && !strings.HasSuffix(text, left) || !ok && value != "" {
			t.Errorf("%q is read as %q, %q, %v", text, value, left, ok)
		}
	})
}
