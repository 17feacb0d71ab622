package githubsim

import (
	"context"
	"strconv"
	"strings"
)

// fileChange is one changed file between two trees.
type fileChange struct {
	Path    string
	From    string // the former path of a renamed file
	Status  string // "added", "removed", "modified", "renamed" or "changed" (its kind)
	OldSHA  string
	NewSHA  string
	Added   int
	Deleted int
	Patch   string // hunks without headers; "" for binary files and mere mode changes
}

// blob is the file's blob after the change, or before it where the file is gone.
func (f fileChange) blob() string {
	if f.NewSHA == zeroSHA {
		return f.OldSHA
	}
	return f.NewSHA
}

// diff lists what changed between two commits or trees, renames found, with patches.
func (d *gitDir) diff(ctx context.Context, from, to string) ([]fileChange, error) {
	out, err := d.run(ctx, "diff-tree", "-r", "-M", "-z", "--raw", "--numstat", "-p",
		"--no-abbrev", "--full-index", "--src-prefix=a/", "--dst-prefix=b/", from, to)
	if err != nil {
		return nil, err
	}
	return parseDiff(out), nil
}

// parseDiff reads raw lines, then numstat lines, then patches: each list in the same order,
// the first two in fields that end with NUL.
func parseDiff(out string) []fileChange {
	var list []fileChange
	next := func() (field string) {
		field, out, _ = strings.Cut(out, "\x00")
		return field
	}
	for strings.HasPrefix(out, ":") {
		f := strings.Fields(next()) // :oldmode newmode oldsha newsha status
		x := fileChange{OldSHA: f[2], NewSHA: f[3], Path: next()}
		switch f[4][0] {
		case 'A':
			x.Status = "added"
		case 'D':
			x.Status = "removed"
		case 'R':
			x.Status, x.From, x.Path = "renamed", x.Path, next()
		case 'T':
			x.Status = "changed"
		default:
			x.Status = "modified"
		}
		list = append(list, x)
	}
	for i := range list {
		f := strings.SplitN(next(), "\t", 3)
		if len(f) < 3 {
			return list
		}
		list[i].Added, _ = strconv.Atoi(f[0]) // "-" for a binary file counts 0
		list[i].Deleted, _ = strconv.Atoi(f[1])
		if f[2] == "" { // a rename: the two paths follow
			next()
			next()
		}
	}
	addPatches(list, strings.TrimPrefix(out, "\x00"))
	return list
}

// addPatches gives each file its hunks. A file that changed its kind has two patches, and
// then gets none, as GitHub leaves patch out where it cannot show one.
func addPatches(list []fileChange, text string) {
	i := 0
	for _, p := range strings.Split("\n"+text, "\ndiff --git ")[1:] {
		if i >= len(list) {
			return
		}
		if list[i].Status == "changed" {
			if strings.Contains(p, "\nnew file mode") {
				i++
			}
			continue
		}
		if at := strings.Index(p, "\n@@"); at >= 0 {
			list[i].Patch = strings.TrimSuffix(p[at+1:], "\n")
		}
		i++
	}
}

// diffCommit lists what a commit changed against its first parent, or against nothing.
func (d *gitDir) diffCommit(ctx context.Context, c commit) ([]fileChange, error) {
	from := emptyTree
	if len(c.Parents) > 0 {
		from = c.Parents[0]
	} else if _, err := d.write("tree", nil); err != nil {
		return nil, err
	}
	return d.diff(ctx, from, c.SHA)
}

// log lists commit ids that git rev-list gives for the arguments.
func (d *gitDir) log(ctx context.Context, args ...string) ([]string, error) {
	out, err := d.run(ctx, append([]string{"rev-list"}, args...)...)
	return lines(out), err
}

// commits reads many commits.
func (d *gitDir) commits(shas []string) ([]commit, error) {
	var list []commit
	for _, s := range shas {
		c, err := d.commit(s)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}
