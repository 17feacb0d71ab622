package dashboard

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
)

// What is sealed: each has keys of its own.
const (
	sealsAttempt = "hotfixbot: a sign-in that was begun"
	sealsToken   = "hotfixbot: the token of a person"
)

var errSeal = errors.New("the seal is broken")

// seal encrypts a value, as JSON. salt is part of the key.
func (s *SignIn) seal(what string, salt []byte, value any) ([]byte, error) {
	box, err := s.box(what, salt)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, box.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return box.Seal(nonce, nonce, plain, nil), nil
}

// unseal reads what seal wrote with the same key.
func (s *SignIn) unseal(what string, salt, sealed []byte, into any) error {
	box, err := s.box(what, salt)
	if err != nil {
		return err
	}
	if len(sealed) < box.NonceSize() {
		return errSeal
	}
	plain, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], nil)
	if err != nil {
		return errSeal
	}
	return json.Unmarshal(plain, into)
}

func (s *SignIn) box(what string, salt []byte) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, s.Secret, salt, what, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// digest is what is stored of a secret that somebody else holds. The secrets are
// random and long, so that a plain hash is enough.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
