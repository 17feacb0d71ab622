package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Act stores what a person asked for on the page and wakes the repository, in one
// transaction that is on disk when Act returns nil. An id that is known stores
// nothing more: a form that is sent twice is one action.
func (s *Store) Act(ctx context.Context, repo hotfix.RepositoryID, action hotfix.Intent) error {
	command, err := json.Marshal(action.Asked)
	if err != nil {
		return err
	}
	w := wake{why: "an action on the page", guid: action.ID, since: s.now(), urgent: true, fates: tally{}}
	err = s.write(ctx, func(tx transaction) error {
		if _, err := tx.Exec(ctx, `INSERT INTO actions (id, repository, pull, person, command, asked_at)
			VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING`,
			action.ID, repo, action.Pull, action.Person, string(command), action.At.UnixMilli()); err != nil {
			return err
		}
		if err := changed(ctx, tx); err != nil {
			return err
		}
		return s.wakeAll(ctx, tx, w, []hotfix.RepositoryID{repo})
	})
	if err != nil {
		return fmt.Errorf("store what was asked on the page: %w", err)
	}
	s.counted(w.fates)
	s.change.announce()
	return nil
}

// Actions lists what was asked on the page of a hotfix, newest first, at most limit.
func (s *Store) Actions(ctx context.Context, repo hotfix.RepositoryID, pull, limit int) ([]hotfix.Asking, error) {
	rows, err := s.db.Query(ctx, actionColumns+` WHERE repository = $1 AND pull = $2 ORDER BY asked_at DESC, id LIMIT $3`, repo, pull, limit)
	return collect(rows, err, scanAction)
}

// AskedMarks are texts of repositories, each another one after something was asked for on
// a page of the repository, or answered.
func (s *Store) AskedMarks(ctx context.Context) (map[hotfix.RepositoryID]string, error) {
	type asked struct {
		repository hotfix.RepositoryID
		mark       string
	}
	rows, err := s.db.Query(ctx, `SELECT repository, count(*), CAST(coalesce(sum(CASE WHEN answered_at = 0 THEN 0 ELSE 1 END), 0) AS BIGINT),
		max(asked_at) FROM actions GROUP BY repository`)
	list, err := collect(rows, err, func(row scanner) (a asked, err error) {
		var all, answered, last int64
		err = row.Scan(&a.repository, &all, &answered, &last)
		a.mark = fmt.Sprintf("%d-%d-%d", all, answered, last)
		return a, err
	})
	marks := map[hotfix.RepositoryID]string{}
	for _, a := range list {
		marks[a.repository] = a.mark
	}
	return marks, err
}

// waiting are the actions that are not answered yet.
func (s *Store) waiting(ctx context.Context, repo hotfix.RepositoryID) ([]hotfix.Intent, error) {
	rows, err := s.db.Query(ctx, actionColumns+` WHERE repository = $1 AND answered_at = 0 ORDER BY asked_at, id`, repo)
	return collect(rows, err, func(row scanner) (hotfix.Intent, error) {
		action, err := scanAction(row)
		return action.Intent, err
	})
}

const actionColumns = `SELECT id, pull, person, command, asked_at, answered_at, done, refused, said, issue, reply FROM actions`

func scanAction(row scanner) (a hotfix.Asking, err error) {
	var command string
	var asked, answered, done, refused int64
	if err := row.Scan(&a.ID, &a.Pull, &a.Person, &command, &asked, &answered, &done, &refused, &a.Said, &a.Issue, &a.Reply); err != nil {
		return a, err
	}
	a.At, a.Answered, a.Done, a.Refused = time.UnixMilli(asked).UTC(), answered != 0, done != 0, refused != 0
	a.Asked = &hotfix.Command{}
	return a, json.Unmarshal([]byte(command), a.Asked)
}
