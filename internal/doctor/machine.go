package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func machineKinds() []Kind {
	return []Kind{
		{"settings", "settings", well, "`hotfixbot serve` finds all that it needs, and nothing wrong", ""},
		{"settings-wrong", "settings", ill, "{problem}", "`hotfixbot serve --help` lists the settings"},
		{"listen", "address", well, "`hotfixbot serve` can listen at {address}", ""},
		{"listen-serving", "address", well, "`hotfixbot serve` listens at {address}, and is ready", ""},
		{"listen-taken", "address", ill, "{address} is taken, and no `hotfixbot serve` that is ready answers there: {error}", "read the log of `hotfixbot serve`, if it is the one; else stop what listens there, or name another address in LISTEN"},
		{"listen-wrong", "address", ill, "`hotfixbot serve` cannot listen at {address}: {error}", "name an address of this machine and a port in LISTEN, such as `:8080`; ports below 1024 need special rights"},
		{"git", "git", well, "git {version}", ""},
		{"git-unfit", "git", ill, "{problem}", "install git 2.39 or newer, where `hotfixbot serve` finds it in PATH"},
		{"data", "data folder", well, "{folder} can be written", ""},
		{"data-none", "data folder", unseen, "{folder} does not exist yet; `hotfixbot serve` makes it", ""},
		{"data-unmakeable", "data folder", ill, "{folder} does not exist, and `hotfixbot serve` cannot make it, because nothing can be made in {above}: {error}", "make it, and let the account that runs hotfixbot own it; or name another one in DATA_DIR"},
		{"data-unwritable", "data folder", ill, "{folder} cannot be written: {error}", "let the account that runs hotfixbot own the folder, or name another one in DATA_DIR"},
		{"disk", "disk", well, "{free} free for {folder}", ""},
		{"disk-low", "disk", uneasy, "only {free} are free for {folder}", "make room: a large repository needs some hundred MB for a moment"},
		{"disk-full", "disk", ill, "only {free} are free for {folder}: what comes in can soon not be stored", "make room, or name a folder on another disk in DATA_DIR"},
		{"disk-none", "disk", unseen, "{folder} does not exist yet", ""},
		{"disk-unknown", "disk", unseen, "how much is free cannot be asked on this system", ""},
		{"database", "database", well, "it opens, has this version's tables, and can be written", ""},
		{"database-none", "database", unseen, "there is none yet; `hotfixbot serve` makes it", ""},
		{"database-wrong", "database", ill, "it cannot be used: {error}", "look at DATA_DIR and DATABASE_URL, and at the rights of the account that runs hotfixbot"},
		{"signing", "signing key", well, "it signs, and git finds the signature good", ""},
		{"signing-off", "signing key", unseen, "none is configured: the bot's commits and tags are not signed", ""},
		{"signing-unverified", "signing key", unseen, "it signs; whether git finds the signature good cannot be seen here: {error}", ""},
		{"signing-wrong", "signing key", ill, "it cannot be used: {error}", "look at SIGNING_KEY_PATH and SIGNING_KEY_PASSPHRASE: it must be a private key of OpenSSH or GnuPG"},
	}
}

// Settings tells what is wrong with the settings, each problem with the name of its
// setting.
func Settings(problems []error) Check {
	return Check{Name: "settings", Do: func(context.Context) []hotfix.Finding {
		var list []hotfix.Finding
		for _, problem := range problems {
			list = append(list, found("settings-wrong", "problem", problem.Error()))
		}
		return or(list, found("settings"))
	}}
}

// Listen tries to listen where serve is to; where somebody does so already, serving
// asks whether that is a serve that is ready.
func Listen(address string, try, serving func(ctx context.Context) error) Check {
	return Check{Name: "address", Do: func(ctx context.Context) []hotfix.Finding {
		err, where := try(ctx), quoted(address)
		switch {
		case err == nil:
			return one(found("listen", "address", where))
		case !errors.Is(err, syscall.EADDRINUSE):
			return one(found("listen-wrong", "address", where, "error", err.Error()))
		}
		if err := serving(ctx); err != nil {
			return one(found("listen-taken", "address", where, "error", err.Error()))
		}
		return one(found("listen-serving", "address", where))
	}}
}

// Git asks for git's version; the error of version says what is wrong with git.
func Git(version func(ctx context.Context) (string, error)) Check {
	return Check{Name: "git", Do: func(ctx context.Context) []hotfix.Finding {
		answer, err := version(ctx)
		if err != nil {
			return one(found("git-unfit", "problem", err.Error()))
		}
		return one(found("git", "version", answer))
	}}
}

// Data tries to write in the data folder.
func Data(folder string) Check {
	return Check{Name: "data folder", Do: func(context.Context) []hotfix.Finding {
		err := probe(folder)
		switch {
		case errors.Is(err, fs.ErrNotExist): // nothing is made: it would belong to whoever asks the doctor
			if above, err := makeable(folder); err != nil {
				return one(found("data-unmakeable", "folder", quoted(folder), "above", quoted(above), "error", reason(err)))
			}
			return one(found("data-none", "folder", quoted(folder)))
		case err != nil:
			return one(found("data-unwritable", "folder", quoted(folder), "error", reason(err)))
		}
		return one(found("data", "folder", quoted(folder)))
	}}
}

// makeable tries whether a folder can be made: above is the folder above it that is
// there, in which something can be made or not.
func makeable(folder string) (above string, err error) {
	above = filepath.Clean(folder)
	for {
		parent := filepath.Dir(above)
		if _, err := os.Lstat(above); err == nil || parent == above {
			return above, probe(above)
		}
		above = parent
	}
}

func probe(folder string) error {
	file, err := os.CreateTemp(folder, "probe-")
	if err != nil {
		return err
	}
	_, err = file.WriteString("x")
	return errors.Join(err, file.Close(), os.Remove(file.Name()))
}

// reason is an error of the file system without the path, which is named already.
func reason(err error) string {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

const (
	megabyte  = 1 << 20
	lowDisk   = 1024 * megabyte
	emptyDisk = 100 * megabyte
)

// Disk looks at how much is free where things are kept and where git works. free
// reports ok as false where that cannot be asked.
func Disk(folder string, free func(folder string) (bytes uint64, ok bool, err error)) Check {
	return Check{Name: "disk", Do: func(context.Context) []hotfix.Finding {
		var list []hotfix.Finding
		for _, place := range []string{folder, filepath.Join(folder, "jobs")} {
			if _, err := os.Stat(place); err != nil {
				continue // made at the first start
			}
			list = append(list, disk(place, free))
		}
		return or(list, found("disk-none", "folder", quoted(folder)))
	}}
}

func disk(folder string, free func(string) (uint64, bool, error)) hotfix.Finding {
	bytes, ok, err := free(folder)
	words := []string{"folder", quoted(folder), "free", fmt.Sprintf("%d MB", bytes/megabyte)}
	switch {
	case err != nil:
		return found("cannot-tell", "check", "disk", "error", err.Error())
	case !ok:
		return found("disk-unknown")
	case bytes < emptyDisk:
		return found("disk-full", words...)
	case bytes < lowDisk:
		return found("disk-low", words...)
	}
	return found("disk", words...)
}

// Database opens the database and writes to it. try tells whether there is one.
func Database(try func(ctx context.Context) (there bool, err error)) Check {
	return Check{Name: "database", Do: func(ctx context.Context) []hotfix.Finding {
		there, err := try(ctx)
		switch {
		case err != nil:
			return one(found("database-wrong", "error", err.Error()))
		case !there:
			return one(found("database-none"))
		}
		return one(found("database"))
	}}
}

// ErrUnverified says that a signature was made and could not be looked at.
var ErrUnverified = errors.New("the signature was not verified")

// Signing signs something and has git verify it. try is nil when no key is
// configured; its error is an ErrUnverified where only the verifying did not work.
func Signing(try func(ctx context.Context) error) Check {
	return Check{Name: "signing key", Do: func(ctx context.Context) []hotfix.Finding {
		if try == nil {
			return one(found("signing-off"))
		}
		switch err := try(ctx); {
		case err == nil:
			return one(found("signing"))
		case errors.Is(err, ErrUnverified):
			return one(found("signing-unverified", "error", err.Error()))
		default:
			return one(found("signing-wrong", "error", err.Error()))
		}
	}}
}

func one(finding hotfix.Finding) []hotfix.Finding { return []hotfix.Finding{finding} }

// or is a list, or the finding where it is empty.
func or(list []hotfix.Finding, otherwise hotfix.Finding) []hotfix.Finding {
	if len(list) == 0 {
		return one(otherwise)
	}
	return list
}
