package store

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// freshPass is how old the note of a pass's last use may get: a machine that asks
// every second must not write every second.
const freshPass = time.Hour

// Issue stores a pass. The digest is that of what the machine holds, which is stored
// nowhere.
func (s *Store) Issue(ctx context.Context, pass hotfix.Pass, digest string) error {
	repositories, err := json.Marshal(pass.Repositories)
	if err != nil {
		return err
	}
	return s.execute(ctx, "store a token", `INSERT INTO passes (id, digest, kind, name, account, login, repositories, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		pass.ID, digest, string(pass.Kind), pass.Name, pass.Owner.ID, pass.Owner.Login, string(repositories), pass.CreatedAt.UnixMilli())
}

// Pass is the pass of a digest, and notes that it was used; ok is false when there is
// none, or when it was revoked.
func (s *Store) Pass(ctx context.Context, digest string) (pass hotfix.Pass, ok bool, err error) {
	pass, err = scanPass(s.db.QueryRow(ctx, passColumns+` WHERE digest = $1 AND revoked_at = 0`, digest))
	if ok, err = found(err); !ok {
		return hotfix.Pass{}, false, err
	}
	now := s.config.Now()
	if now.Sub(pass.UsedAt) >= freshPass {
		err = s.execute(ctx, "note the use of a token", `UPDATE passes SET used_at = $1 WHERE id = $2`, now.UnixMilli(), pass.ID)
	}
	return pass, err == nil, err
}

// Passes lists the passes that somebody made, or all of them for the zero Account,
// newest first. Revoked ones are among them.
func (s *Store) Passes(ctx context.Context, owner hotfix.Account) ([]hotfix.Pass, error) {
	rows, err := s.db.Query(ctx, passColumns+` WHERE CAST($1 AS BIGINT) = 0 OR account = $1 ORDER BY created_at DESC, id`, owner.ID)
	return collect(rows, err, scanPass)
}

// Revoke ends a pass that somebody made, or anybody's for the zero Account; known is
// false when there is none like that.
func (s *Store) Revoke(ctx context.Context, owner hotfix.Account, id string) (known bool, err error) {
	err = s.write(ctx, func(tx transaction) error {
		rows, err := tx.Exec(ctx, `UPDATE passes SET revoked_at = $1 WHERE id = $2 AND revoked_at = 0 AND (CAST($3 AS BIGINT) = 0 OR account = $3)`,
			s.now(), id, owner.ID)
		known = rows > 0
		return err
	})
	return known, err
}

const passColumns = `SELECT id, kind, name, account, login, repositories, created_at, used_at, revoked_at FROM passes`

func scanPass(row scanner) (p hotfix.Pass, err error) {
	var repositories string
	var created, used, revoked int64
	if err := row.Scan(&p.ID, &p.Kind, &p.Name, &p.Owner.ID, &p.Owner.Login, &repositories, &created, &used, &revoked); err != nil {
		return p, err
	}
	p.CreatedAt, p.Revoked = time.UnixMilli(created).UTC(), revoked != 0
	if used > 0 {
		p.UsedAt = time.UnixMilli(used).UTC()
	}
	return p, json.Unmarshal([]byte(repositories), &p.Repositories)
}
