package gitops

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const attributesName = ".gitattributes"

// attributeFiles are the .gitattributes of a listing, those of folders before
// those of what is inside them. git follows no symbolic link there.
func attributeFiles(files map[string]entry) (paths []string) {
	for name, e := range files {
		if path.Base(name) == attributesName && e.blob() && e.mode != modeSymlink {
			paths = append(paths, name)
		}
	}
	slices.SortFunc(paths, func(a, b string) int {
		return cmp.Or(cmp.Compare(strings.Count(a, "/"), strings.Count(b, "/")), cmp.Compare(a, b))
	})
	return paths
}

// useAttributes makes git see the attributes of a tree. A bare repository reads
// no .gitattributes: without them a path with `-merge` would merge cleanly where
// cherry-pick conflicts. All files become the one $GIT_DIR/info/attributes.
func (j *Job) useAttributes(ctx context.Context, files map[string]entry) error {
	target := filepath.Join(j.dir, "info", "attributes")
	paths := attributeFiles(files)
	if len(paths) == 0 {
		if err := os.Remove(target); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	var blobs []hotfix.OID
	for _, p := range paths {
		blobs = append(blobs, files[p].oid)
	}
	if err := j.fetchBlobs(ctx, blobs); err != nil {
		return err
	}
	contents, err := j.read(ctx, unique(blobs))
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, p := range paths {
		appendAttributes(&b, path.Dir(p), string(contents[files[p].oid]))
	}
	return os.WriteFile(target, []byte(b.String()), 0o600)
}

// appendAttributes adds the lines of the .gitattributes in dir ("." is the
// root), so that they mean the same in a file at the root.
func appendAttributes(b *strings.Builder, dir, content string) {
	content = strings.TrimPrefix(content, "\ufeff")
	for line := range strings.Lines(content) {
		line = strings.TrimLeft(strings.TrimRight(line, "\n"), space)
		if line == "" || line[0] == '#' {
			continue
		}
		if dir != "." {
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
