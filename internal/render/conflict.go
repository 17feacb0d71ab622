package render

import (
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// kindGuide is what a kind of conflict means, and what to do about it.
type kindGuide struct {
	kind  hotfix.ConflictKind
	means string
	do    string
}

// guides are the kinds in the order in which the body lists them.
var guides = []kindGuide{
	{hotfix.ConflictContent, "both sides changed the same lines", "Edit each block between `<<<<<<<` and `>>>>>>>` until the file is right."},
	{hotfix.ConflictAddAdd, "both sides added the file", "Edit each block between `<<<<<<<` and `>>>>>>>` until one file is right for both."},
	{hotfix.ConflictModifyDelete, "one side changed the file, the other deleted it", "Keep the file with the change, or delete it."},
	{hotfix.ConflictRenameRename, "both sides renamed the file, differently", "Keep one name, with the content of both sides."},
	{hotfix.ConflictRenameDelete, "one side renamed the file, the other deleted it", "Keep the file under its new name, or delete it."},
	{hotfix.ConflictDirectory, "one side renamed the folder, the other put a file into it", "Leave the file where it is, or move it."},
	{hotfix.ConflictFileDirectory, "what is a file on one side is a folder on the other", "Give one of them another name."},
	{hotfix.ConflictMode, "both sides changed the file's mode", "Set the mode with `git update-index --chmod=+x` or `--chmod=-x`."},
	{hotfix.ConflictBinary, "both sides changed a binary file", "Put the right version in place; what stands there is the environment's own."},
	{hotfix.ConflictLFS, "both sides changed a file that Git LFS keeps, and these are their pointers", "Take all lines of one side and none of the other: a pointer mixed from both names a file that nobody has."},
	{hotfix.ConflictSubmodule, "both sides moved the submodule", "Check out the right commit in the submodule and add it."},
	{hotfix.ConflictSymlink, "both sides changed the symbolic link", "Make the link point to the right place."},
	{hotfix.ConflictDistinctTypes, "the path is of another type on each side", "Decide what it has to be; one side stands under another name."},
	{hotfix.ConflictOther, "git could not merge", "Compare both sides by hand."},
}

// conflictGuide is the part of a draft's body that tells a person what to do.
// The commands come first: of hundreds of paths, the last may be cut off.
func conflictGuide(b Backport) string {
	var text strings.Builder
	if len(b.Missing) > 0 {
		text.WriteString("It would not conflict if " + naming.Code(b.Environment.Branch) + " had these commits of " + name(b.Landing.Name) +
			"; perhaps they belong there first:\n\n" + bullets(prerequisites(b.Missing)) + "\n")
	}
	text.WriteString("### Finish this draft\n\n" + fenced(finishing(b)) + "\n")
	if paths := unmarked(b.Replay.Conflicts); len(paths) > 0 {
		text.WriteString("Where a path has no `<<<<<<<` block and is right as it stands here, say so in a comment: " +
			resolveCommand(paths[0]) + ".\n\n")
	}
	for _, g := range guides {
		text.WriteString(kindSection(b, g))
	}
	text.WriteString("### The same from scratch\n\n" + fenced(reproducing(b)))
	return text.String()
}

// kindSection lists the paths of one kind of conflict.
func kindSection(b Backport, g kindGuide) string {
	var lines []string
	for _, c := range b.Replay.Conflicts {
		if c.Kind == g.kind || g.kind == hotfix.ConflictOther && !known(c.Kind) {
			lines = append(lines, pathLine(b, c))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return "### Conflict: " + string(g.kind) + "\n\n" + upperFirst(g.means) + ". " + g.do + " [More](" + kindPage(g.kind) + ")\n\n" + bullets(lines) + "\n"
}

func known(kind hotfix.ConflictKind) bool {
	for _, g := range guides {
		if g.kind == kind {
			return true
		}
	}
	return false
}

func pathLine(b Backport, c hotfix.PathConflict) string {
	line := pathOf(c)
	if c.Commit != "" {
		line += " at " + commit(b.Repository, c.Commit)
	}
	if !c.Markers {
		line += ", without blocks"
	}
	return line
}

// unmarked are the conflicted paths that hold no conflict block: only a person's
// change or word shows that they are done.
func unmarked(conflicts []hotfix.PathConflict) []string {
	var out []string
	for _, c := range conflicts {
		if !c.Markers && c.Path != "" {
			out = append(out, c.Path)
		}
	}
	return out
}

// resolveCommand is the command that confirms a path, as code. A path that
// cannot be shown as it is (too long, control characters) has to be looked up.
func resolveCommand(path string) string {
	const shown = 250
	switch {
	case naming.Line(path, shown) != path || strings.Contains(path, `"`):
		path = "<path>"
	case strings.Contains(path, " "):
		path = `"` + path + `"`
	}
	return naming.Code("/hotfix resolved " + path)
}
