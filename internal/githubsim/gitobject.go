package githubsim

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// errNoObject says that git knows no object by that name.
var errNoObject = errors.New("no such object")

// gitObject is an object with its content.
type gitObject struct {
	SHA  string
	Type string // "commit", "tree", "blob" or "tag"
	Data []byte
}

// catFile is a `git cat-file --batch` that stays: one process answers all questions about
// objects of a repository. It sees refs and objects that were made after it began.
type catFile struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

func startCatFile(d *gitDir) (*catFile, error) {
	cmd := exec.CommandContext(context.Background(), "git", "cat-file", "--batch", "-z") // until close
	cmd.Env = d.env()
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot run git: %w", err)
	}
	return &catFile{cmd: cmd, in: in, out: bufio.NewReaderSize(out, 64<<10)}, nil
}

func (c *catFile) close() {
	_ = c.in.Close()
	_ = c.cmd.Wait()
}

// ask gives the object that spec names.
func (c *catFile) ask(spec string) (gitObject, error) {
	if _, err := io.WriteString(c.in, spec+"\x00"); err != nil {
		return gitObject{}, fmt.Errorf("git cat-file: %w", err)
	}
	head, err := c.out.ReadString('\n')
	if err != nil {
		return gitObject{}, fmt.Errorf("git cat-file: %w", err)
	}
	head = strings.TrimSuffix(head, "\n")
	f := strings.Split(head, " ")
	if len(f) != 3 || len(f[0]) != 40 || strings.HasSuffix(head, " missing") {
		return gitObject{}, errNoObject
	}
	size, err := strconv.Atoi(f[2])
	if err != nil {
		return gitObject{}, errNoObject
	}
	data := make([]byte, size+1) // and a line end
	if _, err := io.ReadFull(c.out, data); err != nil {
		return gitObject{}, fmt.Errorf("git cat-file: %w", err)
	}
	return gitObject{SHA: f[0], Type: f[1], Data: data[:size]}, nil
}

// object gives the object that spec (an id, a full ref name, either with ^{type} or :path)
// names, or errNoObject.
func (d *gitDir) object(spec string) (gitObject, error) {
	if spec == "" || strings.ContainsAny(spec, "\x00\n") {
		return gitObject{}, errNoObject
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cat == nil {
		cat, err := startCatFile(d)
		if err != nil {
			return gitObject{}, err
		}
		d.cat = cat
	}
	o, err := d.cat.ask(spec)
	if err != nil && !errors.Is(err, errNoObject) {
		d.cat.close()
		d.cat = nil
	}
	return o, err
}

// write stores an object and gives its id.
func (d *gitDir) write(kind string, data []byte) (string, error) {
	full := append([]byte(fmt.Sprintf("%s %d\x00", kind, len(data))), data...)
	sum := sha1.Sum(full)
	sha := hex.EncodeToString(sum[:])
	file := filepath.Join(d.path, "objects", sha[:2], sha[2:])
	if _, err := os.Stat(file); err == nil {
		return sha, nil
	}
	var packed bytes.Buffer
	z, err := zlib.NewWriterLevel(&packed, zlib.BestSpeed)
	if err != nil {
		return "", err
	}
	if _, err := z.Write(full); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return sha, writeOnce(file, packed.Bytes())
}

// writeOnce puts a file in place in one step.
func writeOnce(file string, data []byte) error {
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(dir, "tmp_obj_")
	if err != nil {
		return err
	}
	_, err = tmp.Write(data)
	if cerr := tmp.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
	}
	return err
}

// isSHA tells whether s is a full object id.
func isSHA(s string) bool {
	if len(s) != 40 {
		return false
	}
	for _, c := range s {
		if !strings.ContainsRune("0123456789abcdef", c) {
			return false
		}
	}
	return true
}

// zeroSHA stands for "no object" in ref changes.
const zeroSHA = "0000000000000000000000000000000000000000"
