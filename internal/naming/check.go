package naming

import (
	"regexp"
	"strconv"
)

// CheckID is the external id of a check run, by which it is found again: what
// kind of check it is ([a-z-]+), which hotfix it is about, and, where it is
// about one environment, that one's branch.
func CheckID(kind string, pull int, env string) string {
	id := kind + ":" + strconv.Itoa(pull)
	if env == "" {
		return id
	}
	return id + ":" + env
}

var checkForm = regexp.MustCompile(`^([a-z-]+):(0|[1-9][0-9]{0,8})(?::(.+))?$`)

// ParseCheckID is the way back from CheckID. ok is false for what it does not make.
func ParseCheckID(id string) (kind string, pull int, env string, ok bool) {
	m := checkForm.FindStringSubmatch(id)
	if m == nil {
		return "", 0, "", false
	}
	pull, err := strconv.Atoi(m[2])
	return m[1], pull, m[3], err == nil
}
