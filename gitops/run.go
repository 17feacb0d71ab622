package gitops

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"go.opentelemetry.io/otel/attribute"

	"github.com/hotfixbot/hotfixbot/internal/trail"
)

const (
	outputLimit = 256 << 20 // of standard output: a listing of a million paths fits
	stderrLimit = 16 << 10
)

// call is one run of git.
type call struct {
	args   []string
	stdin  []byte
	online bool // may go to the remote, and gets the token for it
	merge  bool // reads nothing but trees and the two commits of one merge, by their labels
	config [][2]string
}

// answer is what a git process said. Its exit code is no error by itself.
type answer struct {
	stdout []byte
	stderr string // without secrets
	code   int    // -1: killed by a signal
}

// failure is a git process that ended with a code that its caller cannot use.
type failure struct {
	verb   string
	answer answer
}

// Error is git's own last words.
func (f *failure) Error() string {
	return fmt.Sprintf("git %s ended with %d: %s", f.verb, f.answer.code, oneLine(f.answer.stderr))
}

// git runs git and expects success.
func (j *Job) git(ctx context.Context, c call) ([]byte, error) {
	a, err := j.ask(ctx, c)
	if err != nil {
		return nil, err
	}
	if a.code != 0 {
		return nil, &failure{verb: c.args[0], answer: a}
	}
	return a.stdout, nil
}

// ask runs git and leaves its exit code to the caller. The error says that git
// could not be run to its end.
func (j *Job) ask(ctx context.Context, c call) (answer, error) {
	if c.online && j.clone != nil {
		return answer{}, fmt.Errorf("git %s: a clone on this machine has no server to ask", c.args[0])
	}
	slots := j.engine.offline
	if c.online {
		slots = j.engine.online
	}
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
	token, err := j.askToken(ctx, c.online)
	if err != nil {
		return answer{}, err
	}
	if !c.merge {
		if err := errors.Join(j.writeNow(), j.unlabel()); err != nil {
			return answer{}, err
		}
	}
	return j.run(ctx, c, token)
}

func (j *Job) askToken(ctx context.Context, online bool) (string, error) {
	if !online || j.token == nil {
		return "", nil
	}
	token, err := j.token(ctx)
	if err != nil {
		return "", fmt.Errorf("token for git: %w", err)
	}
	if strings.ContainsAny(token, "\r\n\x00") {
		return "", errors.New("token for git: it holds a line break")
	}
	return token, nil
}

// run runs git, as a span of its own.
func (j *Job) run(ctx context.Context, c call, token string) (answer, error) {
	ctx, end := trail.Span(ctx, "git "+c.args[0])
	a, err := j.execute(ctx, c, token)
	end(err, attribute.Int("process.exit.code", a.code))
	return a, err
}

func (j *Job) execute(ctx context.Context, c call, token string) (answer, error) {
	limits := j.engine.settings.Limits
	limited, cancel := context.WithTimeoutCause(ctx, j.engine.settings.Timeout, j.engine.tooLong(c.args[0]))
	defer cancel()
	limited, end := context.WithCancelCause(limited)
	defer end(nil)
	authorization := ""
	if token != "" {
		authorization = "Basic " + basic(token)
	}
	cmd := exec.CommandContext(limited, j.engine.settings.Git, c.args...)
	cmd.Dir = j.dir
	cmd.Env = j.environment(c, authorization)
	if len(c.stdin) > 0 {
		cmd.Stdin = bytes.NewReader(c.stdin)
	}
	stdout, stderr := &capped{limit: outputLimit}, &capped{limit: stderrLimit, drop: true}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.SysProcAttr = processAttributes()
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second

	start := time.Now()
	err := j.runLimited(limited, end, cmd)
	a := answer{stdout: stdout.Bytes(), stderr: scrub(stderr.String(), token), code: cmd.ProcessState.ExitCode()}
	took := time.Since(start)
	j.engine.settings.Ran(c.args[0], took)
	j.engine.settings.Log.Debug().Ctx(ctx).Str("git", c.args[0]).Bool("online", c.online).
		Int("code", a.code).Dur("took", took).Msg("git ran")
	switch {
	case ctx.Err() != nil:
		return a, fmt.Errorf("git %s: %w", c.args[0], ctx.Err())
	case err == nil:
		return a, nil
	case limited.Err() != nil:
		return a, context.Cause(limited)
	case stdout.full:
		return a, tooTalkative(c.args[0])
	}
	return a, limits.hit(c.args[0], a, err)
}

// runLimited runs a process under watch. The thread that starts it must live as
// long as it does (see processAttributes).
func (j *Job) runLimited(ctx context.Context, end context.CancelCauseFunc, cmd *exec.Cmd) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := confine(cmd.Process.Pid, j.engine.settings.Limits); err != nil {
		end(fmt.Errorf("bound what git may take: %w", err))
	}
	watching, stop := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() { j.watch(watching, end) })
	defer watch.Wait()
	defer stop()
	return cmd.Wait()
}

// capped is a buffer that ends. What is too much is an error for the writer, so
// that the process stops, or is dropped.
type capped struct {
	bytes.Buffer
	limit int
	drop  bool
	full  bool
}

func (c *capped) Write(p []byte) (int, error) {
	if c.Len()+len(p) <= c.limit {
		return c.Buffer.Write(p)
	}
	c.Buffer.Write(p[:c.limit-c.Len()])
	if c.drop {
		return len(p), nil
	}
	c.full = true
	return 0, errors.New("too much output")
}
