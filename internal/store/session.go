package store

import (
	"context"
	"fmt"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Begin stores a session.
func (s *Store) Begin(ctx context.Context, session hotfix.Session) error {
	return s.execute(ctx, "store a session", `INSERT INTO sessions (id, account, login, token, expires_at) VALUES ($1, $2, $3, $4, $5)`,
		session.ID, session.Account.ID, session.Account.Login, session.Token, session.Expires.UnixMilli())
}

// Session is the session of that id; ok is false when there is none, or when it is
// over.
func (s *Store) Session(ctx context.Context, id string) (session hotfix.Session, ok bool, err error) {
	var expires int64
	err = s.db.QueryRow(ctx, `SELECT id, account, login, token, expires_at FROM sessions WHERE id = $1 AND expires_at > $2`, id, s.now()).
		Scan(&session.ID, &session.Account.ID, &session.Account.Login, &session.Token, &expires)
	if ok, err = found(err); !ok {
		return hotfix.Session{}, false, err
	}
	session.Expires = time.UnixMilli(expires).UTC()
	return session, true, nil
}

// Renew replaces the token of a session, unless somebody else did so since it was
// read; then it does nothing.
func (s *Store) Renew(ctx context.Context, id string, was, token []byte) error {
	return s.execute(ctx, "renew a session", `UPDATE sessions SET token = $1 WHERE id = $2 AND token = $3`, token, id, was)
}

// End deletes a session. That there is none is no error.
func (s *Store) End(ctx context.Context, id string) error {
	return s.execute(ctx, "end a session", `DELETE FROM sessions WHERE id = $1`, id)
}

// execute runs one statement that changes something.
func (s *Store) execute(ctx context.Context, doing, statement string, args ...any) error {
	err := s.write(ctx, func(tx transaction) error {
		_, err := tx.Exec(ctx, statement, args...)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}
