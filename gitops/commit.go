package gitops

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// commit is a commit object, taken apart. Text is UTF-8.
type commit struct {
	tree      hotfix.OID
	parents   []hotfix.OID
	author    string // the header's value as it stands: name, <email>, seconds, zone
	committer string
	message   string // from the first line that is not blank
	signature string // armored; not read, only written
}

// Commit reads a commit, and fetches it first when it is not here. Text in
// another encoding is converted to UTF-8.
func (j *Job) Commit(ctx context.Context, id hotfix.OID) (hotfix.Commit, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.load(ctx, id); err != nil {
		return hotfix.Commit{}, err
	}
	return j.commits[id].seen(id), nil
}

func (c commit) seen(id hotfix.OID) hotfix.Commit {
	author, committer := parseIdent(c.author), parseIdent(c.committer)
	return hotfix.Commit{
		OID: id, Tree: c.tree, Parents: c.parents,
		AuthorName: author.name, AuthorEmail: author.email,
		CommitterName: committer.name, CommitterEmail: committer.email,
		CommittedAt: time.Unix(committer.seconds, 0).UTC(),
		Message:     c.message,
	}
}

// load fetches and parses commits that are not known yet into j.commits. Empty
// ids are passed over.
func (j *Job) load(ctx context.Context, ids ...hotfix.OID) error {
	if err := j.fetch(ctx, ids...); err != nil {
		return err
	}
	var unread []hotfix.OID
	for _, id := range ids {
		if _, known := j.commits[id]; !known && id != "" {
			unread = append(unread, id)
		}
	}
	contents, err := j.read(ctx, unread)
	if err != nil {
		return err
	}
	for id, raw := range contents {
		c, err := parseCommit(raw)
		if err != nil {
			return fmt.Errorf("object %s: %w", id, err)
		}
		j.commits[id] = c
	}
	return nil
}

func parseCommit(raw []byte) (commit, error) {
	raw = toUTF8(raw)
	var c commit
	header, message, _ := bytes.Cut(raw, []byte("\n\n"))
	for line := range strings.SplitSeq(string(header), "\n") {
		key, value, _ := strings.Cut(line, " ")
		switch key {
		case "tree":
			c.tree = hotfix.OID(value)
		case "parent":
			c.parents = append(c.parents, hotfix.OID(value))
		case "author":
			c.author = value
		case "committer":
			c.committer = value
		}
		if key == "committer" {
			break // nothing that follows matters (encoding was dealt with)
		}
	}
	if !c.tree.Valid() || slices.ContainsFunc(c.parents, func(id hotfix.OID) bool { return !id.Valid() }) {
		return commit{}, fmt.Errorf("it is not a commit")
	}
	// git takes a message for a C string: it ends at a NUL.
	message, _, _ = bytes.Cut(message, []byte{0})
	c.message = string(skipBlankLines(message))
	return c, nil
}

func skipBlankLines(text []byte) []byte {
	for {
		line, rest, more := bytes.Cut(text, []byte("\n"))
		if !more || len(bytes.TrimRight(line, space)) > 0 {
			return text
		}
		text = rest
	}
}

// encode is the commit as an object's content. It is put together by hand, as
// the author's line must stay what it is to the last byte.
func (c commit) encode() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "tree %s\n", c.tree)
	for _, p := range c.parents {
		fmt.Fprintf(&b, "parent %s\n", p)
	}
	fmt.Fprintf(&b, "author %s\ncommitter %s\n", c.author, c.committer)
	if c.signature != "" {
		b.WriteString(signatureHeader(c.signature))
	}
	b.WriteString("\n" + c.message)
	return b.Bytes()
}

// sign signs the commit at its committer's time; without a signer it leaves it
// as it is.
func (c *commit) sign(s Signer) (err error) {
	if s != nil {
		c.signature, err = s.Sign(c.encode(), time.Unix(parseIdent(c.committer).seconds, 0))
	}
	return err
}

// subject is the first line of a message.
func subject(message string) string {
	line, _, _ := strings.Cut(message, "\n")
	return strings.TrimSpace(line)
}

// committerLine is the stamp as a header value, not earlier than the parent.
func committerLine(by hotfix.Stamp, parent commit) string {
	seconds := max(by.When.Unix(), parseIdent(parent.committer).seconds, 0)
	return identity(by) + " " + strconv.FormatInt(seconds, 10) + " +0000"
}

// identity is "Name <email>" of a stamp.
func identity(by hotfix.Stamp) string {
	return cleanName(by.Name) + " <" + cleanName(by.Email) + ">"
}
