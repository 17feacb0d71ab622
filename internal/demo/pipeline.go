package demo

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Pipeline says which environments the shop has, and with them the story that is
// played there.
type Pipeline string

// The pipelines.
const (
	// Preprod has a Pre-Production: hotfixes land there, somebody says when they are
	// released, and Development gets what QA merged.
	Preprod Pipeline = "preprod"
	// Simple is Production, QA and Development: what lands is released at once, and
	// carried to both others at the same time.
	Simple Pipeline = "simple"
)

// stages are the environments, nearest to users first.
func (p Pipeline) stages() []Environment {
	if p == Simple {
		return []Environment{{Name: "Production", Branch: "main"}, {Name: "QA", Branch: "qa"}, {Name: "Development", Branch: "dev"}}
	}
	return append([]Environment{{Name: "Production", Branch: "main"}, {Name: "Pre-Production", Branch: "preprod"}}, Simple.stages()[1:]...)
}

// landing is the place in stages of the environment where hotfixes land.
func (p Pipeline) landing() int {
	if p == Simple {
		return 0
	}
	return 1
}

// base is the branch where hotfixes land.
func (p Pipeline) base() string { return p.stages()[p.landing()].Branch }

// upper are the environments from Production to where hotfixes land: they run the
// release at the end.
func (p Pipeline) upper() []Environment { return p.stages()[:p.landing()+1] }

// lower are the environments to which hotfixes are carried.
func (p Pipeline) lower() []Environment { return p.stages()[p.landing()+1:] }

// commits are the files of the history before the story, in order: what every shop
// has, and what belongs to this pipeline.
func (p Pipeline) commits() ([]string, error) {
	common, err := fs.Glob(history, "shop/*.txtar")
	if err != nil {
		return nil, err
	}
	own, err := fs.Glob(history, "shop/"+string(p)+"/*.txtar")
	files := append(common, own...)
	slices.SortFunc(files, func(a, b string) int { return strings.Compare(path.Base(a), path.Base(b)) })
	return files, err
}
