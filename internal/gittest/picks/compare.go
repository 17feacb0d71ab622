package main

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// difference is how two outcomes of one pick differ; empty when they do not.
func difference(ctx context.Context, ref *reference, git outcome, o *ours, r hotfix.Replay) (string, error) {
	if git.Outcome != r.Outcome {
		return "it is " + string(r.Outcome) + ", git's is " + string(git.Outcome) + " " + strings.Join(git.kinds, ", "), nil
	}
	if git.Outcome == hotfix.Contained {
		return "", nil
	}
	if err := o.clone.Adopt(ctx, o.job); err != nil {
		return "", err
	}
	if err := o.renew(ctx); err != nil {
		return "", err
	}
	if git.Outcome == hotfix.Conflict {
		return ref.conflictDifference(ctx, git, r)
	}
	if git.tree != string(r.Tree) {
		said, err := ref.git(ctx, "diff-tree", "-r", git.tree, string(r.Tree))
		return "the trees differ: " + strings.TrimSpace(said), err
	}
	commit, err := ref.git(ctx, "cat-file", "commit", string(r.Tip))
	if err == nil && authorAndMessage(commit) != authorAndMessage(git.commit) {
		return "author or message differ", nil
	}
	return "", err
}

func authorAndMessage(commit string) string {
	header, message, _ := strings.Cut(commit, "\n\n")
	for line := range strings.Lines(header) {
		if strings.HasPrefix(line, "author ") {
			return line + message
		}
	}
	return message
}

// conflictDifference compares paths, kinds, and every file of both sides.
func (r *reference) conflictDifference(ctx context.Context, git outcome, replay hotfix.Replay) (string, error) {
	paths, kinds := map[string]bool{}, map[hotfix.ConflictKind]bool{}
	for _, c := range replay.Conflicts {
		kinds[c.Kind] = true
		if c.Path != "" {
			paths[c.Path] = true
		}
	}
	for path := range git.unmerged {
		if !paths[relabel(path)] {
			return "git has a conflict in " + path, nil
		}
		delete(paths, relabel(path))
	}
	for path := range paths {
		if !slices.Contains(git.kinds, "directory rename split") {
			return "git has no conflict in " + path, nil
		}
	}
	if said := kindDifference(git.kinds, kinds); said != "" {
		return said, nil
	}
	return r.contentDifference(ctx, git, replay.Tree)
}

// contentDifference compares the index, for what is merged, and the work tree,
// for what is not, with a tree.
func (r *reference) contentDifference(ctx context.Context, git outcome, tree hotfix.OID) (string, error) {
	drafted := map[string]bool{} // where paths bear a label
	for path := range git.unmerged {
		drafted[path], drafted[relabel(path)] = true, true
	}
	raw, err := r.git(ctx, "diff-index", "--cached", "--raw", "-z", "--no-renames", string(tree))
	if err != nil {
		return "", err
	}
	fields := strings.Split(raw, "\x00")
	for i := 1; i < len(fields); i += 2 {
		if !drafted[fields[i]] && !strings.HasSuffix(fields[i-1], " U") {
			return "the content differs in " + fields[i] + " (" + fields[i-1] + ")", nil
		}
	}
	for path := range git.unmerged {
		same, err := r.sameFile(ctx, path, tree)
		if err != nil || !same {
			return "the content differs in the conflict of " + path, err
		}
	}
	return "", nil
}

// sameFile compares a file of the work tree with the tree's, labels aside.
func (r *reference) sameFile(ctx context.Context, path string, tree hotfix.OID) (bool, error) {
	entry, err := r.git(ctx, "--literal-pathspecs", "ls-tree", "-z", "--full-tree", string(tree), "--", relabel(path))
	if err != nil {
		return false, err
	}
	file := filepath.Join(r.dir, path)
	words := strings.Fields(entry)
	info, err := os.Lstat(file)
	there := err == nil
	if len(words) == 0 || words[1] != "blob" {
		return !there || info.IsDir(), nil
	}
	if !there {
		return false, nil
	}
	content, err := r.git(ctx, "cat-file", "blob", words[2])
	if err != nil {
		return false, err
	}
	if info.Mode()&os.ModeSymlink != 0 {
		target, err := os.Readlink(file)
		return words[0] == "120000" && target == content, err
	}
	data, err := os.ReadFile(file)
	executable := info.Mode()&0o100 != 0
	return (words[0] == "100755") == executable && unlabelled(string(data)) == unlabelled(content), err
}

// sameKinds are the engine's kinds for each of git's words: it tells apart what
// git calls content by what the path is.
var sameKinds = map[string][]hotfix.ConflictKind{
	"content":                      {hotfix.ConflictContent, hotfix.ConflictBinary, hotfix.ConflictMode, hotfix.ConflictSymlink},
	"add/add":                      {hotfix.ConflictAddAdd, hotfix.ConflictBinary, hotfix.ConflictMode, hotfix.ConflictSymlink, hotfix.ConflictSubmodule},
	"submodule":                    {hotfix.ConflictSubmodule},
	"modify/delete":                {hotfix.ConflictModifyDelete},
	"rename/rename":                {hotfix.ConflictRenameRename},
	"rename/delete":                {hotfix.ConflictRenameDelete},
	"rename involved in collision": {hotfix.ConflictRenameRename},
	"file location":                {hotfix.ConflictDirectory},
	"directory rename split":       {hotfix.ConflictDirectory},
	"implicit dir rename":          {hotfix.ConflictDirectory},
	"file/directory":               {hotfix.ConflictFileDirectory},
	"distinct modes":               {hotfix.ConflictDistinctTypes},
	"distinct types":               {hotfix.ConflictDistinctTypes},
}

// kindDifference wants each of the engine's kinds among git's words and, where
// git has but one word for it, the other way round. A path with several kinds
// has the most telling one, so that "content" may go without saying.
func kindDifference(words []string, kinds map[hotfix.ConflictKind]bool) string {
	for kind := range kinds {
		if !slices.ContainsFunc(words, func(word string) bool { return slices.Contains(sameKinds[word], kind) }) {
			return "git does not call it " + string(kind) + " but " + strings.Join(words, ", ")
		}
	}
	for _, word := range words {
		named := slices.ContainsFunc(sameKinds[word], func(kind hotfix.ConflictKind) bool { return kinds[kind] })
		if !named && len(kinds) == 0 {
			return "git calls it " + word
		}
	}
	return ""
}

var (
	marker    = regexp.MustCompile(`(?m)^(<{7,}|>{7,}|\|{7,}) .*$`)
	ourPath   = regexp.MustCompile(`~HEAD(_\d+)?$`)
	theirPath = regexp.MustCompile(`~[0-9a-f]{7,40} \(.*\)(_\d+)?$`)
)

func unlabelled(content string) string { return marker.ReplaceAllString(content, "$1") }

// relabel gives a path that git named after its own labels the engine's.
func relabel(path string) string {
	path = ourPath.ReplaceAllString(path, "~"+labels.Ours+"$1")
	return theirPath.ReplaceAllString(path, "~"+labels.Theirs+"$1")
}
