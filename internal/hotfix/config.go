package hotfix

import "time"

// Config is .github/hotfix.yml with the defaults filled in. The keys are those
// of docs/configuration.md, in its order.
type Config struct {
	Environments Pipeline
	Hotfix       Detection
	Release      ReleasePolicy
	Deploy       DeployPolicy
	Applications []Application
	Modules      []Module
	Propagate    Propagation
	Paths        []PathPolicy
	Close        string // "auto" or "manual"
	Gate         string // "off", "warn" or "enforce"
	Watch        time.Duration
	Remind       Reminder
	Permissions  Permissions
	// FromFile is whether the repository has a file; without one a missing
	// branch is left out, with one it is waited for.
	FromFile bool
	// Notes are sentences for people about keys that are accepted and have no
	// effect yet, and about environments that were left out.
	Notes []string
}

// Detection says which pull requests are hotfixes.
type Detection struct {
	Branches []string // glob patterns of head branches: "hotfix/**"
	Label    string
}

// ReleasePolicy says when and how a release is tagged.
type ReleasePolicy struct {
	Trigger       string // "auto" or "manual"
	Tag           string // "v{version}"; empty: as the line's last tag
	GitHubRelease bool
}

// DeployPolicy says what is recorded of a deployment.
type DeployPolicy struct{ GitHubDeployments bool }

// Application is a deployable part of a repository with its own version line.
type Application struct {
	Name  string
	Paths []string
	Tag   string
}

// Lines are the applications by the names that their versions go by. Where the
// repository is one application, whatever it is called, that name is "".
func (c Config) Lines() []Application {
	if len(c.Applications) > 1 {
		return c.Applications
	}
	var one Application
	for _, one = range c.Applications {
		one.Name = ""
	}
	return []Application{one}
}

// TagTemplate is the template of the tags of an application of Lines ("v{version}");
// empty where the last tag tells.
func (c Config) TagTemplate(application string) string {
	for _, a := range c.Lines() {
		if a.Name == application {
			return a.Tag
		}
	}
	return ""
}

// Module is a named group of paths.
type Module struct {
	Name  string
	Paths []string
}

// Propagation says how backport pull requests are made.
type Propagation struct {
	Order     string // "parallel" or "chain"
	Commits   string // "auto" or "squash"
	Labels    []string
	Assign    []string // logins; the word "author" alone: the hotfix's author
	Review    []string // logins and org/team; the word "approvers" alone: who approved and who merged
	AutoMerge string   // "", "merge", "squash" or "rebase"
	Title     string
	SignOff   bool
}

// PathPolicy says how conflicts in some paths are treated.
type PathPolicy struct {
	Match  []string
	Policy string // "keep-target", "union" or "ignore-for-proof"
}

// Reminder says how long a backport may wait before somebody is told.
type Reminder struct{ After, Then time.Duration }

// Permissions are what commands ask for.
type Permissions struct{ Deploy, Force, Write Permission }

// ConfigProblem is one mistake in .github/hotfix.yml.
type ConfigProblem struct {
	File    string `json:"file"`
	Line    int    `json:"line"`   // from 1; 0 when it concerns the whole file
	Column  int    `json:"column"` // from 1
	Message string `json:"message"`
}
