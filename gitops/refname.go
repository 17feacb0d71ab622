package gitops

import (
	"fmt"
	"strings"
)

// checkRef refuses names that are no full ref name of a branch or tag. It is
// stricter than git, which accepts refs/heads/-x.
func checkRef(ref string) error {
	for _, prefix := range []string{"refs/heads/", "refs/tags/"} {
		if name, ok := strings.CutPrefix(ref, prefix); ok && validName(name) {
			return nil
		}
	}
	return fmt.Errorf("%q is no name for a branch or tag", ref)
}

// validName is the rule for what follows refs/heads/ or refs/tags/.
func validName(name string) bool {
	if name == "" || len(name) > 200 || name == "@" || strings.Contains(name, "..") || strings.Contains(name, "@{") {
		return false
	}
	for _, c := range []byte(name) {
		if c <= ' ' || c == 0x7f || strings.IndexByte(`~^:?*[\`, c) >= 0 {
			return false
		}
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == "" || part[0] == '-' || part[0] == '.' || strings.HasSuffix(part, ".") || strings.HasSuffix(part, ".lock") {
			return false
		}
	}
	return true
}
