package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// insertPress stores the button press that a delivery is, in the transaction that
// stores the delivery.
func insertPress(ctx context.Context, tx transaction, d hotfix.Delivery) error {
	i := d.Intent
	_, err := tx.Exec(ctx, `INSERT INTO presses (guid, repository, person, command, object, check_run, commit_id, pressed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		d.GUID, d.Repository, i.Person, i.Command, i.Object, i.CheckRun, i.Commit, i.At.UnixMilli())
	return err
}

// Presses lists the button presses of a repository and the actions on the page that
// are not answered yet, oldest first.
func (s *Store) Presses(ctx context.Context, id hotfix.RepositoryID) ([]hotfix.Intent, error) {
	presses, err := s.buttons(ctx, id)
	if err != nil {
		return nil, err
	}
	actions, err := s.waiting(ctx, id)
	if err != nil {
		return nil, err
	}
	all := append(presses, actions...)
	slices.SortStableFunc(all, func(a, b hotfix.Intent) int { return a.At.Compare(b.At) })
	return all, nil
}

// buttons are the presses on GitHub. An Intent's ID is the GUID of its delivery.
func (s *Store) buttons(ctx context.Context, id hotfix.RepositoryID) ([]hotfix.Intent, error) {
	rows, err := s.db.Query(ctx, `SELECT guid, person, command, object, check_run, commit_id, pressed_at
		FROM presses WHERE repository = $1 AND answered_at = 0 ORDER BY pressed_at, guid`, id)
	return collect(rows, err, func(row scanner) (i hotfix.Intent, err error) {
		var at int64
		err = row.Scan(&i.ID, &i.Person, &i.Command, &i.Object, &i.CheckRun, &i.Commit, &at)
		i.At = time.UnixMilli(at).UTC()
		return i, err
	})
}

// AnswerPress notes what became of a press or an action, so that it is never acted upon
// again, not even when GitHub delivers it once more. That it was answered before, or is
// unknown, is no error. A page that shows the action is told.
func (s *Store) AnswerPress(ctx context.Context, repo hotfix.RepositoryID, id string, response hotfix.Response) error {
	err := s.write(ctx, func(tx transaction) error {
		now := s.now()
		pressed, err := tx.Exec(ctx, `UPDATE presses SET answered_at = $1 WHERE repository = $2 AND guid = $3 AND answered_at = 0`, now, repo, id)
		if err != nil || pressed > 0 {
			return err
		}
		acted, err := tx.Exec(ctx, `UPDATE actions SET answered_at = $1, done = $2, refused = $3, said = $4, issue = $5, reply = $6
			WHERE repository = $7 AND id = $8 AND answered_at = 0`,
			now, number(response.Done), number(response.Refused), response.Said, response.Issue, response.Reply, repo, id)
		if err != nil || acted == 0 {
			return err
		}
		return changed(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("store the answer to press %s: %w", id, err)
	}
	return nil
}

// changed tells pages that something which they show is different.
func changed(ctx context.Context, tx transaction) error {
	_, err := tx.Exec(ctx, `UPDATE changes SET boards = boards + 1 WHERE id = 1`)
	return err
}

// number is a truth as it is stored.
func number(truth bool) int {
	if truth {
		return 1
	}
	return 0
}
