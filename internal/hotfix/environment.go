package hotfix

import "strings"

// Environment is a stage with a long-lived branch.
type Environment struct {
	Name    string `json:"name"`   // what people call it: "QA"
	Branch  string `json:"branch"` // "qa"
	Landing bool   `json:"landing,omitempty"`
}

// Is reports whether a person's word means this environment: its name or its
// branch, whatever the case.
func (e Environment) Is(word string) bool {
	return strings.EqualFold(e.Name, word) || strings.EqualFold(e.Branch, word)
}

// Pipeline is the environments in order, nearest to users first.
type Pipeline []Environment

// Landing is the environment where hotfix pull requests merge: the one marked
// so, else the first. ok is false for an empty pipeline.
func (p Pipeline) Landing() (env Environment, ok bool) {
	for _, e := range p {
		if e.Landing {
			return e, true
		}
	}
	if len(p) == 0 {
		return Environment{}, false
	}
	return p[0], true
}

// Below is every environment after the landing one: those that a hotfix has to
// be propagated to, in pipeline order.
func (p Pipeline) Below() Pipeline {
	landing, _ := p.Landing()
	for i, e := range p {
		if e.Branch == landing.Branch {
			return p[i+1:]
		}
	}
	return nil
}

// Above is every environment before the landing one: those that a hotfix is
// deployed to after it was tagged.
func (p Pipeline) Above() Pipeline {
	landing, _ := p.Landing()
	for i, e := range p {
		if e.Branch == landing.Branch {
			return p[:i]
		}
	}
	return nil
}

// Find is the environment that a person's word means.
func (p Pipeline) Find(word string) (Environment, bool) {
	for _, e := range p {
		if e.Is(word) {
			return e, true
		}
	}
	return Environment{}, false
}

// EnvironmentState is an environment as it stood when it was observed.
type EnvironmentState struct {
	Environment
	Tip    OID       `json:"tip,omitempty"`
	Tree   OID       `json:"tree,omitempty"`
	Runs   []Running `json:"runs"` // of each application that has a release there, in the file's order
	Red    bool      `json:"red"`  // a hotfix that landed here is not solved
	Absent bool      `json:"absent,omitempty"`
}

// Running is which version of an application an environment runs.
type Running struct {
	Application string `json:"application,omitempty"` // its name in Config.Lines
	Version     string `json:"version"`               // the highest release that the branch reaches or equals: "1.7.1"
	Tag         string `json:"tag"`
	// Mark is "+" when the branch differs from the tag, in the application's paths
	// where there are several applications; else "".
	Mark string `json:"mark"`
	// Ahead is, with a Mark, how many commits the branch has that the tag has not; 0:
	// not known.
	Ahead int `json:"ahead,omitempty"`
}

// First is what runs there of the first application that has a release there; the
// zero Running when none has.
func (e EnvironmentState) First() Running {
	if len(e.Runs) == 0 {
		return Running{}
	}
	return e.Runs[0]
}

// Of is what runs there of an application; the zero Running when it has no release
// there.
func (e EnvironmentState) Of(application string) Running {
	for _, running := range e.Runs {
		if running.Application == application {
			return running
		}
	}
	return Running{}
}
