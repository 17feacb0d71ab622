package gitops

import (
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// sshSigner makes the signatures of `ssh-keygen -Y sign -n git`, whose format is
// OpenSSH's PROTOCOL.sshsig.
type sshSigner struct{ key ssh.AlgorithmSigner }

// dsa is the type of keys that OpenSSH has given up.
const dsa = "ssh-dss"

func parseSSH(key, passphrase []byte) (Signer, error) {
	raw, err := ssh.ParseRawPrivateKey(key)
	if protected := new(ssh.PassphraseMissingError); errors.As(err, &protected) {
		raw, err = ssh.ParseRawPrivateKeyWithPassphrase(key, passphrase)
		if len(passphrase) == 0 || errors.Is(err, x509.IncorrectPasswordError) {
			return nil, ErrPassphrase
		}
	}
	if err != nil {
		return nil, fmt.Errorf("it is no private key that OpenSSH reads: %w", err)
	}
	signer, err := ssh.NewSignerFromKey(raw)
	if err != nil {
		return nil, err
	}
	if algorithm, ok := signer.(ssh.AlgorithmSigner); ok && signer.PublicKey().Type() != dsa {
		return sshSigner{algorithm}, nil
	}
	return nil, fmt.Errorf("keys of type %s cannot sign; give an Ed25519 or RSA key", signer.PublicKey().Type())
}

const (
	sshMagic     = "SSHSIG"
	sshNamespace = "git" // gpg.format=ssh of git signs and verifies in it
	sshHash      = "sha512"
	sshLine      = 70 // of ssh-keygen's armor
)

// Sign leaves the time out: the format has none.
func (s sshSigner) Sign(content []byte, _ time.Time) (string, error) {
	sum := sha512.Sum512(content)
	signed := ssh.Marshal(struct{ Namespace, Reserved, Hash, Sum string }{sshNamespace, "", sshHash, string(sum[:])})
	// Without a source of randomness ECDSA signs after RFC 6979; the others need none.
	signature, err := s.key.SignWithAlgorithm(nil, append([]byte(sshMagic), signed...), s.algorithm())
	if err != nil {
		return "", fmt.Errorf("sign with the SSH key: %w", err)
	}
	blob := ssh.Marshal(struct {
		Version                                   uint32
		Key, Namespace, Reserved, Hash, Signature string
	}{1, string(s.key.PublicKey().Marshal()), sshNamespace, "", sshHash, string(ssh.Marshal(signature))})
	return armorSSH(append([]byte(sshMagic), blob...)), nil
}

// algorithm is the key's own, but for RSA the one that ssh-keygen accepts.
func (s sshSigner) algorithm() string {
	if kind := s.key.PublicKey().Type(); kind != ssh.KeyAlgoRSA {
		return kind
	}
	return ssh.KeyAlgoRSASHA512
}

func armorSSH(blob []byte) string {
	var b strings.Builder
	b.WriteString("-----BEGIN SSH SIGNATURE-----\n")
	for line := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(blob)), sshLine) {
		b.Write(line)
		b.WriteByte('\n')
	}
	b.WriteString("-----END SSH SIGNATURE-----\n")
	return b.String()
}
