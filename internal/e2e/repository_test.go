package e2e_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/gittest"
)

// The branches of every story's repository, each made from the one before.
var branches = []string{"main", "qa", "dev"}

// origin makes the repository with which a story begins: the shop of
// testdata/shop, with the story's own files over it. main carries the annotated
// tag v1.7.0; qa stands one commit above it, dev one commit above qa.
func (s *story) origin(dir string) (string, error) {
	origin := filepath.Join(dir, "origin.git")
	if err := git(nil, dir, "init", "-q", "--bare", "--initial-branch=main", origin); err != nil {
		return "", err
	}
	var stream bytes.Buffer
	for i, branch := range branches {
		files, err := shopFiles(branch)
		if err != nil {
			return "", err
		}
		maps.Copy(files, s.branchFiles(branch))
		writeCommit(&stream, i, files)
	}
	fmt.Fprintf(&stream, "tag v1.7.0\nfrom :1\ntagger Carol <carol@example.com> 1769904000 +0000\ndata 14\nRelease 1.7.0\n\n")
	return origin, git(stream.Bytes(), origin, "fast-import", "--quiet", "--date-format=raw")
}

// writeCommit writes one commit of git's fast-import format.
func writeCommit(stream *bytes.Buffer, i int, files map[string]string) {
	message := "Work on " + branches[i] + "\n"
	fmt.Fprintf(stream, "commit refs/heads/%s\nmark :%d\nauthor Dave <dave@example.com> %[3]d +0000\ncommitter Dave <dave@example.com> %[3]d +0000\ndata %d\n%s",
		branches[i], i+1, 1769900000+3600*i, len(message), message)
	if i > 0 {
		fmt.Fprintf(stream, "from :%d\n", i)
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(stream, "M 100644 inline %s\ndata %d\n%s\n", path, len(files[path]), files[path])
	}
}

// shopFiles are the files of testdata/shop/BRANCH.
func shopFiles(branch string) (map[string]string, error) {
	files := map[string]string{}
	root := filepath.Join("testdata", "shop", branch)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	return files, err
}

// git runs git; the error shows what it complained of.
func git(stdin []byte, dir string, args ...string) error {
	cmd := exec.Command("git", args...)
	cmd.Dir, cmd.Env, cmd.Stdin = dir, gittest.Environment(), bytes.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("git %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}
