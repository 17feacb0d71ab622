package gitops

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Job is one throw-away repository with one remote. Its methods may be called
// by several goroutines and then run one after the other.
//
// A commit or repository that the server does not have is a *hotfix.Gone; what
// the server forbids is a *hotfix.Refusal.
type Job struct {
	engine  *Engine
	dir     string
	address address
	token   func(ctx context.Context) (string, error)

	mu      sync.Mutex // one git at a time: two shallow fetches in one repository break each other
	here    map[hotfix.OID]bool
	commits map[hotfix.OID]commit
	changes map[hotfix.Pick][]change
}

func newJob(e *Engine, dir string, a address, token func(context.Context) (string, error)) *Job {
	return &Job{
		engine: e, dir: dir, address: a, token: token,
		here:    map[hotfix.OID]bool{},
		commits: map[hotfix.OID]commit{},
		changes: map[hotfix.Pick][]change{},
	}
}

// Close removes the job's folder.
func (j *Job) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return os.RemoveAll(j.dir)
}

// layOut writes an empty bare repository. `git init` would do the same, slower
// and with templates.
func layOut(dir, url string) error {
	for _, name := range []string{"objects", "info", "refs/heads", "refs/tags"} {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o700); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "HEAD"), []byte("ref: refs/heads/none\n"), 0o600); err != nil {
		return err
	}
	config := fmt.Sprintf(`[core]
	repositoryformatversion = 1
	bare = true
[extensions]
	partialClone = origin
[remote "origin"]
	url = "%s"
	promisor = true
	partialclonefilter = blob:none
`, url)
	return os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600)
}
