package store

import (
	"context"
	"fmt"
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

// Presses lists the button presses of a repository that are not answered yet,
// oldest first. An Intent's ID is the GUID of its delivery.
func (s *Store) Presses(ctx context.Context, id hotfix.RepositoryID) ([]hotfix.Intent, error) {
	rows, err := s.db.Query(ctx, `SELECT guid, person, command, object, check_run, commit_id, pressed_at
		FROM presses WHERE repository = $1 AND answered_at = 0 ORDER BY pressed_at, guid`, id)
	return collect(rows, err, func(row scanner) (i hotfix.Intent, err error) {
		var at int64
		err = row.Scan(&i.ID, &i.Person, &i.Command, &i.Object, &i.CheckRun, &i.Commit, &at)
		i.At = time.UnixMilli(at).UTC()
		return i, err
	})
}

// AnswerPress notes that a press was acted upon or refused, so that it is never
// acted upon again, not even when GitHub delivers it once more. That it was
// answered before, or is unknown, is no error.
func (s *Store) AnswerPress(ctx context.Context, repo hotfix.RepositoryID, id string) error {
	err := s.write(ctx, func(tx transaction) error {
		_, err := tx.Exec(ctx, `UPDATE presses SET answered_at = $1 WHERE repository = $2 AND guid = $3 AND answered_at = 0`,
			s.now(), repo, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("store the answer to press %s: %w", id, err)
	}
	return nil
}
