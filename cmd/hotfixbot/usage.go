package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// spelled are the arguments as this program has them, where people of others write
// something else: nothing at all, help, --version.
func spelled(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case args[0] == "help":
		return append(args[1:len(args):len(args)], "--help")
	case args[0] == "--version" || args[0] == "-v":
		return append([]string{"version"}, args[1:]...)
	}
	return args
}

// missing is kong's word for an argument that is not there.
var missing = regexp.MustCompile(`^expected "(<.*)"$`)

// misuse says what is wrong with a call, and where it stands what would be right.
func misuse(err error) string {
	text, command := missing.ReplaceAllString(err.Error(), "$1 is missing"), "hotfixbot"
	text = strings.ReplaceAll(text, "expected a valid 64 bit int but got", "it must be a whole number, and not")
	if call := (*kong.ParseError)(nil); errors.As(err, &call) && call.Context.Selected() != nil {
		command = call.Context.Selected().FullPath()
	}
	return text + "; see " + command + " --help"
}

// repositoryName is owner/repo.
var repositoryName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9._-]+$`)

// parseRepository reads owner/repo, or a repository's address.
func parseRepository(text string) (string, error) {
	name := text
	if u, err := url.Parse(text); err == nil && u.Host != "" {
		parts := strings.SplitN(strings.Trim(u.Path, "/"), "/", 3)
		name = strings.TrimSuffix(strings.Join(parts[:min(2, len(parts))], "/"), ".git")
	}
	if !repositoryName.MatchString(name) {
		return "", fmt.Errorf("%s names no repository; write owner/repo, such as acme/shop, or its address", shown(text))
	}
	return name, nil
}

// unread adds to the error of a file that a setting names what can be done.
func unread(setting string, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: %w: name the file as it is seen from the folder in which hotfixbot is started, or by its whole path", setting, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: %w: let the account that runs hotfixbot read it", setting, err)
	}
	return fmt.Errorf("%s: %w", setting, err)
}

// unwritten adds to the error of the data folder what can be done.
func unwritten(err error) error {
	return fmt.Errorf("DATA_DIR: %w: let the account that runs hotfixbot make and write it, or name another folder with --data-dir", err)
}

// unlistened adds to the error of a place to listen what can be done; remedy is for
// where somebody else listens.
func unlistened(setting, address string, err error, remedy string) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s: %w: %s", setting, err, remedy)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%s: %w: ports below 1024 need special rights; take a higher one, and a proxy before it", setting, err)
	}
	return fmt.Errorf("%s is %q: %w: it must be a port, or an address of this machine with a port, such as :8080 or 127.0.0.1:8080", setting, address, err)
}
