package store

import "errors"

func openPostgres(string) (engine, error) {
	return nil, errors.New("the database URL names PostgreSQL, which this version does not support yet; leave it empty or use sqlite:PATH")
}
