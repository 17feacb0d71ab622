package gitops

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const attributesName = ".gitattributes"

// attributeFile is one .gitattributes.
type attributeFile struct {
	folder string // where it lies; "" is the root
	oid    hotfix.OID
}

// attributesFor finds the .gitattributes of a tree that a pick onto it may need,
// those of folders before those of what is inside them: all above the changed
// paths, or all there are when the tree may hold a changed file elsewhere.
func (j *Job) attributesFor(ctx context.Context, tree hotfix.OID, t trees) ([]attributeFile, error) {
	changes, err := j.diff(ctx, t)
	if err != nil {
		return nil, err
	}
	moved, err := j.mayHaveMoved(ctx, t.before, tree, changes)
	if err != nil {
		return nil, err
	}
	var files []attributeFile
	if moved {
		files, err = j.allAttributes(ctx, tree)
	} else {
		files, err = j.attributesAbove(ctx, tree, changes)
	}
	slices.SortFunc(files, func(a, b attributeFile) int {
		return cmp.Or(cmp.Compare(strings.Count(a.folder, "/"), strings.Count(b.folder, "/")), cmp.Compare(a.folder, b.folder))
	})
	return files, err
}

// mayHaveMoved reports whether rename detection may find a changed file under
// another name in tree: only files and folders that are not where base has them
// can have been renamed.
func (j *Job) mayHaveMoved(ctx context.Context, base, tree hotfix.OID, changes []change) (bool, error) {
	for _, c := range changes {
		name, added := c.path, c.old.oid == ""
		if added {
			var err error
			if name, err = j.folderOf(ctx, base, c.path); err != nil {
				return false, err
			}
		}
		if name == "" {
			continue
		}
		at, err := j.find(ctx, tree, name)
		if err != nil || at.oid == "" || at.folder() != added {
			return true, err
		}
	}
	return false, nil
}

// folderOf is the innermost folder above a path that a tree has; "" is the root.
func (j *Job) folderOf(ctx context.Context, tree hotfix.OID, name string) (string, error) {
	for folder := above(name); folder != ""; folder = above(folder) {
		if e, err := j.find(ctx, tree, folder); err != nil || e.folder() {
			return folder, err
		}
	}
	return "", nil
}

// above is the folder that a path lies in; "" is the root.
func above(name string) string { return name[:max(0, strings.LastIndexByte(name, '/'))] }

func (j *Job) attributesAbove(ctx context.Context, tree hotfix.OID, changes []change) (files []attributeFile, err error) {
	seen := map[string]bool{}
	for _, c := range changes {
		for folder := above(c.path); !seen[folder]; folder = above(folder) {
			seen[folder] = true
			e, err := j.find(ctx, tree, below(folder, attributesName))
			if err != nil {
				return nil, err
			}
			if e.blob() && e.mode != modeSymlink { // git follows no symbolic link there
				files = append(files, attributeFile{folder, e.oid})
			}
		}
	}
	return files, nil
}

// allAttributes goes through all folders of a tree, one level after the other,
// but not again through those that are known to hold no attributes.
func (j *Job) allAttributes(ctx context.Context, tree hotfix.OID) (files []attributeFile, err error) {
	visited, level := map[string]hotfix.OID{}, map[string]hotfix.OID{"": tree}
	walk := j.engine.settings.Limits.newWalk()
	for depth := 0; len(level) > 0; depth++ {
		if depth > deepest {
			return nil, fmt.Errorf("folders lie more than %d deep in one another", deepest)
		}
		next, err := j.attributesOfLevel(ctx, level, walk, &files)
		if err != nil {
			return nil, err
		}
		maps.Copy(visited, level)
		level = next
	}
	for _, f := range files {
		for folder := f.folder; visited[folder] != ""; folder = above(folder) {
			delete(visited, folder)
		}
	}
	for _, id := range visited {
		j.plain[id] = true
	}
	return files, nil
}

// attributesOfLevel reads folders, adds their attributes to files and returns
// the folders below them.
func (j *Job) attributesOfLevel(ctx context.Context, level map[string]hotfix.OID, walk *walk, files *[]attributeFile) (map[string]hotfix.OID, error) {
	contents, err := j.read(ctx, unique(slices.Collect(maps.Values(level))))
	if err != nil {
		return nil, err
	}
	next := map[string]hotfix.OID{}
	for folder, id := range level {
		nodes, err := parseTree(contents[id])
		if err != nil {
			return nil, fmt.Errorf("object %s: %w", id, err)
		}
		for _, n := range nodes {
			switch {
			case n.folder() && !j.plain[n.oid]:
				if err := walk.pass(below(folder, n.name)); err != nil {
					return nil, err
				}
				next[below(folder, n.name)] = n.oid
			case n.name == attributesName && n.blob() && n.mode != modeSymlink:
				*files = append(*files, attributeFile{folder, n.oid})
			}
		}
	}
	return next, nil
}

// useAttributes makes git see attributes. A bare repository reads no
// .gitattributes: without them a path with `-merge` would merge cleanly where
// cherry-pick conflicts. All files become the one $GIT_DIR/info/attributes. The
// last line that fits a path counts, so that union, a list of paths, comes last.
func (j *Job) useAttributes(ctx context.Context, files []attributeFile, union []string) error {
	if slices.Equal(files, j.attributes) && slices.Equal(union, j.union) {
		return nil
	}
	j.attributes, j.union = nil, nil
	target := filepath.Join(j.dir, "info", "attributes")
	if err := os.Remove(target); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(files) == 0 && len(union) == 0 {
		return nil
	}
	blobs := attributeBlobs(files)
	if err := j.fetchBlobs(ctx, blobs); err != nil {
		return err
	}
	contents, err := j.read(ctx, blobs)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, f := range files {
		appendAttributes(&b, f.folder, string(contents[f.oid]))
	}
	for _, path := range union {
		b.WriteString(quote("/"+literalPattern(path)) + " merge=union\n")
	}
	if err := os.WriteFile(target, []byte(b.String()), 0o600); err != nil {
		return err
	}
	j.attributes, j.union = files, union
	return nil
}

func attributeBlobs(files []attributeFile) []hotfix.OID {
	blobs := make([]hotfix.OID, len(files))
	for i, f := range files {
		blobs[i] = f.oid
	}
	return unique(blobs)
}

// appendAttributes adds the lines of the .gitattributes in dir ("" is the
// root), so that they mean the same in a file at the root.
func appendAttributes(b *strings.Builder, dir, content string) {
	content = strings.TrimPrefix(content, "\ufeff")
	for line := range strings.Lines(content) {
		line = strings.TrimLeft(strings.TrimRight(line, "\n"), space)
		if line == "" || line[0] == '#' {
			continue
		}
		if dir != "" {
			line = moveAttribute(dir, line)
		}
		if line != "" {
			b.WriteString(line + "\n")
		}
	}
}

// moveAttribute puts a line of dir's .gitattributes under dir. It is empty for
// lines that have no effect there: macros and negative patterns.
func moveAttribute(dir, line string) string {
	pattern, states, quoted := unquote(line)
	if !quoted {
		end := strings.IndexAny(line, space)
		if end < 0 {
			return "" // a pattern without attributes
		}
		pattern, states = line[:end], line[end:]
	}
	if pattern == "" || pattern[0] == '!' || strings.HasPrefix(pattern, "[attr]") {
		return ""
	}
	pattern = literalPattern(dir) + "/" + relativePattern(pattern)
	if strings.ContainsAny(pattern, space+`"`) || pattern[0] == '#' {
		pattern = quote(pattern)
	}
	return pattern + states
}

// relativePattern is a pattern that is read from its own folder: without a slash
// (other than a last one) it applies at any depth.
func relativePattern(pattern string) string {
	if strings.Contains(strings.TrimSuffix(pattern, "/"), "/") {
		return strings.TrimPrefix(pattern, "/")
	}
	return "**/" + pattern
}

// literalPattern is a path as a pattern that matches only itself.
func literalPattern(name string) string {
	var b strings.Builder
	for i, c := range []byte(name) {
		if strings.IndexByte(`*?[\`, c) >= 0 || i == 0 && c == '!' {
			b.WriteByte('\\')
		}
		b.WriteByte(c)
	}
	return b.String()
}

func unique(ids []hotfix.OID) []hotfix.OID {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}
