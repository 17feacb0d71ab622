package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/disktest"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// What is written to a file that somebody removed would be gone with the process:
// nothing is accepted until it is back.
func TestRemovedFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, Config{DataDir: dir})
	_, err := s.Accept(t.Context(), delivery("a"), 7)
	ok(t, err)
	file, away := filepath.Join(dir, "hotfixbot.db"), filepath.Join(dir, "away.db")
	ok(t, os.Rename(file, away))
	for range 2 {
		if err := s.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "hotfixbot.db was removed") {
			t.Errorf("ready: %v", err)
		}
		if _, err := s.Accept(t.Context(), delivery("b"), 7); err == nil {
			t.Error("accepted into a file that is away")
		}
		ok(t, os.WriteFile(file, nil, 0o600)) // nor is another one in its place
	}
	ok(t, os.Rename(away, file))
	ok(t, s.Ready(t.Context()))
	fresh, err := s.Accept(t.Context(), delivery("b"), 7)
	ok(t, err)
	if !fresh {
		t.Error("what was refused was stored")
	}
}

// While the disk is full nothing is accepted; with room, everything goes on.
func TestFullDisk(t *testing.T) {
	disk := disktest.New(t, 4<<20)
	s := open(t, Config{DataDir: disk.Dir})
	served := make(chan hotfix.RepositoryID, 8)
	work(t, s, record(served, nil))
	ok(t, s.Wake(t.Context(), "test", 7)) // work that has not begun ends on a full disk
	receive(t, served)
	idle(t, s)
	disk.Fill(t)
	refused := 0
	for ; refused < 3; refused++ {
		d := delivery("large")
		d.Body = []byte(strings.Repeat("x", 1<<20))
		if _, err := s.Accept(t.Context(), d, 7); err == nil {
			t.Fatal("accepted although the disk is full")
		} else if !strings.Contains(err.Error(), "full") && !strings.Contains(err.Error(), "space") {
			t.Fatalf("%v", err)
		}
	}
	if s.Ready(t.Context()) == nil {
		t.Error("ready although the disk is full")
	}
	disk.Free(t)
	ok(t, s.Ready(t.Context()))
	_, err := s.Accept(t.Context(), delivery("a"), 7)
	ok(t, err)
	receive(t, served)
	idle(t, s)
}

// A file that becomes one for reading alone while the program runs: nothing is accepted,
// the error says what to do, what ran meanwhile is made again, and when the cause is gone
// everything goes on. The right is taken from the connection: a disk cannot be mounted
// anew under an open file, and root needs no right.
func TestReadOnlyFile(t *testing.T) {
	s := open(t, Config{DataDir: t.TempDir()})
	do, began, goOn := stepped()
	work(t, s, do)
	ok(t, s.Wake(t.Context(), "test", 7))
	receive(t, began)
	writable := func(yes string) {
		t.Helper()
		_, err := s.db.(*sqlite).writer.ExecContext(t.Context(), "PRAGMA query_only = "+yes)
		ok(t, err)
	}
	writable("ON")
	_, err := s.Accept(t.Context(), delivery("a"), 7)
	for what, err := range map[string]error{"accepted": err, "ready": s.Ready(t.Context())} {
		if err == nil || !strings.Contains(err.Error(), "readonly") || !strings.Contains(err.Error(), "hotfixbot.db and its folder") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if board, _, err := s.Board(t.Context(), 7); err != nil {
		t.Errorf("the page cannot read: %v %v", board, err)
	}
	writable("OFF")
	ok(t, s.Ready(t.Context()))
	fresh, err := s.Accept(t.Context(), delivery("a"), 7)
	ok(t, err)
	if !fresh {
		t.Error("what was refused was stored")
	}
	goOn <- nil
	receive(t, began) // for what came meanwhile
	goOn <- nil
	idle(t, s)
}

func TestDamagedFile(t *testing.T) {
	t.Run("all of it", damagedWhole)
	t.Run("a page", damagedPage)
}

// One broken page is found before anything is kept in the file, and as well by who looks
// while the program runs. Before, the program said that it was ready, and every look
// failed.
func damagedPage(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "hotfixbot.db")
	s, err := Open(t.Context(), Config{DataDir: dir})
	ok(t, err)
	var page, size int64
	ok(t, s.db.QueryRow(t.Context(), `SELECT rootpage FROM sqlite_master WHERE name = 'boards'`).Scan(&page))
	ok(t, s.db.QueryRow(t.Context(), `PRAGMA page_size`).Scan(&size))
	ok(t, s.Close())
	raw, err := os.OpenFile(file, os.O_RDWR, 0)
	ok(t, err)
	_, err = raw.WriteAt([]byte(strings.Repeat("x", int(size))), (page-1)*size)
	ok(t, errors.Join(err, raw.Close()))
	for _, config := range []Config{{DataDir: dir}, {DataDir: dir, Beside: true}} {
		s, err := Open(t.Context(), config)
		if err == nil {
			ok(t, s.Close())
		}
		if err == nil || !strings.Contains(err.Error(), "move "+file+" away") {
			t.Errorf("opened: %v", err)
		}
	}
	s, err = Open(t.Context(), Config{DataDir: dir, ReadOnly: true})
	ok(t, err)
	if _, err := s.Boards(t.Context()); err == nil || !strings.Contains(err.Error(), "move "+file+" away") {
		t.Errorf("read: %v", err)
	}
	ok(t, s.Close())
}

// A file that is no database is said at the start, with the remedy; nothing in it is
// touched.
func damagedWhole(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "hotfixbot.db")
	was := strings.Repeat("This is no database. ", 500)
	ok(t, os.WriteFile(file, []byte(was), 0o600))
	s, err := Open(t.Context(), Config{DataDir: dir})
	if err == nil {
		ok(t, s.Close())
	}
	if err == nil || !strings.Contains(err.Error(), "move "+file+" away") {
		t.Errorf("opened: %v", err)
	}
	if now, err := os.ReadFile(file); err != nil || string(now) != was {
		t.Errorf("it was written to: %v", err)
	}
}
