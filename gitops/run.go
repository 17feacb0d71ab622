package gitops

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
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

func (j *Job) run(ctx context.Context, c call, token string) (answer, error) {
	limited, cancel := context.WithTimeout(ctx, j.engine.settings.Timeout)
	defer cancel()
	authorization := ""
	if token != "" {
		authorization = "Basic " + basic(token)
	}
	cmd := exec.CommandContext(limited, j.engine.settings.Git, c.args...)
	cmd.Dir = j.dir
	cmd.Env = j.environment(c, authorization)
	cmd.Stdin = bytes.NewReader(c.stdin)
	stdout, stderr := &capped{limit: outputLimit}, &capped{limit: stderrLimit, drop: true}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	// git starts helpers (remote-https, index-pack): the whole group must end.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 2 * time.Second

	start := time.Now()
	err := cmd.Run()
	a := answer{stdout: stdout.Bytes(), stderr: scrub(stderr.String(), token), code: cmd.ProcessState.ExitCode()}
	j.engine.settings.Log.Debug().Str("git", c.args[0]).Bool("online", c.online).
		Int("code", a.code).Dur("took", time.Since(start)).Msg("git ran")
	return a, j.outcome(ctx, limited, c.args[0], err, stdout.full)
}

// outcome tells an answer from a run that did not come to its end.
func (j *Job) outcome(ctx, limited context.Context, verb string, err error, full bool) error {
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("git %s: %w", verb, ctx.Err())
	case limited.Err() != nil:
		return fmt.Errorf("git %s: no end after %s", verb, j.engine.settings.Timeout)
	case full:
		return fmt.Errorf("git %s: more than %d MiB of output", verb, outputLimit>>20)
	case err == nil || errors.As(err, &exit):
		return nil
	}
	return fmt.Errorf("git %s: %w", verb, err)
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
