package hotfix

// FindingState is how a check of the doctor ended.
type FindingState string

// What can come of a check.
const (
	FindingOK      FindingState = "ok"
	FindingWarning FindingState = "warning" // the bot works; something is not as it should be
	FindingFailed  FindingState = "failed"  // something will not work until somebody does something
	FindingSkipped FindingState = "skipped" // it could not be looked at; What says why
)

// Finding is what one check of the doctor came to. What and Remedy are plain
// sentences as those of a Problem: words of people stand between backticks.
type Finding struct {
	Kind       string       `json:"kind"`                 // its row in docs/doctor.md
	Check      string       `json:"check"`                // what was looked at: "clock"
	Repository string       `json:"repository,omitempty"` // owner/repo, of a check of one repository
	State      FindingState `json:"state"`
	What       string       `json:"what"`
	Remedy     string       `json:"remedy,omitempty"`
}

// Grants are what an App asks for, or what one installation of it was given.
type Grants struct {
	Account     string            // whose they are: the App's slug, or the account of the installation
	Permissions map[string]string // "contents" → "write"
	Events      []string
	Suspended   bool   // of an installation
	URL         string // where a person changes or accepts them
	InstallURL  string // of the App: where it is installed
	ClientID    string // of the App; empty: GitHub does not say
}

// Hook is where GitHub sends an App's webhooks.
type Hook struct {
	URL         string
	ContentType string // "json" or "form"
	Secret      bool   // whether GitHub signs what it sends
	Insecure    bool   // whether the certificate of the address is not checked
}

// Bypass is whether a rule lets the App through.
type Bypass string

// What GitHub tells of it; the zero value is that it does not say.
const (
	BypassUnknown Bypass = ""
	BypassNever   Bypass = "never"
	BypassAlways  Bypass = "always"
)

// Rule is one active rule that GitHub applies to a branch or a tag.
type Rule struct {
	Type    string // GitHub's word: "creation", "required_status_checks", …
	Ruleset string // its name; empty: the protection of a branch, which GitHub had before rulesets
	Bypass  Bypass
	Checks  []RequiredCheck // of required_status_checks
	// Lenient is, of required_status_checks, whether a new branch need not have them.
	Lenient bool
	// Of the rules about names and addresses: "starts_with", "ends_with", "contains"
	// or "regex", with what, and whether just that is forbidden.
	Operator, Pattern string
	Negate            bool
}

// RequiredCheck is a check without which nothing is merged.
type RequiredCheck struct {
	Name string
	App  int64 // the App that must post it; 0: anybody
}
