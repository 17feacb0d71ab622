package gitops

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Clone is a person's repository on this machine, bare or not, or one of its
// linked work trees. Jobs upon it read its objects where they lie; neither they
// nor anything but Keep and Push write there, and nothing ever touches its work
// tree or index.
//
// Its own git commands run as the person would run them, with their environment
// and configuration. Those of its jobs do not.
type Clone struct {
	engine  *Engine
	dir     string
	objects string // the absolute path of the object store
	shallow bool
}

// local is the configuration of a repository upon a clone's objects.
const local = "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"

// Clone looks a repository up by any folder in it.
func (e *Engine) Clone(ctx context.Context, dir string) (*Clone, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	c := &Clone{engine: e, dir: dir}
	out, err := c.git(ctx, nil, "rev-parse", "--path-format=absolute", "--show-object-format", "--is-shallow-repository", "--git-path", "objects")
	if err != nil {
		return nil, unopened(dir, err)
	}
	words := strings.SplitN(strings.TrimSuffix(out, "\n"), "\n", 3)
	if len(words) != 3 || words[0] != "sha1" {
		return nil, fmt.Errorf("%s: its object format is %s, only sha1 is supported", dir, words[0])
	}
	c.shallow, c.objects = words[1] == "true", words[2]
	return c, nil
}

// ErrNoRepository says that a folder lies in no repository.
var ErrNoRepository = errors.New("no git repository")

// unopened says why a folder is no clone. Where git says something else than that (a
// folder of somebody else's, say), its own words name the remedy.
func unopened(dir string, err error) error {
	if _, gone := os.Stat(dir); gone != nil {
		return gone
	}
	if strings.Contains(err.Error(), "fatal: not a git repository") {
		err = ErrNoRepository
	}
	return fmt.Errorf("%s: %w", dir, err)
}

// Open makes a job upon the clone's objects, with nothing to push to. The caller
// must Close it.
func (c *Clone) Open(ctx context.Context) (*Job, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	j, err := c.engine.open(local)
	if err != nil {
		return nil, err
	}
	j.clone = c
	alternates := filepath.Join(j.dir, "objects", "info", "alternates")
	err = os.MkdirAll(filepath.Dir(alternates), 0o700)
	if err == nil {
		err = os.WriteFile(alternates, []byte(quote(c.objects)+"\n"), 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("folder of a git job: %w", errors.Join(err, j.Close()))
	}
	return j, nil
}

// noRevision is what git rev-parse says when it knows nothing by a name.
const noRevision = "exit status 128: fatal: Needed a single revision"

// Resolve finds the commits that revisions name, as git's own commands do.
func (c *Clone) Resolve(ctx context.Context, revisions ...string) ([]hotfix.OID, error) {
	ids := make([]hotfix.OID, len(revisions))
	for i, revision := range revisions {
		out, err := c.git(ctx, nil, "rev-parse", "--verify", "--end-of-options", revision+"^{commit}")
		switch {
		case err != nil && strings.HasSuffix(err.Error(), noRevision):
			return nil, fmt.Errorf("%q is no branch, tag or commit in %s; git fetch brings what is missing, and a branch of the remote is origin/NAME", revision, c.dir)
		case err != nil: // ambiguous, say, or a file's id
			return nil, fmt.Errorf("%q is no commit in %s: %w", revision, c.dir, err)
		}
		ids[i] = hotfix.OID(strings.TrimSpace(out))
	}
	return ids, nil
}

// BranchOf is the branch that a revision names, without the name of its remote;
// empty when it names none.
func (c *Clone) BranchOf(ctx context.Context, revision string) string {
	out, err := c.git(ctx, nil, "rev-parse", "--verify", "--symbolic-full-name", "--end-of-options", revision)
	if err != nil {
		return ""
	}
	full := strings.TrimSpace(out)
	if name, ok := strings.CutPrefix(full, "refs/heads/"); ok {
		return name
	}
	if name, ok := strings.CutPrefix(full, "refs/remotes/"); ok {
		_, name, _ = strings.Cut(name, "/")
		return name
	}
	return ""
}

// HasBranch reports whether there is a local branch of that name.
func (c *Clone) HasBranch(ctx context.Context, branch string) bool {
	_, err := c.git(ctx, nil, "show-ref", "--verify", "--quiet", "--", "refs/heads/"+branch)
	return err == nil
}

// Committer is the person whom git would note as committer now.
func (c *Clone) Committer(ctx context.Context) (hotfix.Stamp, error) {
	out, err := c.git(ctx, nil, "var", "GIT_COMMITTER_IDENT")
	if err != nil {
		return hotfix.Stamp{}, err
	}
	id := parseIdent(strings.TrimSpace(out))
	return hotfix.Stamp{Name: id.name, Email: id.email, When: time.Unix(id.seconds, 0).UTC()}, nil
}

// Keep brings what a job made over and makes a branch of it. A branch that
// exists already stays what it is, which is an error.
func (c *Clone) Keep(ctx context.Context, j *Job, branch string, tip hotfix.OID) error {
	if !validName(branch) || !tip.Valid() {
		return fmt.Errorf("%q is no name for a branch", branch)
	}
	if err := c.Adopt(ctx, j); err != nil {
		return err
	}
	_, err := c.git(ctx, []byte("create refs/heads/"+branch+" "+string(tip)+"\n"), "update-ref", "-m", "hotfixbot backport", "--stdin")
	return err
}

// Adopt brings the objects that a job made over, without any ref.
func (c *Clone) Adopt(ctx context.Context, j *Job) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.writeNow(); err != nil {
		return err
	}
	made, err := j.madeHere()
	if err != nil || made == "" {
		return err
	}
	pack, err := j.git(ctx, call{args: []string{"pack-objects", "-q", "--stdout"}, stdin: []byte(made)})
	if err != nil {
		return err
	}
	_, err = c.git(ctx, pack, "unpack-objects", "-q")
	return err
}

// Push sends a branch to a remote as the person would: with their credentials
// and hooks. What git says goes to out.
func (c *Clone) Push(ctx context.Context, remote, branch string, in io.Reader, out io.Writer) error {
	if !validName(branch) {
		return fmt.Errorf("%q is no name for a branch", branch)
	}
	ref := "refs/heads/" + branch
	cmd := c.command(ctx, "push", "--end-of-options", remote, ref+":"+ref)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = in, out, out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("git push %s %s: %w", remote, branch, err)
	}
	return nil
}

// git runs git as the person would, and returns its standard output.
func (c *Clone) git(ctx context.Context, stdin []byte, args ...string) (string, error) {
	cmd := c.command(ctx, args...)
	var out bytes.Buffer
	complaint := &capped{limit: stderrLimit, drop: true}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(stdin), &out, complaint
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, oneLine(scrub(complaint.String(), "")))
	}
	return out.String(), nil
}

func (c *Clone) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.engine.settings.Git, append([]string{"-C", c.dir}, args...)...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// Missing says that a clone lacks an object which a pick needs: it was made
// shallow or partial, or is damaged.
type Missing struct {
	Object hotfix.OID
	Clone  string // its folder
	Remedy string // a command
}

// Error names the object and the remedy.
func (m *Missing) Error() string {
	return fmt.Sprintf("object %s is not in %s; run: %s", m.Object, m.Clone, m.Remedy)
}

// missing is the error for an object that is not here.
func (j *Job) missing(ctx context.Context, id hotfix.OID) error {
	if j.clone == nil {
		return fmt.Errorf("object %s is missing", id)
	}
	return j.clone.lacks(ctx, id)
}

func (c *Clone) lacks(ctx context.Context, id hotfix.OID) error {
	m := &Missing{Object: id, Clone: c.dir, Remedy: "git -C " + strconv.Quote(c.dir) + " fetch origin " + string(id)}
	promised, _ := c.git(ctx, nil, "config", "--get-regexp", `^remote\..*\.promisor$`) // none: ends with 1
	switch {
	case c.shallow:
		m.Remedy = "git -C " + strconv.Quote(c.dir) + " fetch --unshallow"
	case promised != "":
		m.Remedy = "git -C " + strconv.Quote(c.dir) + " fetch --refetch --no-filter"
	}
	return m
}
