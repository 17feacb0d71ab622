package gitops

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// merged is what merge-tree made of two sides.
type merged struct {
	tree   hotfix.OID // with conflict markers where it is not clean
	clean  bool
	stages []stage
	notes  []note
}

// stage is one line of the index that a merge in a work tree would leave: 1 is
// the base, 2 ours, 3 theirs.
type stage struct {
	entry
	number int
	path   string
}

// note is one message of merge-tree. kind is the fixed name that scripts may
// rely on ("CONFLICT (contents)"); the sentence for people is not kept.
type note struct {
	kind  string
	paths []string
}

// unmerged are the paths that git would leave unmerged in an index.
func (m merged) unmerged() []string {
	paths := make([]string, len(m.stages))
	for i, s := range m.stages {
		paths[i] = s.path
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// parseMerge reads the output of `merge-tree --write-tree --messages -z`:
//
//	tree NUL (mode id stage TAB path NUL)* NUL (count NUL (path NUL)*count kind NUL text NUL)*
//
// git 2.39 prints a hint on submodules after it, without any frame, so that what
// does not begin with a count ends the records.
func parseMerge(out []byte, clean bool) (merged, error) {
	fields := strings.Split(string(out), "\x00")
	m := merged{tree: hotfix.OID(fields[0]), clean: clean}
	if !m.tree.Valid() || len(fields) < 2 {
		return merged{}, fmt.Errorf("git merge-tree: %q is no tree", fields[0])
	}
	fields = fields[1:]
	for len(fields) > 0 && fields[0] != "" {
		s, err := parseStage(fields[0])
		if err != nil {
			return merged{}, err
		}
		m.stages = append(m.stages, s)
		fields = fields[1:]
	}
	if len(fields) > 0 {
		m.notes = parseNotes(fields[1:])
	}
	return m, nil
}

func parseStage(record string) (stage, error) {
	meta, path, ok := strings.Cut(record, "\t")
	words := strings.Fields(meta)
	if !ok || len(words) != 3 || !hotfix.OID(words[1]).Valid() {
		return stage{}, fmt.Errorf("git merge-tree: %q is no conflict record", record)
	}
	number, err := strconv.Atoi(words[2])
	return stage{entry: entry{mode: words[0], oid: hotfix.OID(words[1])}, number: number, path: path}, err
}

func parseNotes(fields []string) (notes []note) {
	for len(fields) > 0 {
		count, err := strconv.Atoi(fields[0])
		if err != nil || count < 0 || count > len(fields)-3 {
			return notes
		}
		notes = append(notes, note{paths: fields[1 : 1+count], kind: fields[1+count]})
		fields = fields[count+3:]
	}
	return notes
}
