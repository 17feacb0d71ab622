// Package credentials keeps what makes the program an App: its id, its private key
// and its secrets, in two files of the data folder. `hotfixbot setup` writes them,
// `hotfixbot serve` and the others read them.
//
// What must always hold:
//
//   - Both files are readable by their owner alone, from their first byte on.
//   - They are whole or absent: each is written beside its place and moved there, the
//     key first, so that File never names a key that is not there.
//   - What is there is never overwritten, unless the App that it belongs to is named.
//   - No symbolic link is followed to write.
//   - No value appears in an error.
//
// The package never makes a request and never logs.
package credentials

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// File is the name of the file in the data folder.
const File = "credentials.env"

// Credentials are those of one App.
type Credentials struct {
	AppID         int64
	Slug          string // of its page on GitHub
	PrivateKey    string // PEM
	WebhookSecret string
	ClientID      string
	ClientSecret  string
	BaseURL       string // where browsers reach the page
	Operators     string // logins of those who run it, separated by commas; empty: nobody
	GitHubURL     string // empty: github.com's
	GitHubAPIURL  string // empty: github.com's
}

// names are the settings that File may have, in the order in which they are written.
var names = []string{
	"APP_ID", "PRIVATE_KEY_PATH", "WEBHOOK_SECRET", "CLIENT_ID", "CLIENT_SECRET", "BASE_URL", "OPERATORS", "GITHUB_URL", "GITHUB_API_URL",
}

// Settings are File's, by the names of the environment variables; nil: there is none.
type Settings map[string]string

// Read reads File in a folder. That there is none is no error; one that is not as
// Write leaves it is, with its line. PRIVATE_KEY_PATH is made a path from here.
func Read(dir string) (Settings, error) {
	path := filepath.Join(dir, File)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	settings := Settings{}
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, _ := strings.Cut(line, "=")
		switch {
		case !slices.Contains(names, name):
			return nil, fmt.Errorf("%s:%d: this file has the App's credentials only, %s; set all else in the environment", path, i+1, strings.Join(names, ", "))
		case !plain.MatchString(value):
			return nil, fmt.Errorf("%s:%d: %s must be a value without spaces and quotes", path, i+1, name)
		}
		settings[name] = value
	}
	if key := settings["PRIVATE_KEY_PATH"]; key != "" && !filepath.IsAbs(key) {
		settings["PRIVATE_KEY_PATH"] = filepath.Join(dir, key)
	}
	return settings, nil
}

// plain is a value that a shell, systemd and docker read alike.
var plain = regexp.MustCompile(`^[A-Za-z0-9_./:@%+,=-]+$`)

// Of are the settings if they may belong to an App, by its id; an empty id is any.
// Credentials of two Apps are never mixed.
func (s Settings) Of(appID string) Settings {
	if appID != "" && appID != s["APP_ID"] {
		return nil
	}
	return s
}

// settings are what File is to say.
func (c Credentials) settings() (Settings, error) {
	all := Settings{
		"APP_ID": fmt.Sprint(c.AppID), "PRIVATE_KEY_PATH": c.keyFile(), "WEBHOOK_SECRET": c.WebhookSecret,
		"CLIENT_ID": c.ClientID, "CLIENT_SECRET": c.ClientSecret, "BASE_URL": c.BaseURL, "OPERATORS": c.Operators,
		"GITHUB_URL": c.GitHubURL, "GITHUB_API_URL": c.GitHubAPIURL,
	}
	if c.ClientID == "" || c.ClientSecret == "" || c.BaseURL == "" { // each means nothing without the others
		delete(all, "CLIENT_ID")
		delete(all, "CLIENT_SECRET")
		delete(all, "BASE_URL")
		delete(all, "OPERATORS")
	}
	for name, value := range all {
		if value == "" && (name == "OPERATORS" || strings.HasPrefix(name, "GITHUB_")) {
			delete(all, name)
		} else if !plain.MatchString(value) {
			return nil, fmt.Errorf("%s is no value that can be kept in a file", name)
		}
	}
	return all, nil
}

// keyFile is the name of the key's file. It has the App's id, so that no App's key
// takes the place of another's.
func (c Credentials) keyFile() string { return fmt.Sprintf("private-key-%d.pem", c.AppID) }
