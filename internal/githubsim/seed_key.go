package githubsim

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// key is the App's private key: the given one, else that of the file, which is written with a
// new key if there is none.
func (a *SeedApp) key() (*rsa.PrivateKey, error) {
	if a.Key != nil {
		return a.Key, nil
	}
	data, err := os.ReadFile(a.PrivateKey)
	if errors.Is(err, fs.ErrNotExist) {
		return writeKey(a.PrivateKey)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the App's private key: %w", err)
	}
	return parseKey(a.PrivateKey, data)
}

// parseKey reads PEM in GitHub's form (PKCS#1), or in that of most other tools (PKCS#8).
func parseKey(file string, data []byte) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, fmt.Errorf("%s: no PEM file", file)
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, isRSA := parsed.(*rsa.PrivateKey)
	if err != nil || !isRSA {
		return nil, fmt.Errorf("%s: no RSA private key", file)
	}
	return key, nil
}

// writeKey makes a key as GitHub hands it out: RSA, 2048 bits, PKCS#1.
func writeKey(file string) (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return nil, err
	}
	data := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return nil, fmt.Errorf("cannot write the App's private key: %w", err)
	}
	return key, nil
}
