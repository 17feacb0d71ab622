package gitops

import (
	"compress/zlib"
	"context"
	"os"
	"path/filepath"
	"sync"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Job is one throw-away repository, with one remote or upon the objects of one
// Clone. Its methods may be called by several goroutines and then run one after
// the other.
//
// A commit or repository that the server does not have is a *hotfix.Gone; what
// the server forbids is a *hotfix.Refusal; what a clone lacks is a *Missing.
type Job struct {
	engine  *Engine
	dir     string
	address address
	token   func(ctx context.Context) (string, error)
	denied  func(status int, what string) error // see Remote
	clone   *Clone                              // nil: the repository lies on a server

	mu         sync.Mutex // one git at a time: two shallow fetches in one repository break each other
	server     server
	reader     *reader // nil until something is read
	here       map[hotfix.OID]bool
	stored     map[string]int64 // files of objects, with their sizes: see intact
	commits    map[hotfix.OID]commit
	changes    map[trees][]change
	trees      map[hotfix.OID][]node
	wideTree   hotfix.OID          // the tree of wideIndex
	wideIndex  map[string]entry    // what it holds, by name
	plain      map[hotfix.OID]bool // trees without .gitattributes at any depth
	attributes []attributeFile     // in use
	union      []string            // in use
	zlib       *zlib.Writer        // see deflate
	unwritten  map[hotfix.OID]rawObject
	labelled   bool                // packed-refs names the sides of the last merge
	passing    map[hotfix.OID]bool // commits that were made to be merged, and serve for nothing else
}

func newJob(e *Engine, dir string) *Job {
	return &Job{
		engine: e, dir: dir,
		here:      map[hotfix.OID]bool{},
		stored:    map[string]int64{},
		commits:   map[hotfix.OID]commit{},
		changes:   map[trees][]change{},
		trees:     map[hotfix.OID][]node{},
		plain:     map[hotfix.OID]bool{},
		unwritten: map[hotfix.OID]rawObject{},
		passing:   map[hotfix.OID]bool{},
	}
}

// Close removes the job's folder.
func (j *Job) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.closeReader()
	return os.RemoveAll(j.dir)
}

// partial is the configuration of a repository whose objects come from a server
// as they are asked for.
const partial = `[core]
	repositoryformatversion = 1
	bare = true
[extensions]
	partialClone = origin
[remote "origin"]
	url = "%s"
	promisor = true
	partialclonefilter = blob:none
`

// complete is the configuration of one that gets whole histories (see fetchNamed).
const complete = `[core]
	repositoryformatversion = 0
	bare = true
[remote "origin"]
	url = "%s"
`

// layOut writes an empty bare repository. `git init` would do the same, slower
// and with templates.
func layOut(dir, config string) error {
	for _, name := range []string{"objects", "info", "refs/heads", "refs/tags"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "HEAD"), []byte("ref: refs/heads/none\n"), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600)
}
