package gitops

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"golang.org/x/crypto/ssh"
)

// ErrNoVerifier says that a signature was made, and that the program with which git
// verifies it is not there.
var ErrNoVerifier = errors.New("the program that verifies signatures was not found")

// verifiable is a signer whose signatures git can be shown how to verify.
type verifiable interface {
	Signer
	// verifier is the program that git asks.
	verifier() string
	// trust writes into a folder what it needs to know the key, and returns the
	// environment and the configuration with which git finds it.
	trust(ctx context.Context, folder string) (env, config []string, err error)
}

// TrySigner signs a commit at a time, in a throw-away repository, and has git verify
// it. The error is an ErrNoVerifier where only that cannot be done.
func TrySigner(ctx context.Context, signer Signer, at time.Time) (err error) {
	// The system's own folder: its path is short enough for the sockets of gpg.
	folder, err := os.MkdirTemp("", "sign-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	who := fmt.Sprintf("hotfixbot <hotfixbot@localhost> %d +0000", at.Unix())
	const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
	c := commit{tree: emptyTree, author: who, committer: who, message: "Try the signing key\n"}
	if err := c.sign(signer); err != nil {
		return err
	}
	key, ok := signer.(verifiable)
	if !ok {
		return ErrNoVerifier
	}
	if _, err := exec.LookPath(key.verifier()); err != nil {
		return fmt.Errorf("%w: %s", ErrNoVerifier, key.verifier())
	}
	return verify(ctx, key, folder, c.encode())
}

// verify stores a commit and asks git whether its signature is good.
func verify(ctx context.Context, key verifiable, folder string, content []byte) error {
	env, config, err := key.trust(ctx, folder)
	if err != nil {
		return err
	}
	git := func(stdin []byte, args ...string) (string, error) {
		return plain(ctx, stdin, append(env, "GIT_DIR="+filepath.Join(folder, "repository")), "git", append(config, args...)...)
	}
	if _, err := git(nil, "init", "-q", "--bare", "--template="); err != nil {
		return err
	}
	id, err := git(content, "hash-object", "-t", "commit", "-w", "--stdin")
	if err != nil {
		return err
	}
	if _, err := git(nil, "verify-commit", id); err != nil {
		return fmt.Errorf("git does not find its signature good: %w", err)
	}
	return nil
}

// plain runs a program in the bare environment, and returns its output.
func plain(ctx context.Context, stdin []byte, env []string, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(baseEnvironment(), env...)
	cmd.Stdin = bytes.NewReader(stdin)
	cmd.WaitDelay = 2 * time.Second
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", program, err, oneLine(complaint.String()))
	}
	return strings.TrimSpace(string(out)), nil
}

func (s sshSigner) verifier() string { return "ssh-keygen" }

// trust makes the file of allowed signers (ssh-keygen(1), "ALLOWED SIGNERS").
func (s sshSigner) trust(_ context.Context, folder string) (env, config []string, err error) {
	file := filepath.Join(folder, "allowed")
	line := `* namespaces="` + sshNamespace + `" ` + string(ssh.MarshalAuthorizedKey(s.key.PublicKey()))
	return nil, []string{"-c", "gpg.ssh.allowedSignersFile=" + file}, os.WriteFile(file, []byte(line), 0o600)
}

func (s gpgSigner) verifier() string { return "gpg" }

// trust makes a keyring with the public part of the key.
func (s gpgSigner) trust(ctx context.Context, folder string) (env, config []string, err error) {
	home := filepath.Join(folder, "gpg")
	if err := os.Mkdir(home, 0o700); err != nil {
		return nil, nil, err
	}
	var public bytes.Buffer
	w, err := armor.Encode(&public, openpgp.PublicKeyType, nil)
	if err == nil {
		err = errors.Join(s.key.Serialize(w), w.Close())
	}
	if err != nil {
		return nil, nil, fmt.Errorf("write the public part of the GPG key: %w", err)
	}
	env = []string{"GNUPGHOME=" + home}
	_, err = plain(ctx, public.Bytes(), env, "gpg", "--batch", "--quiet", "--no-autostart", "--import")
	return env, nil, err
}
