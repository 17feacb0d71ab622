package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/hotfixbot/hotfixbot/gitops"
	"github.com/hotfixbot/hotfixbot/internal/app"
)

// signing is the key that signs commits and tags.
type signing struct {
	SigningKeyPath string `name:"signing-key-path" env:"SIGNING_KEY_PATH" placeholder:"FILE" help:"File with a private SSH or GPG key that signs the bot's commits and tags. Default: they are not signed."`
	SigningKeyPass string `name:"signing-key-passphrase" env:"SIGNING_KEY_PASSPHRASE" placeholder:"TEXT" help:"Passphrase of the signing key, if it has one."`
}

// readSigningKey reads the key, if there is one.
func (c signing) readSigningKey(config *app.Config) error {
	if c.SigningKeyPath == "" {
		if c.SigningKeyPass != "" {
			return errors.New("SIGNING_KEY_PASSPHRASE is set, but SIGNING_KEY_PATH is not: give the key's file")
		}
		return nil
	}
	data, err := os.ReadFile(c.SigningKeyPath)
	if err != nil {
		return unread("SIGNING_KEY_PATH", err)
	}
	config.Signer, err = gitops.ParseSigner(data, []byte(c.SigningKeyPass))
	if errors.Is(err, gitops.ErrPassphrase) {
		return fmt.Errorf("SIGNING_KEY_PASSPHRASE: %w", err)
	}
	if err != nil {
		return fmt.Errorf("SIGNING_KEY_PATH: %w", err)
	}
	return nil
}
