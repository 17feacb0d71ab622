package dashboard

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// recheck is how long it may take until somebody who may not read a repository any
// more does not see it any more. Whoever acts is asked for at once.
const recheck = 2 * time.Minute

// mostReaches bounds what is remembered; beyond it the old is forgotten.
const mostReaches = 1000

// reach is what one session, or one machine's token, was found to read.
type reach struct {
	mu    sync.Mutex // held while GitHub is asked: once is enough
	at    time.Time
	roles map[hotfix.RepositoryID]hotfix.Permission
}

// reaches are those of everybody who looked lately.
type reaches struct {
	mu    sync.Mutex
	known map[string]*reach
}

// of is the reach of a session or a token, locked. The caller unlocks it.
func (r *reaches) of(id string, now time.Time) *reach {
	r.mu.Lock()
	if r.known == nil {
		r.known = map[string]*reach{}
	}
	if len(r.known) >= mostReaches {
		for other, one := range r.known {
			if one.mu.TryLock() {
				if now.Sub(one.at) >= recheck {
					delete(r.known, other)
				}
				one.mu.Unlock()
			}
		}
	}
	one := r.known[id]
	if one == nil {
		one = &reach{}
		r.known[id] = one
	}
	r.mu.Unlock()
	one.mu.Lock()
	return one
}

// forget makes the next question be asked of GitHub.
func (r *reaches) forget(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.known, id)
}

// roles are the repositories that somebody who is signed in was let into, as GitHub
// said at most recheck ago.
func (p *Pages) roles(ctx context.Context, s *session) (map[hotfix.RepositoryID]hotfix.Permission, error) {
	now := p.config.Now()
	mine := p.reaches.of(s.ID, now)
	defer mine.mu.Unlock()
	if mine.roles != nil && now.Sub(mine.at) < recheck {
		return mine.roles, nil
	}
	token, err := p.token(ctx, s)
	if err != nil {
		return nil, asking(err)
	}
	list, err := p.config.SignIn.People.Readable(ctx, token)
	if err != nil {
		return nil, asking(err)
	}
	mine.at, mine.roles = now, map[hotfix.RepositoryID]hotfix.Permission{}
	for _, one := range list {
		mine.roles[one.ID] = one.Role
	}
	return mine.roles, nil
}

// held is what a machine's token is good for now: what its owner can still read of
// what it was made for.
func (p *Pages) held(ctx context.Context, pass hotfix.Pass) (map[hotfix.RepositoryID]hotfix.Permission, error) {
	now := p.config.Now()
	its := p.reaches.of("pass "+pass.ID, now)
	defer its.mu.Unlock()
	if its.roles != nil && now.Sub(its.at) < recheck {
		return its.roles, nil
	}
	roles := map[hotfix.RepositoryID]hotfix.Permission{}
	for _, id := range pass.Repositories {
		role := hotfix.Read // the operator's word
		if pass.Owner.ID != 0 {
			var err error
			role, err = p.config.SignIn.People.Still(ctx, id, pass.Owner)
			if gone := (*hotfix.Gone)(nil); err != nil && !errors.As(err, &gone) {
				return nil, asking(err)
			}
		}
		if role >= hotfix.Read {
			roles[id] = role
		}
	}
	its.at, its.roles = now, roles
	return roles, nil
}

// unasked says that GitHub could not be asked, so that nobody knows who may see what.
type unasked struct{ err error }

// Error is what went wrong.
func (u *unasked) Error() string { return u.err.Error() }

// Unwrap is what went wrong.
func (u *unasked) Unwrap() error { return u.err }

// asking tells a person who has to sign in again from a GitHub that does not answer.
func asking(err error) error {
	if out := (*hotfix.SignedOut)(nil); errors.As(err, &out) {
		return err
	}
	return &unasked{err}
}

// visible are those of the boards that the viewer may see. What everybody can read on
// GitHub is shown to everybody who is signed in.
func (p *Pages) visible(c *gin.Context, boards []hotfix.Board) ([]hotfix.Board, error) {
	v := viewerOf(c)
	if v.all {
		return boards, nil
	}
	roles, public := map[hotfix.RepositoryID]hotfix.Permission{}, v.session != nil
	var err error
	switch {
	case v.session != nil:
		roles, err = p.roles(c.Request.Context(), v.session)
	case v.pass != nil:
		roles, err = p.held(c.Request.Context(), *v.pass)
	}
	if err != nil {
		return nil, err
	}
	var shown []hotfix.Board
	for _, board := range boards {
		if board.Public && public || roles[board.Repository] >= hotfix.Read {
			shown = append(shown, board)
		}
	}
	return shown, nil
}
