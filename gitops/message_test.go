package gitops

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const somebody = "Alice <alice@example.com> 1700000000 +0530"

// messages are commits whose text or author is unusual, as raw headers and text.
var messages = []struct{ name, author, header, message string }{
	{name: "subject only", message: "fix it"},
	{name: "body", message: "fix it\n\nBecause.\n"},
	{name: "empty", message: ""},
	{name: "blank", message: "\n \n\n"},
	{name: "blank lines first", message: "\n\n  \nfix it\n"},
	{name: "CRLF", message: "fix it\r\n\r\nfirst  \r\n\r\n\r\n\r\nsecond\r\n\r\nSigned-off-by: Alice <alice@example.com>\r\n"},
	{name: "trailers", message: "fix it\n\nSigned-off-by: Alice <alice@example.com>\nReviewed-by: Bob\n"},
	{name: "picked before", message: "fix it\n\n(cherry picked from commit 1111111111111111111111111111111111111111)\n"},
	{name: "trailer-like title", message: "cart: fix it\n"},
	{name: "trailer-like title of two lines", message: "cart: fix it\nshop: too\n"},
	{name: "quarter of trailers", message: "fix it\n\nSigned-off-by: a\nb\nc\nd\n"},
	{name: "less than a quarter", message: "fix it\n\nSigned-off-by: a\nb\nc\nd\ne\n"},
	{name: "unsigned mix", message: "fix it\n\nFixes: #1\nnot a trailer\n"},
	{name: "folded trailer", message: "fix it\n\nFixes: a long\n  story\nSigned-off-by: a\n"},
	{name: "folded text", message: "fix it\n\n  indented\nSigned-off-by: a\n"},
	{name: "conflicts block", message: "fix it\n\nSigned-off-by: a\n\nConflicts:\n\tfile\n\tother\n"},
	{name: "conflicts block without trailers", message: "fix it\n\nbody\n\nConflicts:\n\tfile\n"},
	{name: "comment lines", message: "fix it\n\nFixes: #1\n# comment\n"},
	{name: "comment title", message: "# 12 fix it\n\nFixes: #1\n"},
	{name: "scissors", message: "fix it\n\n# ------------------------ >8 ------------------------\ndiff\n"},
	{name: "url", message: "fix it\n\nhttps://example.com/1\n"},
	{name: "key with blank", message: "fix it\n\nFixed by : a\n"},
	{name: "divider", message: "fix it\n\n---\n\nFixes: a\n"},
	{name: "Latin-1 header", header: "encoding ISO-8859-1\n", author: "J\xf6rg <joerg@example.com> 1700000000 +0100", message: "M\xfcll\n"},
	{name: "Latin-1 without header", author: "J\xf6rg <joerg@example.com> 1700000000 +0100", message: "M\xfcll\n"},
	{name: "unknown encoding", header: "encoding klingon\n", message: "M\xfcll\n"},
	{name: "wrong encoding", header: "encoding EUC-JP\n", message: "M\xfcll \xff\n"},
	{name: "Japanese", header: "encoding EUC-JP\n", message: "\xa5\xd0\xa5\xb0\n"},
	{name: "signed", header: "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n", message: "fix it\n"},
	{name: "empty name", author: " <a@example.com> 1700000000 +0000", message: "fix it\n"},
	{name: "empty address", author: "Alice <> 1700000000 +0000", message: "fix it\n"},
	{name: "small date", author: "Alice <a@example.com> 1 +0000", message: "fix it\n"},
	{name: "odd zone", author: "Alice <a@example.com> 1700000000 -1359", message: "fix it\n"},
}

func TestMessagesEqualCherryPick(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	base := w.Commit("base")
	w.Write("f", changed("two", "2"))
	fix := w.Commit("fix")
	j := w.job(t)
	for _, m := range messages {
		t.Run(m.name, func(t *testing.T) {
			id := w.rawCommit(string(w.ID(string(fix)+"^{tree}")), base, m.author, m.header, m.message)
			p := hotfix.Pick{Commit: id, Base: base}
			ref := w.cherryPick(t, base, p, "--allow-empty-message")
			r, err := j.Replay(t.Context(), base, seriesOf(p))
			if err != nil {
				t.Fatal(err)
			}
			ref.same(t, j, r)
		})
	}
}

func TestSignOffEqualsCherryPick(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	base := w.Commit("base")
	w.Write("f", changed("two", "2"))
	fix := w.Commit("fix")
	stamp := hotfix.Stamp{Name: "Alice", Email: "alice@example.com", When: stampTime, SignOff: true}
	j := w.job(t)
	for _, message := range []string{"fix it", "fix it\n\nSigned-off-by: Alice <alice@example.com>\n", "fix it\n\nFixes: #1\n"} {
		id := w.rawCommit(string(w.ID(string(fix)+"^{tree}")), base, "", "", message)
		p := hotfix.Pick{Commit: id, Base: base}
		r, err := j.Replay(t.Context(), base, hotfix.Series{Picks: []hotfix.Pick{p}, By: stamp, Labels: testLabels})
		if err != nil {
			t.Fatal(err)
		}
		w.cherryPick(t, base, p, "--signoff").same(t, j, r)
	}
}

// rawCommit writes a commit object as it stands, whatever git would say of it.
func (w *world) rawCommit(tree string, parent hotfix.OID, author, header, message string) hotfix.OID {
	if author == "" {
		author = somebody
	}
	raw := fmt.Sprintf("tree %s\nparent %s\nauthor %s\ncommitter %s\n%s\n%s", tree, parent, author, somebody, header, message)
	return hotfix.OID(w.Input([]byte(raw), "hash-object", "-t", "commit", "-w", "--literally", "--stdin"))
}

// What a server's fsck would refuse is put right; the rest stays.
func TestSoundAuthor(t *testing.T) {
	for line, want := range map[string]string{
		"Alice <a@b> 1700000000 +051800":              "Alice <a@b> 1700000000 +0000",
		"Alice <a@b> -5 +0100":                        "Alice <a@b> 0 +0100",
		"Alice <a@b> 0017 +0100":                      "Alice <a@b> 17 +0100",
		"Alice <a@b> 99999999999999999999999 +0100":   "Alice <a@b> 253402300799 +0100",
		"<a@b> 17 +0100":                              " <a@b> 17 +0100",
		"Alice <a <x@y> b> 17 +0100":                  "Alice <a x@y b> 17 +0100",
		"Alice 17 +0100":                              " <> 0 +0000",
		"Alice <a@b>":                                 "Alice <a@b> 0 +0000",
		"":                                            " <> 0 +0000",
		"Al\x00ice <a@b> 17 +0100":                    "Alice <a@b> 17 +0100",
		"Jörg Müller <joerg@example.com> 1 +1400":     "Jörg Müller <joerg@example.com> 1 +1400",
		"Alice   Spaced  <alice@example.com> 1 -0000": "Alice   Spaced  <alice@example.com> 1 -0000",
	} {
		if got := soundAuthor(line); got != want || !soundIdent.MatchString(got) {
			t.Errorf("%q becomes %q, want %q", line, got, want)
		}
	}
}

func TestSanitisedCommitPassesFsck(t *testing.T) {
	w := newWorld(t)
	w.Write("f", lines)
	base := w.Commit("base")
	w.Write("f", changed("two", "2"))
	tree := string(w.ID(string(w.Commit("fix")) + "^{tree}"))
	for i, author := range []string{"Alice <a@b> 17 +051800", "<a@b> 017 +0000", "Alice <a@b> -17 +0000", "Al<ice <a@b> 17 +0000"} {
		bad := w.rawCommit(tree, base, author, "", "fix\x00it\n")
		j, r := w.replay(t, base, hotfix.Pick{Commit: bad, Base: base})
		if err := j.Push(t.Context(), fmt.Sprintf("refs/heads/b%d", i), r.Tip, ""); err != nil {
			t.Fatal(err)
		}
		content := w.Git("cat-file", "commit", string(r.Tip))
		out, err := w.Run([]byte(content+"\n"), w.Tree, "hash-object", "-t", "commit", "--stdin")
		if err != nil || strings.Contains(content, "\x00") {
			t.Errorf("%q: %s %v\n%s", author, out, err, content)
		}
	}
}
