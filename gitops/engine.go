package gitops

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// defaultTimeout bounds one git process. A fetch of a huge tip takes seconds;
// minutes mean that the network or the server hangs.
const defaultTimeout = 5 * time.Minute

// enough is what must fit on the disk, in bytes, for the engine to be ready: less is
// as good as nothing.
const enough = 1 << 20

// Settings say how an Engine runs git. Only Dir is required.
type Settings struct {
	Git      string                                     // the git program; default: "git" of PATH
	Dir      string                                     // parent of the job folders, made with mode 0700
	Timeout  time.Duration                              // of one git process; default 5 minutes
	Insecure bool                                       // allow http:// for loopback hosts (simulator, tests)
	Limits   Limits                                     // of one job
	Signer   Signer                                     // signs commits and tags; nil: they are not signed
	Ran      func(operation string, took time.Duration) // told of each run of git; nil: nobody is
	Log      zerolog.Logger                             // one debug line per git process; never holds a token
}

// Engine opens jobs. It may be used by many goroutines at once; the git
// processes of all its jobs are bounded by the number of cores.
type Engine struct {
	settings Settings
	mu       sync.Mutex // held while folder is used or replaced
	folder   *folder
	// Merging takes a core, waiting for a server does not: a slow server must not
	// keep other jobs from merging.
	offline, online chan struct{}
}

// New checks git (2.39 or newer) and removes what jobs of killed processes left
// in Settings.Dir. Several engines, also of several processes, may share one Dir.
func New(s Settings) (*Engine, error) {
	if s.Git == "" {
		s.Git = "git"
	}
	path, err := lookUp(s.Git)
	if err != nil {
		return nil, err
	}
	s.Git = path
	if s.Timeout <= 0 {
		s.Timeout = defaultTimeout
	}
	s.Limits = s.Limits.orDefault()
	if s.Ran == nil {
		s.Ran = func(string, time.Duration) {}
	}
	if err := checkVersion(s.Git); err != nil {
		return nil, err
	}
	f, err := newFolder(s.Dir)
	if err != nil {
		return nil, fmt.Errorf("folder for git jobs: %w", err)
	}
	cores := max(2, runtime.GOMAXPROCS(0))
	return &Engine{
		settings: s,
		folder:   f,
		offline:  make(chan struct{}, cores),
		online:   make(chan struct{}, 4*cores),
	}, nil
}

// Close removes the engine's folder with all its jobs.
func (e *Engine) Close() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.folder.remove()
}

// Ready reports whether there is room for a job, by writing a little. The error
// tells the remedy.
func (e *Engine) Ready() error {
	dir, err := e.makeFolder("ready-")
	if err != nil {
		return err
	}
	err = errors.Join(os.WriteFile(filepath.Join(dir, "probe"), make([]byte, enough), 0o600), os.RemoveAll(dir))
	if err != nil {
		return fmt.Errorf("folder for git jobs: %w; make room there, or choose another DATA_DIR", err)
	}
	return nil
}

// Open makes the empty repository of a job. The caller must Close it. Nothing
// goes to the network yet.
func (e *Engine) Open(ctx context.Context, r Remote) (*Job, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	address, err := parseAddress(r.URL, e.settings.Insecure)
	if err != nil {
		return nil, err
	}
	j, err := e.open(fmt.Sprintf(partial, address.url))
	if err != nil {
		return nil, err
	}
	j.address, j.token, j.denied = address, r.Token, r.Denied
	return j, nil
}

// open makes the folder of a job.
func (e *Engine) open(config string) (*Job, error) {
	dir, err := e.makeFolder("job-")
	if err != nil {
		return nil, err
	}
	if err := layOut(dir, config); err != nil {
		return nil, fmt.Errorf("folder of a git job: %w", errors.Join(err, os.RemoveAll(dir)))
	}
	return newJob(e, dir), nil
}

// makeFolder makes a folder in the engine's own, which is made anew when somebody
// has removed it.
func (e *Engine) makeFolder(name string) (string, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	dir, err := os.MkdirTemp(e.folder.path, name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = e.replaceFolder(); err == nil {
			dir, err = os.MkdirTemp(e.folder.path, name)
		}
	}
	if err != nil {
		return "", fmt.Errorf("folder of a git job: %w; it must be possible to write in DATA_DIR", err)
	}
	return dir, nil
}

func (e *Engine) replaceFolder() error {
	made, err := newFolder(e.settings.Dir)
	if err != nil {
		return err
	}
	_ = e.folder.lock.Close() // what it locked is gone
	e.folder = made
	return nil
}
