package hotfix

import "time"

// Verb is the word after /hotfix.
type Verb string

// The verbs.
const (
	VerbHelp     Verb = "help"
	VerbStatus   Verb = "status"
	VerbExplain  Verb = "explain"
	VerbDoctor   Verb = "doctor"
	VerbStart    Verb = "start"
	VerbBackport Verb = "backport"
	VerbRetry    Verb = "retry"
	VerbResolved Verb = "resolved"
	VerbPick     Verb = "pick"
	VerbSkip     Verb = "skip"
	VerbUnskip   Verb = "unskip"
	VerbSolved   Verb = "solved"
	VerbReopen   Verb = "reopen"
	VerbRevert   Verb = "revert"
	VerbDeploy   Verb = "deploy"
)

// Command is one /hotfix line.
type Command struct {
	Verb        Verb     `json:"verb"`
	Pull        int      `json:"pull,omitempty"`        // from "#34": only this hotfix of the issue
	Environment string   `json:"environment,omitempty"` // as the person wrote it
	Args        []string `json:"args,omitempty"`        // paths, branches, a version or a title's words
	Reason      string   `json:"reason,omitempty"`
	Force       bool     `json:"force,omitempty"`
	// Problem, when not empty, says why the line is no command, with the right
	// form; then nothing else but Verb is to be relied on.
	Problem string `json:"problem,omitempty"`
}

// Word is what tells one kind of command from the others by what it asks for: its verb,
// and "solved --force".
func (c Command) Word() string {
	if c.Force {
		return string(c.Verb) + " --force"
	}
	return string(c.Verb)
}

// Request is a person's comment that holds commands, or a press of a button, which
// means one. It is open until the bot answered it: by a reply that names it, or by
// a final 😕.
type Request struct {
	Comment  Comment // of a press: nothing but its author, place and time
	Press    string  // the id of the button press that it is, instead of a comment
	Commands []Command
	On       *Issue     // where it was said; read only for commands that need no hotfix
	Allowed  Permission // the person's role, asked when the request was observed; only for open requests
	Seen     bool       // the bot's 👀 is on it
}

// Answer is the bot's reply to one request. It is read back from the reply's
// hidden marker, so what a person was granted outlives the database.
type Answer struct {
	To      int64     `json:"to"`              // comment id
	Press   string    `json:"press,omitempty"` // of a button press, instead
	Issue   int       `json:"issue"`
	By      string    `json:"by"`
	At      time.Time `json:"at"` // when the person asked
	Granted []Granted `json:"granted"`
	Reply   int64     `json:"-"` // the reply's own comment id
}

// Response is the answer as it is told to who asked.
func (a Answer) Response() Response {
	said := Response{Done: true, Issue: a.Issue, Reply: a.Reply}
	for i, g := range a.Granted {
		if i > 0 {
			said.Said += "\n\n"
		}
		said.Said += g.Said
		said.Done = said.Done && g.Done
	}
	return said
}

// Granted is one command of a request with what came of it.
type Granted struct {
	Command
	Done   bool    `json:"done"`             // false: it was refused, Said tells why
	Said   string  `json:"said,omitempty"`   // the state, in words, as it was answered
	Chosen *Choice `json:"chosen,omitempty"` // of a pick
	// Without are, of a solved by force, the branches that did not have the hotfix then, by
	// its pull request number: what is lost since was not meant.
	Without map[int][]string `json:"without,omitempty"`
	// Hotfixes are the pull request numbers of the hotfixes that it applied to.
	Hotfixes []int `json:"hotfixes,omitempty"`
}
