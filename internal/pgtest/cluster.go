package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience is how long the cluster may take to start.
const patience = time.Minute

// cluster is a running PostgreSQL.
type cluster struct {
	folder string    // of its socket
	life   io.Closer // while it is open, the cluster runs
}

// keeper runs a server for as long as its standard input is open, and then removes
// the server's folder. It is a process of its own: so the server ends also when the
// test program is killed.
const keeper = `"$1"/postgres -D "$2/data" & server=$!
cat >/dev/null
kill -QUIT $server
wait $server
rm -rf "$2"`

// settings of the server. Nothing is written for good, so nothing waits for a disk.
const settings = `
listen_addresses = ''
unix_socket_directories = '%s'
max_connections = 400
shared_buffers = 32MB
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
`

// access: who has a password needs it, the others come in without.
const access = "local all " + superuser + " trust\nlocal all all scram-sha-256\n"

// start makes a cluster and runs it.
func start() (*cluster, error) {
	programs, err := find()
	if err != nil {
		return nil, err
	}
	as, err := servant()
	if err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "hotfixbot-postgres-")
	if err != nil {
		return nil, err
	}
	c := &cluster{folder: folder}
	if err := c.make(programs, as); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	if err := c.run(programs, as); err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return c, c.await()
}

// find is the folder of PostgreSQL's programs: that of PATH, else where Debian puts
// the newest.
func find() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if path, err = filepath.EvalSymlinks(path); err == nil {
			return filepath.Dir(path), nil
		}
	}
	newest, best := "", 0
	paths, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb") // the pattern is right
	for _, path := range paths {
		folder := filepath.Dir(path)
		if version, err := strconv.Atoi(filepath.Base(filepath.Dir(folder))); err == nil && version > best {
			newest, best = folder, version
		}
	}
	if newest == "" {
		return "", errors.New("PostgreSQL is missing: initdb is neither in PATH nor below /usr/lib/postgresql; `make setup` installs or names what the tests need")
	}
	return newest, nil
}

// servant is who runs the server: root may not, so somebody without rights does.
func servant() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		account, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(account.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(account.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(errUID, errGID)
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
}

// make lays out the cluster's data.
func (c *cluster) make(programs string, as *syscall.Credential) error {
	if as != nil {
		if err := os.Chown(c.folder, int(as.Uid), int(as.Gid)); err != nil {
			return err
		}
	}
	initdb := exec.Command(filepath.Join(programs, "initdb"), "-D", filepath.Join(c.folder, "data"),
		"-U", superuser, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "--no-instructions")
	initdb.Dir = c.folder
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	file, err := os.OpenFile(filepath.Join(c.folder, "data", "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, settings, c.folder)
	return errors.Join(err, file.Close(), os.WriteFile(filepath.Join(c.folder, "data", "pg_hba.conf"), []byte(access), 0))
}

// run starts the server and its keeper. They are in a group of their own: whoever
// stops the tests by the keyboard stops them by the end of the test program.
func (c *cluster) run(programs string, as *syscall.Credential) error {
	log, err := os.Create(c.log())
	if err != nil {
		return err
	}
	defer log.Close() // the server has its own
	server := exec.Command("sh", "-c", keeper, "sh", programs, c.folder)
	server.Dir, server.Stdout, server.Stderr = c.folder, log, log
	server.SysProcAttr = &syscall.SysProcAttr{Credential: as, Setpgid: true}
	if c.life, err = server.StdinPipe(); err != nil {
		return err
	}
	return server.Start()
}

func (c *cluster) log() string { return filepath.Join(c.folder, "log") }

// await returns when the server answers.
func (c *cluster) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := pgx.Connect(ctx, c.address(superuser, "postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			said, _ := os.ReadFile(c.log()) // the error stands in any case
			return errors.Join(fmt.Errorf("PostgreSQL does not answer: %w\n%s", err, said[max(0, len(said)-2000):]), c.life.Close())
		}
	}
}

// address is the URL of a database.
func (c *cluster) address(role, database string) string {
	u := url.URL{Scheme: "postgres", User: url.User(role), Path: "/" + database, RawQuery: url.Values{"host": {c.folder}}.Encode()}
	return u.String()
}
