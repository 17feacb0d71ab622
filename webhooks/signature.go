package webhooks

import (
	"strings"

	"github.com/google/go-github/v60/github"
)

// signed reports whether the body was signed with one of the secrets. Only
// SHA-256 counts: go-github would take the old SHA-1 signature as well. It
// compares in constant time.
func signed(signature string, body []byte, secrets []string) bool {
	if !strings.HasPrefix(signature, "sha256=") {
		return false
	}
	for _, secret := range secrets {
		if github.ValidateSignature(signature, body, []byte(secret)) == nil {
			return true
		}
	}
	return false
}
