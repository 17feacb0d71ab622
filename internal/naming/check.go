package naming

// CheckID is the external id of a check run: what it is about, so that it is
// found again. env is the environment's branch, or empty.
func CheckID(kind string, pull int, env string) string { return "" }

// ParseCheckID is the way back from CheckID.
func ParseCheckID(id string) (kind string, pull int, env string, ok bool) { return "", 0, "", false }
