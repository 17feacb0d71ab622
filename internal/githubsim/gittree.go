package githubsim

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"sort"
	"strings"
)

// The modes of tree entries.
const (
	modeFile   = "100644"
	modeExec   = "100755"
	modeLink   = "120000"
	modeDir    = "040000"
	modeGit    = "160000" // a submodule
	emptyTree  = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
	rawModeDir = "40000" // as it stands in a tree object
)

// treeEntry is a line of a tree.
type treeEntry struct {
	Mode string // six digits
	Name string
	SHA  string
}

// kind gives the type of the object that the entry names.
func (e treeEntry) kind() string {
	switch e.Mode {
	case modeDir:
		return "tree"
	case modeGit:
		return "commit"
	}
	return "blob"
}

// tree gives the entries of a tree.
func (d *gitDir) tree(sha string) ([]treeEntry, error) {
	if sha == emptyTree {
		return nil, nil
	}
	o, err := d.object(sha + "^{tree}")
	if err != nil {
		return nil, err
	}
	var list []treeEntry
	for data := o.Data; len(data) > 0; {
		space, nul := bytes.IndexByte(data, ' '), bytes.IndexByte(data, 0)
		if space < 0 || nul < space || len(data) < nul+21 {
			return nil, fmt.Errorf("tree %s is broken", o.SHA)
		}
		e := treeEntry{Mode: string(data[:space]), Name: string(data[space+1 : nul]), SHA: hex.EncodeToString(data[nul+1 : nul+21])}
		if e.Mode == rawModeDir {
			e.Mode = modeDir
		}
		list = append(list, e)
		data = data[nul+21:]
	}
	return list, nil
}

// writeTree stores a tree and gives its id.
func (d *gitDir) writeTree(list []treeEntry) (string, error) {
	key := func(e treeEntry) string {
		if e.Mode == modeDir {
			return e.Name + "/"
		}
		return e.Name
	}
	sort.Slice(list, func(i, j int) bool { return key(list[i]) < key(list[j]) })
	var b bytes.Buffer
	for _, e := range list {
		sha, err := hex.DecodeString(e.SHA)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "%s %s\x00%s", strings.TrimPrefix(e.Mode, "0"), e.Name, sha)
	}
	return d.write("tree", b.Bytes())
}

// editTree gives the tree that has base's entries with those at the given paths replaced; a
// nil entry removes. base may be "". Folders that become empty vanish.
func (d *gitDir) editTree(base string, edits map[string]*treeEntry) (string, error) {
	var list []treeEntry
	if base != "" {
		var err error
		if list, err = d.tree(base); err != nil {
			return "", err
		}
	}
	at := map[string]treeEntry{}
	for _, e := range list {
		at[e.Name] = e
	}
	below := map[string]map[string]*treeEntry{}
	for path, e := range edits {
		name, rest, deeper := strings.Cut(path, "/")
		switch {
		case deeper:
			if below[name] == nil {
				below[name] = map[string]*treeEntry{}
			}
			below[name][rest] = e
		case e == nil:
			delete(at, name)
		default:
			at[name] = treeEntry{Mode: e.Mode, Name: name, SHA: e.SHA}
		}
	}
	for name, sub := range below {
		if err := d.editBelow(at, name, sub); err != nil {
			return "", err
		}
	}
	list = list[:0]
	for _, e := range at {
		list = append(list, e)
	}
	return d.writeTree(list)
}

// editBelow applies edits inside the folder name of the entries.
func (d *gitDir) editBelow(at map[string]treeEntry, name string, edits map[string]*treeEntry) error {
	base := ""
	if e, ok := at[name]; ok && e.Mode == modeDir {
		base = e.SHA
	}
	sha, err := d.editTree(base, edits)
	if err != nil {
		return err
	}
	if sha == emptyTree {
		delete(at, name)
		return nil
	}
	at[name] = treeEntry{Mode: modeDir, Name: name, SHA: sha}
	return nil
}

// at gives the entry at a path of a tree, or errNoObject. The empty path is the tree itself.
func (d *gitDir) at(tree, path string) (treeEntry, error) {
	e := treeEntry{Mode: modeDir, SHA: tree}
	for _, name := range strings.Split(strings.Trim(path, "/"), "/") {
		if name == "" {
			continue
		}
		if e.Mode != modeDir {
			return treeEntry{}, errNoObject
		}
		list, err := d.tree(e.SHA)
		if err != nil {
			return treeEntry{}, err
		}
		found := false
		for _, x := range list {
			if x.Name == name {
				e, found = x, true
			}
		}
		if !found {
			return treeEntry{}, errNoObject
		}
	}
	return e, nil
}

// missing tells whether err says that git has no such object.
func missing(err error) bool { return errors.Is(err, errNoObject) }
