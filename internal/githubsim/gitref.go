package githubsim

import (
	"context"
	"strings"
)

// ref is a name with what it points to.
type ref struct {
	Name   string // "refs/heads/main"
	SHA    string
	Type   string // of the object: "commit", or "tag" for an annotated tag
	Peeled string // the commit behind an annotated tag, else SHA
}

// validRefName tells whether git takes name as a full ref name (git check-ref-format), and
// refuses besides what GitHub refuses: a component that begins with "-".
func validRefName(name string) bool {
	if !strings.HasPrefix(name, "refs/") || strings.HasSuffix(name, ".") || len(name) > 255 ||
		strings.Contains(name, "..") || strings.Contains(name, "@{") ||
		strings.ContainsAny(name, " ~^:?*[\\\x7f") {
		return false
	}
	for _, c := range name {
		if c < 0x20 {
			return false
		}
	}
	parts := strings.Split(name, "/")
	for _, p := range parts {
		if p == "" || strings.HasPrefix(p, ".") || strings.HasPrefix(p, "-") || strings.HasSuffix(p, ".lock") {
			return false
		}
	}
	return len(parts) >= 3
}

// refs lists the refs below a prefix ("refs/heads/"), by name.
func (d *gitDir) refs(ctx context.Context, prefix string) ([]ref, error) {
	out, err := d.run(ctx, "for-each-ref",
		"--format=%(refname) %(objectname) %(objecttype) %(*objectname)", prefix)
	if err != nil {
		return nil, err
	}
	var list []ref
	for _, l := range lines(out) {
		f := strings.Split(l, " ")
		r := ref{Name: f[0], SHA: f[1], Type: f[2], Peeled: f[1]}
		if f[3] != "" {
			r.Peeled = f[3]
		}
		list = append(list, r)
	}
	return list, nil
}

// ref gives one ref, or errNoObject.
func (d *gitDir) ref(name string) (ref, error) {
	if !validRefName(name) {
		return ref{}, errNoObject
	}
	o, err := d.object(name)
	if err != nil {
		return ref{}, err
	}
	r := ref{Name: name, SHA: o.SHA, Type: o.Type, Peeled: o.SHA}
	if o.Type == "tag" {
		r.Peeled = parseTag(o).Object
	}
	return r, nil
}

// branch gives the tip of a branch, or errNoObject.
func (d *gitDir) branch(name string) (string, error) {
	r, err := d.ref("refs/heads/" + name)
	return r.SHA, err
}

// refChange is a ref that moves, begins (Old is zeroSHA) or ends (New is zeroSHA).
type refChange struct {
	Ref, Old, New string
}

// branch gives the name of the branch that changes, or "".
func (c refChange) branch() string {
	name, ok := strings.CutPrefix(c.Ref, "refs/heads/")
	if !ok {
		return ""
	}
	return name
}

// updateRefs moves all the refs or none. Each must still be what Old says; an empty Old is
// not compared.
func (d *gitDir) updateRefs(ctx context.Context, changes ...refChange) error {
	var b strings.Builder
	for _, c := range changes {
		line := "update " + c.Ref + " " + c.New
		if c.New == zeroSHA {
			line = "delete " + c.Ref
		}
		if c.Old != "" { // an empty word would mean that the ref must not exist
			line += " " + c.Old
		}
		b.WriteString(line + "\n")
	}
	_, err := d.feed(ctx, strings.NewReader(b.String()), "update-ref", "--stdin")
	return err
}

// isAncestor tells whether commit a is in the history of b.
func (d *gitDir) isAncestor(ctx context.Context, a, b string) (bool, error) {
	if a == b {
		return true, nil
	}
	_, err := d.run(ctx, "merge-base", "--is-ancestor", a, b)
	switch exitCode(err) {
	case 0:
		return true, nil
	case 1:
		return false, nil
	}
	return false, err
}

// mergeBase gives the best common ancestor, or "" where there is none.
func (d *gitDir) mergeBase(ctx context.Context, a, b string) (string, error) {
	out, err := d.run(ctx, "merge-base", a, b)
	if exitCode(err) == 1 {
		return "", nil
	}
	return strings.TrimSpace(out), err
}

// take copies a commit of another repository, with all that it needs, into this one; with a
// ref name, under that name.
func (d *gitDir) take(ctx context.Context, from *gitDir, sha, name string) error {
	spec := sha
	if name != "" {
		spec = "+" + sha + ":" + name
	}
	_, err := d.run(ctx, "fetch", "-q", "--no-tags", "--no-write-fetch-head",
		"--recurse-submodules=no", from.path, spec)
	return err
}
