package gitops

import (
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// kinds are merge-ort's conflict types (type_short_descriptions in git's
// merge-ort.c), the more telling before those that only follow from them.
var kinds = []struct {
	prefix string
	kind   hotfix.ConflictKind
}{
	{"CONFLICT (submodule", hotfix.ConflictSubmodule},
	{"CONFLICT (binary)", hotfix.ConflictBinary},
	{"CONFLICT (rename/rename)", hotfix.ConflictRenameRename},
	{"CONFLICT (rename involved in collision)", hotfix.ConflictRenameRename},
	{"CONFLICT (rename/delete)", hotfix.ConflictRenameDelete},
	{"CONFLICT (directory rename", hotfix.ConflictDirectory},
	{"CONFLICT (file in way of directory rename)", hotfix.ConflictDirectory},
	{"CONFLICT(directory rename", hotfix.ConflictDirectory},
	{"CONFLICT (file/directory)", hotfix.ConflictFileDirectory},
	{"CONFLICT (distinct modes)", hotfix.ConflictDistinctTypes},
	{"CONFLICT (distinct types)", hotfix.ConflictDistinctTypes},
	{"CONFLICT (modify/delete)", hotfix.ConflictModifyDelete},
	{"CONFLICT (contents)", hotfix.ConflictContent},
	{"CONFLICT", hotfix.ConflictOther},
}

// rank is the place of a note's kind in kinds; ok is false for what is no conflict.
func rank(n note) (int, bool) {
	i := slices.IndexFunc(kinds, func(k struct {
		prefix string
		kind   hotfix.ConflictKind
	}) bool {
		return strings.HasPrefix(n.kind, k.prefix)
	})
	return i, i >= 0
}

// conflicts lists every path that git would leave unmerged, with the most
// telling kind that it names for it, and the conflicts that leave no path
// unmerged. marked tells which files of the merged tree hold markers.
func (m merged) conflicts(source hotfix.OID, marked map[string]bool) []hotfix.PathConflict {
	if m.clean {
		return nil
	}
	unmerged := map[string][]stage{}
	for _, s := range m.stages {
		unmerged[s.path] = append(unmerged[s.path], s)
	}
	var list []hotfix.PathConflict
	best := map[string]int{}
	for _, n := range m.notes {
		r, ok := rank(n)
		if !ok {
			continue
		}
		known := false
		for _, path := range n.paths {
			if unmerged[path] == nil {
				continue
			}
			known = true
			if old, ok := best[path]; !ok || r < old {
				best[path] = r
			}
		}
		if !known {
			list = append(list, hotfix.PathConflict{Path: first(n.paths), Kind: kinds[r].kind, Commit: source})
		}
	}
	for path, stages := range unmerged {
		kind := hotfix.ConflictOther
		if r, ok := best[path]; ok {
			kind = refine(kinds[r].kind, stages, marked[path])
		}
		list = append(list, hotfix.PathConflict{Path: path, Kind: kind, Commit: source, Markers: marked[path]})
	}
	slices.SortFunc(list, comparePaths)
	return slices.Compact(list)
}

// drafted are the unmerged paths at which git merged the contents of two files and
// wrote conflict markers. That there is a conflict of contents may otherwise mean
// that there are two modes, links or submodules.
func (m merged) drafted() map[string]bool {
	said := map[hotfix.ConflictKind]map[string]bool{hotfix.ConflictContent: {}, hotfix.ConflictBinary: {}}
	for _, n := range m.notes {
		r, ok := rank(n)
		if !ok || said[kinds[r].kind] == nil {
			continue
		}
		for _, path := range n.paths {
			said[kinds[r].kind][path] = true
		}
	}
	modes := map[string][4]string{}
	for _, s := range m.stages {
		at := modes[s.path]
		at[s.number&3] = s.mode
		modes[s.path] = at
	}
	drafted := map[string]bool{}
	for path, mode := range modes {
		files := mode[2] == mode[3] && (mode[2] == modeFile || mode[2] == modeProgram)
		drafted[path] = files && said[hotfix.ConflictContent][path] && !said[hotfix.ConflictBinary][path]
	}
	return drafted
}

// refine tells apart what git calls "contents" by the stages, as git does for
// its sentence: no base is add/add; files that only differ in their mode have
// no markers.
func refine(kind hotfix.ConflictKind, stages []stage, marked bool) hotfix.ConflictKind {
	if kind != hotfix.ConflictContent {
		return kind
	}
	var base, ours, theirs entry
	for _, s := range stages {
		switch s.number {
		case 1:
			base = s.entry
		case 2:
			ours = s.entry
		case 3:
			theirs = s.entry
		}
	}
	switch {
	case ours.mode == modeSubmodule || theirs.mode == modeSubmodule:
		return hotfix.ConflictSubmodule
	case ours.mode == modeSymlink || theirs.mode == modeSymlink:
		return hotfix.ConflictSymlink
	case !marked && ours.mode != theirs.mode && ours.oid != "" && theirs.oid != "":
		return hotfix.ConflictMode
	case base.oid == "":
		return hotfix.ConflictAddAdd
	}
	return kind
}

func comparePaths(a, b hotfix.PathConflict) int {
	if c := strings.Compare(a.Path, b.Path); c != 0 {
		return c
	}
	return strings.Compare(string(a.Kind), string(b.Kind))
}

func first(paths []string) string {
	if len(paths) == 0 {
		return ""
	}
	return paths[0]
}
