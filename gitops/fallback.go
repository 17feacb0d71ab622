package gitops

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// server is what a job learned about its server from what it refused. GitHub
// refuses neither.
type server struct {
	whole bool // it does not leave out blobs: trees come with all their files
	named bool // it sends only what its refs lead to, not any commit by its id
}

// What git (fetch-pack.c, upload-pack.c) and JGit (WantNotValidException) say.
var (
	noFilter = regexp.MustCompile(`filtering not recognized by server|filter '[^']*' not supported`)
	noWants  = regexp.MustCompile(`does not allow request for unadvertised object|want [0-9a-f]{40} not valid`)
)

// learn reads from git's words what the server does not do, and reports whether
// that is new.
func (j *Job) learn(ctx context.Context, stderr string) bool {
	before := j.server
	j.server.whole = j.server.whole || noFilter.MatchString(stderr)
	j.server.named = j.server.named || noWants.MatchString(stderr)
	log := j.engine.settings.Log.Info().Ctx(ctx).Str("remote", j.address.url)
	switch {
	case j.server == before:
		return false
	case j.server.named:
		j.server.whole = true // blobs have no names
		log.Msg("the server sends no commits by their ids: branches are fetched with their history")
	default:
		log.Msg("the server does not leave out files: commits are fetched with all of them")
	}
	return true
}

// fetchOtherwise fetches again, in a way that the server allows.
func (j *Job) fetchOtherwise(ctx context.Context, ids []hotfix.OID, depth int) error {
	if j.server.named {
		if err := j.startOver(); err != nil {
			return fmt.Errorf("folder of a git job: %w", err)
		}
	}
	return j.fetchObjects(ctx, ids, depth)
}

// everything is the depth that git takes for no bound.
const everything = 1<<31 - 1

// fetchNamed fetches branches, deeper and deeper, and at last all refs, until the
// commits are among what came. Of history so many generations may be needed that
// only all of it is certain.
func (j *Job) fetchNamed(ctx context.Context, ids []hotfix.OID, depth int) error {
	var missing hotfix.OID
	for _, step := range []struct {
		refs  string
		depth int
	}{
		{"+refs/heads/*:refs/remotes/origin/*", 2},
		{"+refs/heads/*:refs/remotes/origin/*", 50},
		{"+refs/heads/*:refs/remotes/origin/*", everything},
		{"+refs/*:refs/remotes/all/*", everything},
	} {
		if depth > 1 && step.depth < everything {
			continue
		}
		args := append(fetchCommand[:len(fetchCommand):len(fetchCommand)], fmt.Sprintf("--depth=%d", step.depth), "origin", step.refs)
		if _, err := j.fetchChecked(ctx, call{args: args, online: true}); err != nil {
			return err
		}
		var err error
		if missing, err = j.lacks(ctx, ids); err != nil || missing == "" {
			return err
		}
	}
	return &hotfix.Gone{What: "commit " + string(missing)}
}

// startOver makes the repository an ordinary one, in which nothing is promised to
// come when it is asked for, and drops what came without its files.
func (j *Job) startOver() error {
	j.closeReader() // it knows the old configuration
	clear(j.here)
	clear(j.stored)
	return errors.Join(
		os.RemoveAll(filepath.Join(j.dir, "objects", "pack")),
		os.RemoveAll(filepath.Join(j.dir, "shallow")),
		os.WriteFile(filepath.Join(j.dir, "config"), fmt.Appendf(nil, complete, j.address.url), 0o600),
	)
}

// lacks is the first of the objects that is not here.
func (j *Job) lacks(ctx context.Context, ids []hotfix.OID) (hotfix.OID, error) {
	var in strings.Builder
	for _, id := range ids {
		in.WriteString(string(id) + "\n")
	}
	out, err := j.git(ctx, call{args: []string{"cat-file", "--batch-check=%(objectname)"}, stdin: []byte(in.String())})
	for line := range strings.Lines(string(out)) {
		if id, missing := strings.CutSuffix(line, " missing\n"); missing {
			return hotfix.OID(id), err
		}
	}
	return "", err
}
