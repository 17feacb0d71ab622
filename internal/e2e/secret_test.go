package e2e_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// secrets are what nobody may read anywhere: what the App was given, and every token
// with which it has asked GitHub anything, as itself, as an installation, as a person.
func (w *world) secrets() (map[string][]byte, error) {
	key, err := appKey()
	if err != nil {
		return nil, err
	}
	der := x509.MarshalPKCS1PrivateKey(key)
	all := map[string][]byte{
		"the webhook secret":           []byte(webhookSecret),
		"the client's secret":          []byte(clientSecret),
		"the private key":              []byte(base64.StdEncoding.EncodeToString(der)[:64]),
		"the private key's exponent":   key.D.Bytes(),
		"a prime of the private key's": key.Primes[0].Bytes(),
	}
	tokens := w.acts.tokens()
	if len(tokens) == 0 {
		return nil, errors.New("the App came without any token")
	}
	for i, token := range tokens {
		all[fmt.Sprintf("token %d, %.4s…", i+1, token)] = []byte(token)
		all[fmt.Sprintf("token %d, %.4s…, as git sends it", i+1, token)] = []byte(base64.StdEncoding.EncodeToString([]byte("x-access-token:" + token)))
	}
	return all, nil
}

// leaks looks for secrets in what the App logged, in its folder with the database,
// and in all that it left on GitHub.
func (w *world) leaks(ctx context.Context, repo string) error {
	secrets, err := w.secrets()
	if err != nil {
		return err
	}
	dump, err := w.github.Dump(ctx, repo)
	if err != nil {
		return err
	}
	found := leaksIn("what is on GitHub", []byte(dump), secrets)
	found = append(found, leaksIn("the log", []byte(w.log.whole()), secrets)...)
	err = filepath.WalkDir(w.data(), func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // SQLite has files that come and go
			return nil
		}
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		found = append(found, leaksIn(filepath.Base(path), content, secrets)...)
		return err
	})
	return errors.Join(append(found, err)...)
}

func leaksIn(where string, text []byte, secrets map[string][]byte) (found []error) {
	for name, secret := range secrets {
		if bytes.Contains(text, secret) {
			found = append(found, fmt.Errorf("%s holds %s", where, name))
		}
	}
	return found
}

// tokens are all with which the App came, people's own apart.
func (a *acts) tokens() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(a.came), func(token string) bool { return strings.HasPrefix(token, "token-of-") })
}

// saw writes down with what token somebody came.
func (a *acts) saw(token string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if token != "" && !slices.Contains(a.came, token) {
		a.came = append(a.came, token)
	}
}
