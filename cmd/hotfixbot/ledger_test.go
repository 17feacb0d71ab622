package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/pgtest"
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

// ask stores what somebody asks for on the page, and its answer, as hotfixbot serve does:
// ask DIR.
func ask(ts *testscript.TestScript, _ bool, args []string) {
	at := time.Date(2026, time.March, 6, 17, 0, 0, 0, time.UTC)
	kept, err := store.Open(context.Background(), store.Config{DataDir: ts.MkAbs(args[0]), Now: func() time.Time { return at }})
	ts.Check(err)
	defer kept.Close()
	for i, asked := range []hotfix.Command{
		{Verb: hotfix.VerbSkip, Environment: "dev", Reason: "rebuilt \x1b[31mthere"}, {Verb: hotfix.VerbSolved}, {Verb: hotfix.VerbRetry, Environment: "dev"},
	} {
		id := fmt.Sprint(i)
		ts.Check(kept.Act(context.Background(), 7, hotfix.Intent{ID: id, Person: "bob", At: at.Add(time.Duration(i) * time.Minute), Asked: &asked, Pull: 34}))
		if i < 2 {
			ts.Check(kept.AnswerPress(context.Background(), 7, id, hotfix.Response{Refused: i == 0, Said: "no"}))
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

// TestStatusOnPostgres: a database that several share is read as a file is.
func TestStatusOnPostgres(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t)
	kept, err := store.Open(t.Context(), store.Config{DatabaseURL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	if err := kept.Save(t.Context(), hotfix.Board{Repository: 7, Name: "acme/shop"}); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	code := run(t.Context(), []string{"status", "--database-url=" + url}, streams{out: &out, err: &out})
	if code != 0 || !strings.Contains(out.String(), "\nacme/shop ") {
		t.Errorf("exit code %d, %q", code, out.String())
	}
}
