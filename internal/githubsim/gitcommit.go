package githubsim

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ident is a person and a moment in a commit or a tag.
type ident struct {
	Name  string
	Email string
	When  time.Time
}

func (i ident) String() string {
	clean := strings.NewReplacer("<", "", ">", "", "\n", "")
	return fmt.Sprintf("%s <%s> %d %s", strings.TrimSpace(clean.Replace(i.Name)),
		strings.TrimSpace(clean.Replace(i.Email)), i.When.Unix(), i.When.Format("-0700"))
}

// parseIdent reads what String writes. What makes no sense is left empty.
func parseIdent(s string) ident {
	open, end := strings.IndexByte(s, '<'), strings.LastIndexByte(s, '>')
	if open < 0 || end < open {
		return ident{Name: s}
	}
	i := ident{Name: strings.TrimSpace(s[:open]), Email: s[open+1 : end]}
	f := strings.Fields(s[end+1:])
	if len(f) == 0 {
		return i
	}
	sec, err := strconv.ParseInt(f[0], 10, 64)
	if err != nil {
		return i
	}
	i.When = time.Unix(sec, 0).UTC()
	if len(f) > 1 {
		if z, err := time.Parse("-0700", f[1]); err == nil {
			i.When = i.When.In(z.Location())
		}
	}
	return i
}

// commit is a parsed commit.
type commit struct {
	SHA       string
	Tree      string
	Parents   []string
	Author    ident
	Committer ident
	Message   string
	rawAuthor string // the author's line as it is, to be kept by a rebase
}

// subject is the first line of the message.
func (c commit) subject() string { return strings.SplitN(c.Message, "\n", 2)[0] }

// body is the message after its subject.
func (c commit) body() string {
	_, rest, _ := strings.Cut(c.Message, "\n")
	return strings.TrimSpace(rest)
}

// headers reads the lines above the empty line of a commit or a tag, and gives the rest.
func headers(data []byte, line func(key, value string)) string {
	head, message, _ := bytes.Cut(data, []byte("\n\n"))
	for _, l := range strings.Split(string(head), "\n") {
		if strings.HasPrefix(l, " ") {
			continue // a folded signature
		}
		k, v, _ := strings.Cut(l, " ")
		line(k, v)
	}
	return string(message)
}

func parseCommit(o gitObject) commit {
	c := commit{SHA: o.SHA}
	c.Message = headers(o.Data, func(k, v string) {
		switch k {
		case "tree":
			c.Tree = v
		case "parent":
			c.Parents = append(c.Parents, v)
		case "author":
			c.rawAuthor, c.Author = v, parseIdent(v)
		case "committer":
			c.Committer = parseIdent(v)
		}
	})
	return c
}

// commit gives the commit that spec names, tags peeled, or errNoObject.
func (d *gitDir) commit(spec string) (commit, error) {
	o, err := d.object(spec + "^{commit}")
	if err != nil {
		return commit{}, err
	}
	return parseCommit(o), nil
}

// writeCommit stores c and gives its id.
func (d *gitDir) writeCommit(c commit) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "tree %s\n", c.Tree)
	for _, p := range c.Parents {
		fmt.Fprintf(&b, "parent %s\n", p)
	}
	author := c.rawAuthor
	if author == "" {
		author = c.Author.String()
	}
	fmt.Fprintf(&b, "author %s\ncommitter %s\n\n%s", author, c.Committer, c.Message)
	return d.write("commit", []byte(b.String()))
}

// tag is a parsed annotated tag.
type tag struct {
	SHA     string
	Object  string
	Type    string
	Name    string
	Tagger  ident
	Message string
}

func parseTag(o gitObject) tag {
	t := tag{SHA: o.SHA}
	t.Message = headers(o.Data, func(k, v string) {
		switch k {
		case "object":
			t.Object = v
		case "type":
			t.Type = v
		case "tag":
			t.Name = v
		case "tagger":
			t.Tagger = parseIdent(v)
		}
	})
	return t
}

// resolve gives the commit that a person means by name: an id, a branch, a tag, or a ref
// without "refs/".
func (d *gitDir) resolve(name string) (commit, error) {
	if isSHA(name) {
		return d.commit(name)
	}
	for _, spec := range []string{"refs/heads/" + name, "refs/tags/" + name, "refs/" + name} {
		if !validRefName(spec) {
			continue
		}
		c, err := d.commit(spec)
		if !errors.Is(err, errNoObject) {
			return c, err
		}
	}
	if len(name) >= 7 && isSHA(name+strings.Repeat("0", max(0, 40-len(name)))) {
		return d.commit(name)
	}
	return commit{}, errNoObject
}
