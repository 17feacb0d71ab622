package gitops

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// question is how many ids are asked for at once: they fit into a pipe, so that
// asking never waits for somebody to read the answers.
const question = 500

// reader is one `git cat-file --batch` that answers for as long as its job
// lives. Started anew for each question it would cost more than the merges.
type reader struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr *capped
}

// read reads objects that are here.
func (j *Job) read(ctx context.Context, ids []hotfix.OID) (map[hotfix.OID][]byte, error) {
	contents := make(map[hotfix.OID][]byte, len(ids))
	size := 0
	for batch := range slices.Chunk(ids, question) {
		if err := j.readBatch(ctx, batch, contents, &size); err != nil {
			return nil, err
		}
	}
	return contents, nil
}

// readBatch adds the objects to contents and their sizes to size. A reader that
// did not answer to the end is not asked again.
func (j *Job) readBatch(ctx context.Context, ids []hotfix.OID, contents map[hotfix.OID][]byte, size *int) error {
	if slices.ContainsFunc(ids, func(id hotfix.OID) bool { return j.unwritten[id].content != nil }) {
		if err := j.writeNow(); err != nil {
			return err
		}
	}
	r, err := j.openReader(ctx)
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeoutCause(ctx, j.engine.settings.Timeout, j.engine.tooLong("cat-file"))
	defer cancel()
	stop := context.AfterFunc(limited, r.kill)
	start := time.Now()
	missing, err := r.ask(ids, contents, size)
	j.engine.settings.Ran("cat-file", time.Since(start))
	if !stop() || err != nil {
		j.closeReader()
	}
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("git cat-file: %w", ctx.Err())
	case limited.Err() != nil:
		return context.Cause(limited)
	case err != nil:
		return j.readError(err, r)
	case missing != "":
		return j.missing(ctx, missing)
	}
	return nil
}

// readError is the error of a reader that ended, with git's last words.
func (j *Job) readError(err error, r *reader) error {
	if noMemory.MatchString(r.stderr.String()) {
		return j.engine.settings.Limits.outOfMemory("cat-file")
	}
	return fmt.Errorf("git cat-file: %w %s", err, oneLine(scrub(r.stderr.String(), "")))
}

func (j *Job) openReader(ctx context.Context) (*reader, error) {
	if j.reader != nil {
		return j.reader, nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c := call{args: []string{"cat-file", "--batch"}, config: [][2]string{{"core.deltaBaseCacheLimit", "16m"}}}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), j.engine.settings.Git, c.args...) // it outlives this question
	cmd.Dir = j.dir
	cmd.Env = j.environment(c, "")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.WaitDelay = 2 * time.Second
	r := &reader{cmd: cmd, stderr: &capped{limit: stderrLimit, drop: true}}
	cmd.Stderr = r.stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	if err := confine(cmd.Process.Pid, j.engine.settings.Limits); err != nil {
		return nil, errors.Join(fmt.Errorf("git cat-file: bound its memory: %w", err), cmd.Process.Kill(), cmd.Wait())
	}
	j.engine.settings.Log.Debug().Ctx(ctx).Str("git", "cat-file").Msg("git reads objects")
	r.in, r.out = in, bufio.NewReaderSize(out, 64<<10)
	j.reader = r
	return r, nil
}

// closeReader ends the process, whatever it does.
func (j *Job) closeReader() {
	if j.reader == nil {
		return
	}
	_ = j.reader.in.Close()
	j.reader.kill()
	_ = j.reader.cmd.Wait() // killed is how it is to end
	j.reader = nil
}

func (r *reader) kill() { _ = syscall.Kill(-r.cmd.Process.Pid, syscall.SIGKILL) } // it may have ended

// ask asks for objects and takes all answers, also when one is missing: the
// first of those is returned.
func (r *reader) ask(ids []hotfix.OID, contents map[hotfix.OID][]byte, size *int) (missing hotfix.OID, err error) {
	var in strings.Builder
	for _, id := range ids {
		in.WriteString(string(id) + "\n")
	}
	if _, err := io.WriteString(r.in, in.String()); err != nil {
		return "", fmt.Errorf("object %s is missing: %w", ids[0], err)
	}
	for _, id := range ids {
		content, ok, err := r.answer(id, size)
		switch {
		case err != nil:
			return "", err
		case ok:
			contents[id] = content
		case missing == "":
			missing = id
		}
	}
	return missing, nil
}

// answer takes "<id> <type> <size>\n<content>\n" or "<id> missing\n". ok is false
// for the latter.
func (r *reader) answer(id hotfix.OID, total *int) (content []byte, ok bool, err error) {
	head, err := r.out.ReadString('\n')
	if err != nil {
		return nil, false, fmt.Errorf("object %s is missing: %w", id, err)
	}
	if head == string(id)+" missing\n" {
		return nil, false, nil
	}
	var name, kind string
	var size int
	if n, _ := fmt.Sscanf(head, "%s %s %d", &name, &kind, &size); n != 3 || name != string(id) || size < 0 {
		return nil, false, fmt.Errorf("object %s: %q is no answer", id, head)
	}
	if *total += size; *total > outputLimit {
		return nil, false, tooTalkative("cat-file")
	}
	content = make([]byte, size+1)
	if _, err := io.ReadFull(r.out, content); err != nil {
		return nil, false, fmt.Errorf("object %s: %w", id, err)
	}
	return content[:size], true, nil
}
