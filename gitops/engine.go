package gitops

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"
)

var errUnwritten = errors.New("not written yet")

// Settings say how an Engine runs git. Only Dir is required.
type Settings struct {
	Git      string         // the git program; default: "git" of PATH
	Dir      string         // parent of the job folders, made with mode 0700
	Timeout  time.Duration  // of one git process; default 5 minutes
	Insecure bool           // allow http:// for loopback hosts (simulator, tests)
	Log      zerolog.Logger // one debug line per git process; never holds a token
}

// Engine opens jobs. It may be used by many goroutines at once; the git
// processes of all its jobs are bounded by the number of cores.
type Engine struct{ settings Settings }

// New checks git (2.39 or newer) and removes what jobs of killed processes left
// in Settings.Dir. Several engines, also of several processes, may share one Dir.
func New(s Settings) (*Engine, error) { return nil, errUnwritten }

// Close removes the engine's folder with all its jobs.
func (e *Engine) Close() error { return errUnwritten }

// Open makes the empty repository of a job. The caller must Close it. Nothing
// goes to the network yet.
func (e *Engine) Open(ctx context.Context, r Remote) (*Job, error) { return nil, errUnwritten }
