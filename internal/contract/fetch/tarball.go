package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/contract/pinned"
)

// npmPack downloads a package with npm, from whatever registry npm is configured for. No script
// of the package runs: it is never installed.
func npmPack(ctx context.Context, p pinned.Package, into string) (string, error) {
	cmd := exec.CommandContext(ctx, "npm", "pack", "--ignore-scripts", "--silent",
		"--pack-destination", into, p.Name+"@"+p.Version)
	cmd.Dir = into
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) {
		return "", errors.New("npm is not installed (Debian: apt-get install npm)")
	}
	if err != nil {
		return "", fmt.Errorf("npm pack: %w\n%s", err, strings.TrimSpace(stderr.String()))
	}
	lines := strings.Fields(string(out))
	if len(lines) == 0 {
		return "", errors.New("npm pack named no tarball")
	}
	return filepath.Join(into, filepath.Base(lines[len(lines)-1])), nil
}

// verify compares a tarball with the hash that the repository knows.
func verify(tarball, integrity string) error {
	f, err := os.Open(tarball)
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha512.New()
	if _, err := io.Copy(h, f); err != nil {
		return err
	}
	if got := "sha512-" + base64.StdEncoding.EncodeToString(h.Sum(nil)); got != integrity {
		return fmt.Errorf("the tarball is not the one that was reviewed: integrity %s, want %s", got, integrity)
	}
	return nil
}

// extract reads one file of a tarball.
func extract(tarball, name string) ([]byte, error) {
	f, err := os.Open(tarball)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	for t := tar.NewReader(z); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("the tarball has no %s", name)
		}
		if err != nil {
			return nil, err
		}
		if h.Name == name {
			return io.ReadAll(t)
		}
	}
}
