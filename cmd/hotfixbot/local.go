package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/gitops"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// local is the engine upon a repository of this machine. Only the throw-away
// repository of its job is written to.
type local struct {
	engine *gitops.Engine
	clone  *gitops.Clone
	job    *gitops.Job
	folder string // to be removed at the end; empty: it stays for the next run
}

// openLocal looks the repository up. Every error of it is exit code 2.
func openLocal(ctx context.Context, repo string) (*local, error) {
	var err error
	l, dir := &local{}, ""
	if cache, err := os.UserCacheDir(); err == nil {
		dir = filepath.Join(cache, "hotfixbot")
	}
	if dir == "" || os.MkdirAll(dir, 0o700) != nil {
		if dir, err = os.MkdirTemp("", "hotfixbot-"); err != nil {
			return nil, err
		}
		l.folder = dir
	}
	l.engine, err = gitops.New(gitops.Settings{Dir: dir, Log: zerolog.Nop()})
	if err == nil {
		l.clone, err = l.engine.Clone(ctx, repo)
		if errors.Is(err, gitops.ErrNoRepository) || errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w; go into the repository, or name any folder of it with --repo DIR", err)
		}
	}
	if err == nil {
		l.job, err = l.clone.Open(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Close removes what was written.
func (l *local) Close() (err error) {
	if l.job != nil {
		err = l.job.Close()
	}
	if l.engine != nil {
		err = errors.Join(err, l.engine.Close())
	}
	if l.folder != "" {
		err = errors.Join(err, os.RemoveAll(l.folder))
	}
	return err
}

// renew replaces the job, so that it does not grow without end.
func (l *local) renew(ctx context.Context) error {
	err := l.job.Close()
	if err == nil {
		l.job, err = l.clone.Open(ctx)
	}
	return err
}

// picks are the commits against the parent that counts: the one before, for a
// merge the mainline-th. Mainline 0 means that a merge is a mistake, as for
// `git cherry-pick`.
func (l *local) picks(ctx context.Context, ids []hotfix.OID, mainline int) ([]hotfix.Pick, error) {
	picks := make([]hotfix.Pick, len(ids))
	for i, id := range ids {
		c, err := l.job.Commit(ctx, id)
		if err != nil {
			return nil, err
		}
		picks[i] = hotfix.Pick{Commit: id}
		switch n := len(c.Parents); {
		case n > 1 && mainline == 0:
			return nil, fmt.Errorf("%s is a merge: say with --mainline N which of its %d parents it is to be compared with (1 is the branch that was merged into)", id.Short(), n)
		case mainline > max(n, 1):
			return nil, fmt.Errorf("%s has %d %s: there is no --mainline %d", id.Short(), n, plural(n, "parent", "parents"), mainline)
		case n > 0:
			picks[i].Base = c.Parents[max(mainline, 1)-1]
		}
	}
	return picks, nil
}

// commits resolves what a person typed.
func (l *local) commits(ctx context.Context, onto string, commits []string) (hotfix.OID, []hotfix.OID, error) {
	ids, err := l.clone.Resolve(ctx, append([]string{onto}, commits...)...)
	if err != nil {
		return "", nil, err
	}
	return ids[0], ids[1:], nil
}

// shown is text of a repository as a terminal may get it.
func shown(text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(text)
	}
	return text
}
