package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/credentials"
)

// storage is where things are kept.
type storage struct {
	DataDir         string `name:"data-dir" env:"DATA_DIR" default:"data" help:"Folder for the database and for git's throw-away workspaces. Default: ${default}."`
	DatabaseURL     string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"Database: sqlite:PATH for a file, or postgres://USER:PASSWORD@HOST/DATABASE, which several processes may share. Default: the file hotfixbot.db in DATA_DIR."`
	DatabaseURLPath string `name:"database-url-path" env:"DATABASE_URL_PATH" placeholder:"FILE" help:"File with the database's URL, instead."`
}

// kept is what `hotfixbot setup` wrote there, if it did.
func (c storage) kept() (credentials.Settings, error) {
	settings, err := credentials.Read(c.DataDir)
	if errors.As(err, new(*fs.PathError)) {
		return nil, unwritten(err)
	}
	return settings, err
}

// find reads where the database is, if that stands in a file.
func (c *storage) find() (err error) {
	switch {
	case c.DatabaseURL != "" && c.DatabaseURLPath != "":
		return errors.New("DATABASE_URL and DATABASE_URL_PATH are both set: give one of them")
	case c.DatabaseURLPath != "":
		c.DatabaseURL, err = secretFile("DATABASE_URL_PATH", c.DatabaseURLPath)
	}
	return err
}

// readData makes the folder and tries to write there.
func (c storage) readData(config *app.Config) error {
	config.DataDir = c.DataDir
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return unwritten(err)
	}
	probe, err := os.CreateTemp(c.DataDir, "probe-")
	if err != nil {
		return unwritten(err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// misplaced names the setting where the database cannot be used.
func (c storage) misplaced(err error) error {
	if errors.As(err, new(*app.DatabaseError)) {
		return usageError{fmt.Errorf("%s: %w", c.setting(), err)}
	}
	return err
}

// setting names the one that says where the database is.
func (c storage) setting() string {
	switch {
	case c.DatabaseURLPath != "":
		return "DATABASE_URL_PATH"
	case c.DatabaseURL != "":
		return "DATABASE_URL"
	}
	return "DATA_DIR"
}

// place is where the database is looked for, without a password.
func (c storage) place() string {
	if path, ok := strings.CutPrefix(c.DatabaseURL, "sqlite:"); ok {
		return path
	}
	if folder, err := filepath.Abs(c.DataDir); err == nil {
		return folder
	}
	return c.DataDir
}
