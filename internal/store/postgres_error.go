package store

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// plain tells an error of the server, or of the way to it, in one line and with the
// remedy where there is one to name.
func plain(err error) error {
	var problem *pgconn.PgError
	var unreached *pgconn.ConnectError
	if !errors.As(err, &problem) && !errors.As(err, &unreached) {
		return err
	}
	text := once(err.Error())
	switch {
	case problem == nil:
		text += "; " + unreachedRemedy
	case remedies[problem.Code] != "":
		text += "; " + remedies[problem.Code]
	}
	return &oneLine{text, err}
}

// once is a text of several lines as one. The driver tries an address with and without
// TLS, and says the same of both.
func once(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, " ")
}

// unreachedRemedy is for a server that cannot be spoken to.
const unreachedRemedy = "is the server up, and are its host and port right?"

// remedies for what is wrong at the first start, by SQLSTATE.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
var remedies = map[string]string{
	"3D000": "create the database",
	"28P01": "check user and password",
	"28000": "check the user, and the server's pg_hba.conf",
	"42501": "the user must own the database, or be granted CREATE on its schema",
	"25006": "this server is a standby: name the primary",
}

// oneLine is an error in other words.
type oneLine struct {
	text string
	err  error
}

// Error is the text.
func (e *oneLine) Error() string { return e.text }

// Unwrap is the error.
func (e *oneLine) Unwrap() error { return e.err }

// unreadable says what is wrong with a URL. The driver's own text repeats the URL,
// and with it the password where it does not find it; only the reason is kept.
func unreadable(address string, err error) error {
	const remedy = "it must look like postgres://USER:PASSWORD@HOST/DATABASE"
	text := err.Error()
	reason := text[strings.LastIndex(text, "`: ")+len("`: "):]
	if reason == text || tells(address, reason) {
		return errors.New("the database URL cannot be read; " + remedy)
	}
	return fmt.Errorf("the database URL cannot be read: %s; %s", reason, remedy)
}

// tells reports whether a text may repeat a secret of a URL.
func tells(address, text string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	password, _ := u.User.Password()
	for _, secret := range []string{password, u.Query().Get("password"), u.Query().Get("sslpassword")} {
		if secret != "" && strings.Contains(text, secret) {
			return true
		}
	}
	return false
}

// chosen tells whether PostgreSQL ended a transaction so that others can go on, or
// asks for it to be run again.
// https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html
func chosen(err error) bool {
	var problem *pgconn.PgError
	return errors.As(err, &problem) && (problem.Code == "40P01" || problem.Code == "40001")
}
