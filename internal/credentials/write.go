package credentials

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// TakenError says that a folder has credentials already.
type TakenError struct {
	Path  string
	AppID int64 // whose; 0: it cannot be told
}

// Error names the App and how it can be replaced.
func (e *TakenError) Error() string {
	if e.AppID == 0 {
		return e.Path + " is there, and it cannot be told whose it is: move it away"
	}
	return fmt.Sprintf("%s has the credentials of App %d; they are replaced only with --replace %d", e.Path, e.AppID, e.AppID)
}

// Check tells whether Write can write to a folder, which is made if need be. replace
// is the App whose credentials may be overwritten; 0: nobody's. The error is a
// *TakenError where there are others.
func Check(dir string, replace int64) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if _, err := free(root, dir, replace); err != nil {
		return err
	}
	if err := begin(root, ""); err != nil {
		return err
	}
	return root.Remove(fresh)
}

// free tells whether File may be written; there is whether it is there already.
func free(root *os.Root, dir string, replace int64) (there bool, err error) {
	path := filepath.Join(dir, File)
	info, err := root.Lstat(File)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !info.Mode().IsRegular() {
		return true, fmt.Errorf("%s is no plain file (a link?): move it away", path)
	}
	id := owner(dir)
	if id == 0 || id != replace {
		return true, &TakenError{Path: path, AppID: id}
	}
	return true, nil
}

// owner is the App that File belongs to; 0: it cannot be told.
func owner(dir string) int64 {
	settings, err := Read(dir)
	if err != nil {
		return 0
	}
	id, err := strconv.ParseInt(settings["APP_ID"], 10, 64)
	if err != nil {
		return 0
	}
	return id
}

// Write writes both files and returns the path of File. It makes the same demands as
// Check.
func Write(dir string, c Credentials, replace int64) (path string, err error) {
	path = filepath.Join(dir, File)
	settings, err := c.settings()
	if err != nil {
		return "", err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return "", err
	}
	defer root.Close()
	there, err := free(root, dir, replace)
	if err != nil {
		return "", err
	}
	if err := put(root, c.keyFile(), c.PrivateKey, true); err != nil {
		return "", err
	}
	if err := put(root, File, c.text(settings), there); err != nil {
		return "", err
	}
	return path, nil
}

// text is File.
func (c Credentials) text(settings Settings) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Credentials of the GitHub App %s, written by `hotfixbot setup`. Whoever has them is the App.\n", c.Slug)
	b.WriteString("# hotfixbot reads this file by itself from DATA_DIR; a variable of the environment wins.\n")
	b.WriteString("# PRIVATE_KEY_PATH is relative to this folder.\n")
	for _, name := range names {
		if value, set := settings[name]; set {
			fmt.Fprintf(&b, "%s=%s\n", name, value)
		}
	}
	return b.String()
}

// fresh is where a file is written before it is moved to its place.
const fresh = ".credentials.new"

// put writes a file whole. One that is there is left alone and an error, unless it may
// be replaced.
func put(root *os.Root, name, text string, replace bool) error {
	if err := begin(root, text); err != nil {
		return err
	}
	if !replace {
		switch err := root.Link(fresh, name); {
		case errors.Is(err, fs.ErrExist):
			return errors.Join(err, root.Remove(fresh))
		case err == nil:
			return errors.Join(root.Remove(fresh), sync(root))
		}
		// A file system without links: a rename is all there is.
	}
	if err := root.Rename(fresh, name); err != nil {
		return errors.Join(err, root.Remove(fresh))
	}
	return sync(root)
}

// begin writes fresh down to the disk, instead of what a crash may have left there.
func begin(root *os.Root, text string) error {
	if err := root.Remove(fresh); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := root.OpenFile(fresh, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, root.Remove(fresh))
	}
	return nil
}

// sync makes the folder's new names last.
func sync(root *os.Root) error {
	folder, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
