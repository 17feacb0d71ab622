// Command fetch brings GitHub's own descriptions (package pinned) into the cache: it packs each
// npm package without running any script, checks the tarball against the hash in the
// repository, takes the one file that is needed and condenses it.
//
// It does nothing when all is there. Two at once do no harm: each works in a folder of its own
// and the first to finish gives it its name. Nothing unchecked is ever written to the cache.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"github.com/hotfixbot/hotfixbot/internal/contract/pinned"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	dir, err := pinned.Dir()
	if err == nil {
		err = fetch(ctx, dir, pinned.Packages(), npmPack)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fetch:", err)
		os.Exit(1)
	}
	fmt.Println("GitHub's descriptions are in", dir)
}

// packer downloads the tarball of a package into a folder and returns its path.
type packer func(ctx context.Context, p pinned.Package, into string) (string, error)

// fetch fills dir, unless it is there.
func fetch(ctx context.Context, dir string, packages []pinned.Package, pack packer) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp(filepath.Dir(dir), "fetching-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	for _, p := range packages {
		if err := fetchOne(ctx, p, work, pack); err != nil {
			return fmt.Errorf("%s@%s: %w", p.Name, p.Version, err)
		}
	}
	return publish(work, dir)
}

// fetchOne leaves, of one package, the condensed file and nothing else in the work folder.
func fetchOne(ctx context.Context, p pinned.Package, work string, pack packer) error {
	tarball, err := pack(ctx, p, work)
	if err != nil {
		return err
	}
	defer os.Remove(tarball)
	if err := verify(tarball, p.Integrity); err != nil {
		return err
	}
	raw, err := extract(tarball, p.File)
	if err != nil {
		return err
	}
	out, err := condense(p.As, raw)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(work, p.As), out, 0o644)
}

// publish gives the finished folder its name. Another process that was faster made the same.
func publish(work, dir string) error {
	if err := os.Chmod(work, 0o755); err != nil {
		return err
	}
	err := os.Rename(work, dir)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return err
}
