package hotfix

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// passPrefix begins every token of a machine, so that one which was published by mistake
// is found.
const passPrefix = "hotfixbot_"

// NewPassToken is a new token of a machine, which nobody can guess.
func NewPassToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return passPrefix + base64.RawURLEncoding.EncodeToString(b)
}

// PassDigest is what is stored of a token. The token is random and long, so that a plain
// hash is enough.
func PassDigest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// PassID is a new name by which a token is called where it is listed and revoked.
func PassID() string {
	b := make([]byte, 5)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}
