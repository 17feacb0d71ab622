package store

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// patience is how long a test waits for what must happen; nothing waits for it to
// pass.
const patience = 30 * time.Second

func TestMain(m *testing.M) {
	if role := os.Getenv("STORE_TEST_ROLE"); role != "" {
		lease, _ := time.ParseDuration(os.Getenv("STORE_TEST_LEASE")) // spawn wrote it
		config := Config{DataDir: os.Getenv("STORE_TEST_DIR"), DatabaseURL: os.Getenv("STORE_TEST_URL"), Lease: lease, Log: zerolog.Nop()}
		if err := roles[role](config); err != nil {
			fmt.Println("error:", err)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// roles are what a second process does in a test. Each prints a line when it has
// done its part and then waits to be killed.
var roles = map[string]func(Config) error{
	"replica": replicate,
	"open": func(config Config) error {
		s, err := Open(context.Background(), config)
		if err == nil {
			err = errors.Join(errors.New("it opened"), s.Close())
		}
		return err
	},
	"accept": func(config Config) error {
		s, err := Open(context.Background(), config)
		if err != nil {
			return err
		}
		if _, err := s.Accept(context.Background(), delivery("child"), 7); err != nil {
			return err
		}
		fmt.Println("done")
		select {}
	},
	"work": func(config Config) error {
		config.Workers = 1
		s, err := Open(context.Background(), config)
		if err != nil {
			return err
		}
		return s.Work(context.Background(), func(context.Context, hotfix.RepositoryID) error {
			fmt.Println("running")
			select {}
		})
	},
}

// spawn starts a second process and returns the first line that it prints.
func spawn(t *testing.T, role string, config Config) (process *os.Process, line string) {
	t.Helper()
	command := exec.Command(os.Args[0])
	command.Env = append(os.Environ(), "STORE_TEST_ROLE="+role, "STORE_TEST_DIR="+config.DataDir, "STORE_TEST_URL="+config.DatabaseURL,
		"STORE_TEST_LEASE="+config.Lease.String())
	return begin(t, command)
}

func begin(t *testing.T, command *exec.Cmd) (process *os.Process, line string) {
	t.Helper()
	out, err := command.StdoutPipe()
	ok(t, err)
	command.Stderr = os.Stderr
	ok(t, command.Start())
	t.Cleanup(func() {
		_ = command.Process.Kill() // it may have ended
		_ = command.Wait()         // killed: an error says so
	})
	first := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n') // killed: what it said by then
		first <- line
	}()
	return command.Process, strings.TrimSpace(receive(t, first))
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// clock is a clock that stands until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// open opens a store that is closed with the test.
func open(t *testing.T, config Config) *Store {
	t.Helper()
	if config.DataDir == "" {
		config.DataDir = t.TempDir()
	}
	config.Poll = 10 * time.Millisecond
	s, err := Open(t.Context(), config)
	ok(t, err)
	t.Cleanup(func() { ok(t, s.Close()) })
	return s
}

// execute changes something behind the store's back.
func execute(t *testing.T, s *Store, statement string, args ...any) {
	t.Helper()
	ok(t, s.write(t.Context(), func(tx transaction) error {
		_, err := tx.Exec(t.Context(), statement, args...)
		return err
	}))
}

func delivery(guid string) hotfix.Delivery {
	return hotfix.Delivery{
		GUID: guid, Event: "pull_request", Action: "closed", Installation: 3, Repository: 7,
		ReceivedAt: time.Date(2026, 11, 10, 9, 0, 0, 0, time.UTC), Body: []byte(`{"action":"closed"}`),
	}
}

func TestOpenMakesPrivateFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	open(t, Config{DataDir: dir})
	folder, err := os.Stat(dir)
	ok(t, err)
	if got := folder.Mode().Perm(); got != 0o700 {
		t.Errorf("the data folder has mode %o", got)
	}
	files, err := os.ReadDir(dir)
	ok(t, err)
	for _, file := range files {
		info, err := file.Info()
		ok(t, err)
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s has mode %o", file.Name(), got)
		}
	}
	if len(files) < 3 { // database, its log, lock
		t.Errorf("only %d files", len(files))
	}
}

func TestOneProcessPerFolder(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), Config{DataDir: dir})
	ok(t, err)
	_, line := spawn(t, "open", Config{DataDir: dir})
	want := fmt.Sprintf("error: the data folder %s is in use by another hotfixbot (process %d); stop that one or choose another folder", dir, os.Getpid())
	if line != want {
		t.Errorf("the second process said %q, want %q", line, want)
	}
	ok(t, s.Close())
	open(t, Config{DataDir: dir})
}

func TestOpenRefusesWhatItCannotUse(t *testing.T) {
	for url, want := range map[string]string{
		"mysql://bot:hunter2@db/hotfix": "not understood",
		"sqlite:":                       "not understood",
	} {
		_, err := Open(t.Context(), Config{DataDir: t.TempDir(), DatabaseURL: url})
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

func TestOpenNamedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "odd %20?#name", "x.db")
	open(t, Config{DatabaseURL: "sqlite:" + path})
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

// A file that may not be written is named, with the remedy. The superuser may
// write everything, so the test becomes nobody where it is root.
func TestOpenReadOnlyFile(t *testing.T) {
	dir, err := os.MkdirTemp("", "hotfixbot-store")
	ok(t, err)
	t.Cleanup(func() { ok(t, os.RemoveAll(dir)) })
	ok(t, os.Chmod(dir, 0o777))
	ok(t, os.WriteFile(filepath.Join(dir, "hotfixbot.db"), nil, 0o444))
	program := filepath.Join(dir, "store.test")
	image, err := os.ReadFile(os.Args[0])
	ok(t, err)
	ok(t, os.WriteFile(program, image, 0o755))
	command := exec.Command(program)
	command.Dir = dir
	command.Env = append(os.Environ(), "STORE_TEST_ROLE=open", "STORE_TEST_DIR="+dir)
	if os.Getuid() == 0 {
		command.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	}
	_, line := begin(t, command)
	for _, want := range []string{"hotfixbot.db", "permission denied", "must be able to write"} {
		if !strings.Contains(line, want) {
			t.Errorf("%q does not say %q", line, want)
		}
	}
}

func TestOpenDamagedFile(t *testing.T) {
	dir := t.TempDir()
	ok(t, os.WriteFile(filepath.Join(dir, "hotfixbot.db"), bytes.Repeat([]byte("not a database "), 1000), 0o600))
	_, err := Open(t.Context(), Config{DataDir: dir})
	if err == nil || !strings.Contains(err.Error(), "hotfixbot.db") {
		t.Errorf("opened a damaged file: %v", err)
	}
	ok(t, os.Remove(filepath.Join(dir, "hotfixbot.db")))
	open(t, Config{DataDir: dir}) // the failure has let the lock go
}

func TestWorkersDefault(t *testing.T) {
	if got := (Config{}).withDefaults().Workers; got < 2 || got < runtime.NumCPU() {
		t.Errorf("%d workers", got)
	}
}
