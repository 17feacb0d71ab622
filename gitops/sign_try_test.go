package gitops

import (
	"errors"
	"os/exec"
	"testing"
	"time"

	"github.com/ProtonMail/go-crypto/openpgp/packet"
)

// lying is a key whose signatures are of something else than what is signed.
type lying struct{ sshSigner }

func (l lying) Sign(_ []byte, at time.Time) (string, error) {
	return l.sshSigner.Sign([]byte("something else"), at)
}

func TestTrySigner(t *testing.T) {
	private, _ := sshKey(t, ed25519Key(), "")
	signer, err := ParseSigner(private, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := TrySigner(t.Context(), signer, stampTime); err != nil {
		t.Error(err)
	}
	other, err := parseSSH(private, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := TrySigner(t.Context(), lying{other.(sshSigner)}, stampTime); err == nil || errors.Is(err, ErrNoVerifier) {
		t.Errorf("a wrong signature is found good: %v", err)
	}
	t.Setenv("PATH", t.TempDir())
	if err := TrySigner(t.Context(), signer, stampTime); !errors.Is(err, ErrNoVerifier) {
		t.Errorf("without ssh-keygen: %v", err)
	}
}

func TestTryGPGSigner(t *testing.T) {
	private, _ := gpgKey(t, packet.PubKeyAlgoEdDSA, stampTime.AddDate(-1, 0, 0), "")
	signer, err := ParseSigner(private, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = TrySigner(t.Context(), signer, stampTime)
	if _, there := exec.LookPath("gpg"); there != nil {
		if !errors.Is(err, ErrNoVerifier) {
			t.Errorf("without gpg: %v", err)
		}
		return
	}
	if err != nil {
		t.Error(err)
	}
}

func TestVersion(t *testing.T) {
	if version, err := Version(t.Context()); err != nil || version == "" {
		t.Errorf("%q, %v", version, err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := Version(t.Context()); err == nil {
		t.Error("there is a git where there is none")
	}
}
