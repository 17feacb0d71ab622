package gitops

import (
	"bytes"
	"crypto"
	"fmt"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/packet"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// gpgSigner makes the signatures of `gpg --detach-sign --armor`.
type gpgSigner struct{ key *openpgp.Entity }

func parseGPG(key, passphrase []byte) (Signer, error) {
	list, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(key))
	if err != nil {
		return nil, fmt.Errorf("it is no private key that GnuPG exports: %w", err)
	}
	if len(list) != 1 {
		return nil, fmt.Errorf("it holds %d keys; give one", len(list))
	}
	if err := list[0].DecryptPrivateKeys(passphrase); err != nil {
		return nil, ErrPassphrase
	}
	return gpgSigner{list[0]}, nil
}

// Sign dates the signature at the time, or at the key's own beginning where that
// is later: what is signed may have happened before there was a key.
func (s gpgSigner) Sign(content []byte, at time.Time) (string, error) {
	if born := s.born(); at.Before(born) {
		at = born
	}
	if _, valid := s.key.SigningKey(at); !valid {
		return "", &hotfix.Refusal{
			What:   "the GPG key that signs commits cannot sign at " + at.UTC().Format(time.RFC3339) + ": it has expired, was revoked, or is not for signing",
			Remedy: "give the bot another key",
			Topic:  hotfix.TopicSigningKey,
		}
	}
	var b strings.Builder
	config := &packet.Config{
		Time: func() time.Time { return at }, DefaultHash: crypto.SHA512,
		NonDeterministicSignaturesViaNotation: packet.BoolPointer(false),
	}
	if err := openpgp.ArmoredDetachSign(&b, s.key, bytes.NewReader(content), config); err != nil {
		return "", fmt.Errorf("sign with the GPG key: %w", err)
	}
	return b.String() + "\n", nil
}

// born is when the last part of the key came to be.
func (s gpgSigner) born() time.Time {
	born := s.key.PrimaryKey.CreationTime
	for _, identity := range s.key.Identities {
		born = later(born, identity.SelfSignature.CreationTime)
	}
	for _, sub := range s.key.Subkeys {
		born = later(born, sub.PublicKey.CreationTime, sub.Sig.CreationTime)
	}
	return born
}

func later(times ...time.Time) time.Time {
	last := times[0]
	for _, t := range times[1:] {
		if t.After(last) {
			last = t
		}
	}
	return last
}
