package naming

// The kinds of hidden markers.
const (
	KindStatus   = "status"   // hotfix.StatusMarker, in status comments
	KindReply    = "reply"    // hotfix.Answer, in replies to commands
	KindBackport = "backport" // hotfix.BackportMarker, in bodies of backport pull requests
	KindIssue    = "issue"    // hotfix.IssueMarker, in bodies of issues that the bot opened
)

// Marker is a hidden comment that carries value as JSON. It belongs at the end
// of the text, on a line of its own.
func Marker(kind string, value any) string { return "" }

// FindMarker reads the marker of a kind from the end of a text into a pointer,
// which may be nil.
func FindMarker(body, kind string, into any) bool { return false }
