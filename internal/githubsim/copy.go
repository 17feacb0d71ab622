package githubsim

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"unsafe"
)

// Copy makes a second GitHub in the same state, with a future of its own: the same accounts,
// repositories, tokens and waiting webhooks at the same address, its bare repositories under
// o.Dir. The log of requests and what became of earlier webhooks stay behind. Objects of git
// are linked where the file system can, since they never change.
func (g *GitHub) Copy(o Options) (*GitHub, error) {
	twin, err := New(o)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	c := &copier{seen: map[copied]reflect.Value{}, from: g.dir, to: twin.dir, known: twin.known}
	twin.url, twin.limits = g.url, g.limits
	twin.ids = duplicate(c, g.ids)
	twin.users = duplicate(c, g.users)
	twin.repos = duplicate(c, g.repos)
	twin.apps = duplicate(c, g.apps)
	twin.installations = duplicate(c, g.installations)
	twin.tokens = duplicate(c, g.tokens)
	twin.spendings = duplicate(c, g.spendings)
	g.hooks.mu.Lock()
	defer g.hooks.mu.Unlock()
	twin.hooks.waiting = duplicate(c, g.hooks.waiting)
	return twin, c.err
}

// copier copies a graph of the model's objects, each once, however many point to it.
type copier struct {
	seen     map[copied]reflect.Value
	from, to string // the folders of the two simulations
	known    *Known // of the new one
	err      error
}

// copied is what a pointer points to. Two pointers of different types may hold one address.
type copied struct {
	at unsafe.Pointer
	as reflect.Type
}

// ours is the package whose objects are copied. Those of others (keys, times) never change.
var ours = reflect.TypeFor[GitHub]().PkgPath()

func duplicate[T any](c *copier, from T) T {
	var to T
	c.fill(reflect.ValueOf(&to).Elem(), reflect.ValueOf(&from).Elem())
	return to
}

// fill sets one value to the copy of another. Both can be addressed.
func (c *copier) fill(to, from reflect.Value) {
	switch from.Kind() {
	case reflect.Pointer:
		to.Set(c.pointer(from))
	case reflect.Struct:
		c.fields(to, from)
	case reflect.Slice:
		if from.IsNil() {
			return
		}
		to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		if plain(from.Type().Elem()) {
			reflect.Copy(to, from)
			return
		}
		for i := range from.Len() {
			c.fill(to.Index(i), from.Index(i))
		}
	case reflect.Map:
		if from.IsNil() {
			return
		}
		to.Set(reflect.MakeMapWithSize(from.Type(), from.Len()))
		for each := from.MapRange(); each.Next(); {
			to.SetMapIndex(c.value(each.Key()), c.value(each.Value()))
		}
	default:
		to.Set(from)
	}
}

// plain tells that values of a type point to nothing that is copied.
func plain(t reflect.Type) bool {
	return t.Kind() <= reflect.Complex128 || t.Kind() == reflect.String
}

// value is the copy of what cannot be addressed, as in a map.
func (c *copier) value(from reflect.Value) reflect.Value {
	source, to := reflect.New(from.Type()).Elem(), reflect.New(from.Type()).Elem()
	source.Set(from)
	c.fill(to, source)
	return to
}

// fields copies a struct, with the fields that only this package sees.
func (c *copier) fields(to, from reflect.Value) {
	if from.Type().PkgPath() != ours {
		to.Set(from)
		return
	}
	for i := range from.NumField() {
		c.fill(open(to.Field(i)), open(from.Field(i)))
	}
}

// open lifts reflect's ban on fields with a small first letter.
func open(field reflect.Value) reflect.Value {
	return reflect.NewAt(field.Type(), unsafe.Pointer(field.UnsafeAddr())).Elem()
}

func (c *copier) pointer(from reflect.Value) reflect.Value {
	if from.IsNil() || from.Type().Elem().PkgPath() != ours {
		return from
	}
	key := copied{from.UnsafePointer(), from.Type()}
	if to, ok := c.seen[key]; ok {
		return to
	}
	if dir, ok := from.Interface().(*gitDir); ok {
		c.seen[key] = reflect.ValueOf(c.gitDir(dir))
		return c.seen[key]
	}
	to := reflect.New(from.Type().Elem())
	c.seen[key] = to
	c.fill(to.Elem(), from.Elem())
	return to
}

// gitDir copies a bare repository.
func (c *copier) gitDir(dir *gitDir) *gitDir {
	rel, err := filepath.Rel(c.from, dir.path)
	twin := &gitDir{path: filepath.Join(c.to, rel), known: c.known}
	if err == nil {
		err = filepath.WalkDir(dir.path, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return c.file(path, twin.path+strings.TrimPrefix(path, dir.path), d)
		})
	}
	if err != nil {
		c.err = errors.Join(c.err, fmt.Errorf("cannot copy the repository %s: %w", rel, err))
	}
	return twin
}

// file copies one file or folder of a repository.
func (c *copier) file(from, to string, d fs.DirEntry) error {
	if d.IsDir() {
		return os.MkdirAll(to, 0o755)
	}
	object := strings.Contains(from, "/objects/") && !strings.Contains(from, "/objects/info/")
	if object && os.Link(from, to) == nil {
		return nil
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	if strings.HasSuffix(from, "/objects/info/alternates") { // of a fork: the path of its parent
		data = []byte(strings.ReplaceAll(string(data), c.from, c.to))
	}
	return os.WriteFile(to, data, 0o644)
}
