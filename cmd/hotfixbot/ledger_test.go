package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/store"
)

// plant stores boards as hotfixbot serve does, each a minute after the one before:
// plant DIR BOARD.json…
func plant(ts *testscript.TestScript, _ bool, args []string) {
	now := time.Date(2026, time.March, 6, 16, 0, 0, 0, time.UTC)
	kept, err := store.Open(context.Background(), store.Config{
		DataDir: ts.MkAbs(args[0]), Now: func() time.Time { return now },
	})
	ts.Check(err)
	defer kept.Close()
	for _, file := range args[1:] {
		for text := range strings.SplitSeq(strings.TrimSpace(ts.ReadFile(file)), "\n---\n") {
			var board hotfix.Board
			ts.Check(json.Unmarshal([]byte(text), &board))
			ts.Check(kept.Save(context.Background(), board))
			now = now.Add(time.Minute)
		}
	}
}

// tables changes which versions of the tables a database says to have: tables DIR +99
// or -11.
func tables(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(ts.MkAbs(args[0]), "hotfixbot.db"))
	ts.Check(err)
	defer db.Close()
	statement := "DELETE FROM goose_db_version WHERE version_id = %s"
	if strings.HasPrefix(args[1], "+") {
		statement = "INSERT INTO goose_db_version (version_id, is_applied) VALUES (%s, 1)"
	}
	_, err = db.Exec(fmt.Sprintf(statement, args[1][1:]))
	ts.Check(err)
}
