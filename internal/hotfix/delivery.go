package hotfix

import "time"

// Delivery is one webhook delivery as it is kept: who sent what, when, and the
// raw body. It wakes repositories; nothing is decided from it.
type Delivery struct {
	// GUID is the X-GitHub-Delivery header. A redelivery keeps it.
	GUID         string
	Event        string       // the X-GitHub-Event header: "pull_request"
	Action       string       // "closed"; empty for events without actions
	Installation int64        // 0 when the body names none
	Repository   RepositoryID // 0 when the body names none, or several
	ReceivedAt   time.Time
	Body         []byte  // the JSON as it was received
	Intent       *Intent // a button press; nil for all else
}

// HeardFact is the fact of the last delivery that woke a repository: its value, a JSON
// string, is another after each.
const HeardFact = "heard"

// Awaited reports whether a person may be waiting for an answer to it: a comment, or
// a button press.
func (d Delivery) Awaited() bool { return d.Event == "issue_comment" || d.Intent != nil }

// Intent is what a person asked for by pressing a button, or by an action on the
// page. It exists nowhere but in the delivery or the form, so it is stored when that
// is accepted (P22).
type Intent struct {
	ID       string    // the delivery's GUID, or the form's own id
	Person   string    // login; what the person may do is asked when it is acted upon
	Command  string    // the button's identifier, as the bot gave it to the check run
	Object   string    // the check run's external_id
	CheckRun int64     // id of the check run
	Commit   OID       // its head_sha
	At       time.Time // when the press was received
	// Asked is the command that an action on the page stands for, and Pull the hotfix;
	// nil for a button, of which Command and Object tell. Command, Object, CheckRun and
	// Commit are empty then.
	Asked *Command
	Pull  int
}

// Response is what became of an intent.
type Response struct {
	Done    bool   // it was carried out; else nothing was changed, and Said tells why
	Refused bool   // the person may not do that
	Said    string // as the bot replied, in Markdown
	Issue   int    // where it replied; 0: nowhere
	Reply   int64  // the comment
}

// Asking is an intent from the page with what became of it.
type Asking struct {
	Intent
	Answered bool
	Response
}
