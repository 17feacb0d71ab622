package gitops

import (
	"bytes"
	"errors"
	"strings"
	"time"
)

// Signer signs commits and tags. The same content and time must give the same
// signature: a signature is part of an object's id, and the same work made twice
// has the same ids.
type Signer interface {
	// Sign returns an armored signature, as git stores it, made at a time. A
	// signature in a format without time leaves it out.
	Sign(content []byte, at time.Time) (string, error)
}

// ErrPassphrase says that a signing key is protected, and not by the passphrase
// that was given.
var ErrPassphrase = errors.New("the key is protected, and the passphrase does not open it")

// ParseSigner reads a private key: of OpenSSH (also PEM), or an armored one of
// GnuPG. passphrase may be empty.
func ParseSigner(key, passphrase []byte) (Signer, error) {
	s, err := parseKey(key, passphrase)
	if err != nil {
		return nil, err
	}
	if err := repeats(s); err != nil {
		return nil, err
	}
	return s, nil
}

func parseKey(key, passphrase []byte) (Signer, error) {
	switch {
	case bytes.Contains(key, []byte("BEGIN PGP PRIVATE KEY")):
		return parseGPG(key, passphrase)
	case bytes.Contains(key, []byte("PRIVATE KEY-----")):
		return parseSSH(key, passphrase)
	case bytes.Contains(key, []byte("BEGIN PGP PUBLIC KEY")), bytes.HasPrefix(key, []byte("ssh-")), bytes.HasPrefix(key, []byte("ecdsa-")):
		return nil, errors.New("it is a public key; give the private one")
	}
	return nil, errors.New("it is no private key of OpenSSH or GnuPG")
}

// repeats tries whether the key signs the same twice. ECDSA keys of GnuPG do not.
func repeats(s Signer) error {
	at := time.Unix(0, 0)
	first, err := s.Sign([]byte("x"), at)
	if err != nil {
		return err
	}
	second, err := s.Sign([]byte("x"), at)
	if err == nil && first != second {
		err = errors.New("it signs the same content differently each time; give an Ed25519 or RSA key")
	}
	return err
}

// signatureHeader is a signature as a header of a commit.
func signatureHeader(signature string) string {
	return "gpgsig " + strings.ReplaceAll(strings.TrimRight(signature, "\n"), "\n", "\n ") + "\n"
}
