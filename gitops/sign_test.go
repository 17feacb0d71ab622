package gitops

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	"github.com/rs/zerolog"
	"golang.org/x/crypto/ssh"

	"github.com/hotfixbot/hotfixbot/internal/gittest"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// sshKey is a private key as ssh-keygen writes it, and the line of its public part.
func sshKey(t *testing.T, key crypto.Signer, passphrase string) (private []byte, public string) {
	t.Helper()
	block, err := ssh.MarshalPrivateKey(key, "")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	}
	if err != nil {
		t.Fatal(err)
	}
	line, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(block), strings.TrimSpace(string(ssh.MarshalAuthorizedKey(line)))
}

func ed25519Key() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
}

// gpgKey is a private key as gpg exports it, and the public part of it.
func gpgKey(t *testing.T, algorithm packet.PublicKeyAlgorithm, born time.Time, passphrase string) (private, public []byte) {
	t.Helper()
	config := &packet.Config{Algorithm: algorithm, RSABits: 2048, Time: func() time.Time { return born }}
	if algorithm == packet.PubKeyAlgoECDSA {
		config.Curve = packet.CurveNistP256
	}
	key, err := openpgp.NewEntity("hotfixbot", "", "hotfixbot@example.com", config)
	if err != nil {
		t.Fatal(err)
	}
	if passphrase != "" {
		if err := key.EncryptPrivateKeys([]byte(passphrase), config); err != nil {
			t.Fatal(err)
		}
	}
	var b, p bytes.Buffer
	w, err := armor.Encode(&b, openpgp.PrivateKeyType, nil)
	if err == nil {
		err = errors.Join(key.SerializePrivateWithoutSigning(w, nil), w.Close())
	}
	if err == nil {
		w, err = armor.Encode(&p, openpgp.PublicKeyType, nil)
	}
	if err == nil {
		err = errors.Join(key.Serialize(w), w.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), p.Bytes()
}

// verifier adds to a repository's configuration what git needs to know a key.
type verifier func(t *testing.T, w *world)

func allowed(public string) verifier {
	return func(t *testing.T, w *world) {
		t.Helper()
		file := filepath.Join(t.TempDir(), "allowed")
		if err := os.WriteFile(file, []byte("hotfixbot@example.com namespaces=\"git\" "+public+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		w.Git("config", "gpg.ssh.allowedSignersFile", file)
	}
}

// keyring is a program for git that runs gpg with its own folder.
func keyring(public []byte) verifier {
	return func(t *testing.T, w *world) {
		t.Helper()
		gpg, err := exec.LookPath("gpg")
		if err != nil {
			t.Skip("gpg is not installed: apt-get install gnupg; TestGPGSignatureVerifies checks the same in process")
		}
		dir, err := os.MkdirTemp("", "gpg") // short: gpg's sockets lie in it
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := os.RemoveAll(dir); err != nil {
				t.Error(err)
			}
		})
		cmd := exec.Command(gpg, "--homedir", dir, "--batch", "--quiet", "--import")
		cmd.Stdin, cmd.Env = bytes.NewReader(public), gittest.Environment()
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		program := filepath.Join(dir, "gpg")
		gittest.Script(t, program, "exec "+gpg+" --homedir "+dir+" \"$@\"\n")
		w.Git("config", "gpg.program", program)
	}
}

// Whatever the key: git accepts commits and tags, and the same work has the same ids.
func TestSignatures(t *testing.T) {
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	type key struct {
		private    []byte
		passphrase string
		verifier   verifier
	}
	keys := map[string]key{}
	for name, k := range map[string]crypto.Signer{"ssh ed25519": ed25519Key(), "ssh rsa": rsaKey, "ssh ecdsa": ecKey} {
		private, public := sshKey(t, k, "")
		keys[name] = key{private, "", allowed(public)}
	}
	private, public := sshKey(t, ed25519Key(), "tide")
	keys["ssh with passphrase"] = key{private, "tide", allowed(public)}
	for name, a := range map[string]packet.PublicKeyAlgorithm{"gpg ed25519": packet.PubKeyAlgoEdDSA, "gpg rsa": packet.PubKeyAlgoRSA} {
		private, public := gpgKey(t, a, stampTime.AddDate(-1, 0, 0), "")
		keys[name] = key{private, "", keyring(public)}
	}
	private, ring := gpgKey(t, packet.PubKeyAlgoEdDSA, stampTime.AddDate(1, 0, 0), "tide")
	keys["gpg with passphrase, younger than the hotfix"] = key{private, "tide", keyring(ring)}

	w := newWorld(t)
	target, picks := w.series()
	for name, k := range keys {
		t.Run(name, func(t *testing.T) {
			signer, err := ParseSigner(k.private, []byte(k.passphrase))
			if err != nil {
				t.Fatal(err)
			}
			k.verifier(t, w)
			w.signs(t, signer, target, picks)
		})
	}
}

// signs replays, tags and pushes with a signer, and asks git what it thinks.
func (w *world) signs(t *testing.T, signer Signer, target hotfix.OID, picks []hotfix.Pick) {
	t.Helper()
	e, err := New(Settings{Dir: t.TempDir(), Insecure: true, Log: zerolog.Nop(), Signer: signer})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, e) })
	w.engine = e
	j, r := w.replay(t, target, picks...)
	tag, err := j.Tag(t.Context(), "v1", target, "One\n", testStamp)
	if err != nil {
		t.Fatal(err)
	}
	again, second := w.replay(t, target, picks...)
	tagAgain, err := again.Tag(t.Context(), "v1", target, "One\n", testStamp)
	if err != nil || second.Tip != r.Tip || tagAgain != tag {
		t.Errorf("made again: commit %s, then %s; tag %s, then %s; %v", r.Tip, second.Tip, tag.Object, tagAgain.Object, err)
	}
	for ref, id := range map[string]hotfix.OID{"refs/heads/backport/1": r.Tip, "refs/tags/v1": tag.Object} {
		if err := j.Push(t.Context(), ref, id, ""); err != nil {
			t.Fatal(err)
		}
		defer w.Git("update-ref", "-d", ref)
	}
	for _, c := range r.Commits {
		if c.Commit != "" {
			w.Git("verify-commit", string(c.Commit))
		}
	}
	w.Git("verify-tag", "v1")
	if got := w.Git("fsck", "--strict"); strings.Contains(got, "error") {
		t.Errorf("fsck: %s", got)
	}
}

// A signature is for one content: git does not accept it for another.
func TestSignatureOfOtherContent(t *testing.T) {
	w := newWorld(t)
	w.Write("f", "f\n")
	target := w.Commit("f")
	private, public := sshKey(t, ed25519Key(), "")
	signer, err := ParseSigner(private, nil)
	if err != nil {
		t.Fatal(err)
	}
	allowed(public)(t, w)
	c := commit{tree: hotfix.OID(w.Git("rev-parse", string(target)+"^{tree}")), author: "A <a@example.com> 1 +0000", committer: "A <a@example.com> 1 +0000", message: "one\n"}
	if err := c.sign(signer); err != nil {
		t.Fatal(err)
	}
	for message, fine := range map[string]bool{"one\n": true, "two\n": false} {
		c.message = message
		id := w.Input(c.encode(), "hash-object", "-t", "commit", "-w", "--stdin")
		if _, err := w.Run(nil, w.Tree, "verify-commit", id); (err == nil) != fine {
			t.Errorf("%q: %v", message, err)
		}
	}
}

func TestGPGSignatureVerifies(t *testing.T) {
	private, public := gpgKey(t, packet.PubKeyAlgoEdDSA, stampTime.AddDate(-1, 0, 0), "")
	signer, err := ParseSigner(private, nil)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := signer.Sign([]byte("content"), stampTime)
	if err != nil {
		t.Fatal(err)
	}
	ring, err := openpgp.ReadArmoredKeyRing(bytes.NewReader(public))
	if err != nil {
		t.Fatal(err)
	}
	for content, fine := range map[string]bool{"content": true, "other": false} {
		_, err := openpgp.CheckArmoredDetachedSignature(ring, strings.NewReader(content), strings.NewReader(signature), nil)
		if (err == nil) != fine {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func TestUnusableKeys(t *testing.T) {
	locked, public := sshKey(t, ed25519Key(), "tide")
	lockedGPG, publicGPG := gpgKey(t, packet.PubKeyAlgoEdDSA, stampTime, "tide")
	random, _ := gpgKey(t, packet.PubKeyAlgoECDSA, stampTime, "")
	for name, c := range map[string]struct {
		key        []byte
		passphrase string
		says       string
	}{
		"ssh without passphrase":    {locked, "", "passphrase"},
		"ssh with another":          {locked, "ebb", "passphrase"},
		"gpg without passphrase":    {lockedGPG, "", "passphrase"},
		"gpg with another":          {lockedGPG, "ebb", "passphrase"},
		"public ssh key":            {[]byte(public), "", "public"},
		"public gpg key":            {publicGPG, "", "public"},
		"gpg key that signs anew":   {random, "", "Ed25519"},
		"nothing":                   {nil, "", "no private key"},
		"damaged ssh key":           {locked[:len(locked)/2], "", "no private key"},
		"damaged gpg key":           {lockedGPG[:len(lockedGPG)/2], "", "no private key"},
		"something else in its pem": {[]byte("-----BEGIN X PRIVATE KEY-----\nAAAA\n-----END X PRIVATE KEY-----\n"), "", "no private key"},
	} {
		s, err := ParseSigner(c.key, []byte(c.passphrase))
		if err == nil || s != nil || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
		if want := c.says == "passphrase"; errors.Is(err, ErrPassphrase) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
