package githubsim

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Seed is what a simulated GitHub holds at its beginning. docs/simulator.md is its reference.
type Seed struct {
	App          *SeedApp         `yaml:"app"`
	Users        []SeedUser       `yaml:"users"`
	Repositories []SeedRepository `yaml:"repositories"`
	Limits       SeedLimits       `yaml:"limits"`
}

// SeedLimits are the rates that are enforced for each account; 0 = none. GitHub's own are 5000
// requests an hour, 900 points a minute, and 80 writes a minute and 500 an hour.
type SeedLimits struct {
	PerHour          int `yaml:"per_hour"`
	PointsPerMinute  int `yaml:"points_per_minute"`
	ContentPerMinute int `yaml:"content_per_minute"`
	ContentPerHour   int `yaml:"content_per_hour"`
}

// SeedApp is the GitHub App. Its permissions and events are not the seed's to say.
type SeedApp struct {
	ID            int64  `yaml:"id"`
	Slug          string `yaml:"slug"`
	Name          string `yaml:"name"`           // default: the slug
	PrivateKey    string `yaml:"private_key"`    // a PEM file; written if absent
	WebhookURL    string `yaml:"webhook_url"`    // "" = no webhooks
	WebhookSecret string `yaml:"webhook_secret"` // signs them
	ClientID      string `yaml:"client_id"`      // default: made of the id
	ClientSecret  string `yaml:"client_secret"`  // "" = people cannot sign in through the App
	CallbackURL   string `yaml:"callback_url"`   // where they come back to
	// ExpireTokens is whether tokens of people end after eight hours; nil = they do.
	ExpireTokens *bool `yaml:"expire_user_tokens"`

	// Key, if set, is used instead of the file, which is then neither read nor written.
	Key *rsa.PrivateKey `yaml:"-"`
}

// SeedUser is an account.
type SeedUser struct {
	Login string `yaml:"login"`
	Name  string `yaml:"name"`
	Email string `yaml:"email"` // default: GitHub's noreply address
	Token string `yaml:"token"` // "" = the user cannot sign in
	Bot   bool   `yaml:"bot"`
}

// SeedRepository is a repository. An owner that is no user is an organisation.
type SeedRepository struct {
	Name          string            `yaml:"name"`           // "owner/repo"
	Import        string            `yaml:"import"`         // a local git repository; "" = empty
	DefaultBranch string            `yaml:"default_branch"` // default: the imported HEAD, else main
	Private       bool              `yaml:"private"`
	Collaborators map[string]string `yaml:"collaborators"` // login → admin, maintain, write, triage or read
	Installed     bool              `yaml:"installed"`     // the App is installed on it
	Labels        []SeedLabel       `yaml:"labels"`
	Settings      SeedSettings      `yaml:"settings"`
}

// SeedLabel is a label; in the file also its bare name.
type SeedLabel struct {
	Name        string `yaml:"name"`
	Color       string `yaml:"color"` // six hexadecimal digits; default ededed
	Description string `yaml:"description"`
}

// UnmarshalYAML reads a name or a mapping.
func (l *SeedLabel) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		l.Name = n.Value
		return nil
	}
	type plain SeedLabel
	return n.Load((*plain)(l), yaml.WithKnownFields())
}

// SeedSettings are the repository's settings, by the names of the REST API; nil = GitHub's
// default.
type SeedSettings struct {
	AllowMergeCommit    *bool  `yaml:"allow_merge_commit"`
	AllowSquashMerge    *bool  `yaml:"allow_squash_merge"`
	AllowRebaseMerge    *bool  `yaml:"allow_rebase_merge"`
	AllowAutoMerge      *bool  `yaml:"allow_auto_merge"`
	AllowUpdateBranch   *bool  `yaml:"allow_update_branch"`
	AllowForking        *bool  `yaml:"allow_forking"`
	DeleteBranchOnMerge *bool  `yaml:"delete_branch_on_merge"`
	SquashTitle         string `yaml:"squash_merge_commit_title"`
	SquashMessage       string `yaml:"squash_merge_commit_message"`
	MergeTitle          string `yaml:"merge_commit_title"`
	MergeMessage        string `yaml:"merge_commit_message"`
}

// ReadSeed reads a seed file. Paths in it are relative to its own folder. The error has a line
// for each thing that is wrong, with file, line and column.
func ReadSeed(file string) (Seed, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return Seed{}, fmt.Errorf("cannot read the seed: %w", err)
	}
	s, err := ParseSeed(file, data)
	if err != nil {
		return Seed{}, err
	}
	near := func(path string) string {
		if path == "" || filepath.IsAbs(path) {
			return path
		}
		return filepath.Join(filepath.Dir(file), path)
	}
	if s.App != nil {
		s.App.PrivateKey = near(s.App.PrivateKey)
	}
	for i := range s.Repositories {
		s.Repositories[i].Import = near(s.Repositories[i].Import)
	}
	return s, nil
}

// ParseSeed reads the text of a seed file; file is its name in errors. Unknown keys, values of
// a wrong type and what makes no sense are errors, all told at once.
func ParseSeed(file string, data []byte) (Seed, error) {
	var s Seed
	if len(bytes.TrimSpace(data)) == 0 {
		return Seed{}, fmt.Errorf("%s: the seed is empty; it takes at least users and repositories (docs/simulator.md)", file)
	}
	if err := yaml.Load(data, &s, yaml.WithKnownFields()); err != nil {
		return Seed{}, seedErrors(file, err)
	}
	problems := s.problems()
	if len(problems) == 0 {
		return s, nil
	}
	var root yaml.Node
	if err := yaml.Load(data, &root); err != nil {
		return Seed{}, seedErrors(file, err)
	}
	var all []error
	for _, p := range problems {
		line, column := p.position(&root)
		all = append(all, fmt.Errorf("%s:%d:%d: %s", file, line, column, p.message))
	}
	return Seed{}, errors.Join(all...)
}

// seedErrors writes the parser's errors as file:line:column: message.
func seedErrors(file string, err error) error {
	var many *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &many):
	case errors.As(err, &one):
		many = &yaml.LoadErrors{Errors: []*yaml.LoadError{one}}
	default:
		return fmt.Errorf("%s: %w", file, err)
	}
	var all []error
	for _, e := range many.Errors {
		all = append(all, fmt.Errorf("%s:%d:%d: %s", file, e.Mark.Line, max(1, e.Mark.Column), plainYAML(e.Message)))
	}
	return errors.Join(all...)
}

var (
	unknownField = regexp.MustCompile(`^field (\S+) not found in type .*$`)
	wrongType    = regexp.MustCompile("^cannot construct !!(\\w+)(?: (`[^`]*`))? into (\\S+).*$")
)

// plainYAML says what the parser says without the names of Go.
func plainYAML(message string) string {
	if m := unknownField.FindStringSubmatch(message); m != nil {
		return "unknown key `" + m[1] + "`"
	}
	if m := wrongType.FindStringSubmatch(message); m != nil {
		return strings.TrimSpace(kindOf(m[1])+" "+m[2]) + " where " + wantedKind(m[3]) + " is wanted"
	}
	return message
}

// kindOf names a YAML tag.
func kindOf(tag string) string {
	if word := map[string]string{"str": "text", "int": "number", "float": "number", "bool": "truth value", "map": "mapping", "seq": "list"}[tag]; word != "" {
		return word
	}
	return tag
}

// wantedKind names a Go type.
func wantedKind(t string) string {
	switch {
	case t == "string":
		return "text"
	case t == "bool" || t == "*bool":
		return "true or false"
	case strings.HasPrefix(t, "int"):
		return "a number"
	case strings.HasPrefix(t, "[]"):
		return "a list"
	}
	return "a mapping"
}
