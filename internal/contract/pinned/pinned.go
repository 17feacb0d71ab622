// Package pinned names what the project is held to by others' word, and where it lies on this
// machine: copies of GitHub's own descriptions, and axe-core, which finds what keeps people from
// using a page.
//
// Each is an npm package at one version with the hash of its tarball. internal/contract/fetch
// brings them into Dir, condensed to what a check needs; internal/contract reads them there.
// What must always hold: Dir is complete or absent, never half written, and its name changes
// with any version, hash or format, so that an old copy is never read by new code.
// This package never uses the network.
package pinned

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
)

// Package is one file of one npm package.
type Package struct {
	Name      string // on npm
	Version   string
	Integrity string // of the tarball, as npm writes it: "sha512-" and base64
	File      string // the path of the file inside of the tarball
	As        string // the name of what is made of it in Dir
}

// The names of the files in Dir.
const (
	REST     = "rest.tsv"
	Webhooks = "webhooks.tsv"
	GraphQL  = "schema.graphql"
	Examples = "examples.json"
	Axe      = "axe.js"
)

// Packages are all that is needed. To move one forward: change version and integrity together
// (npm view NAME@VERSION dist.integrity), run `make setup`, and look at what the tests then say.
func Packages() []Package {
	return []Package{
		{
			Name: "@octokit/openapi", Version: "23.0.2",
			Integrity: "sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==",
			File:      "package/generated/api.github.com.json", As: REST,
		},
		{
			Name: "@octokit/openapi-webhooks", Version: "12.1.0",
			Integrity: "sha512-Z5eDsLCUNbx1zHpZb1LNQirADqdMTvWJQ/deahi0ws+tWWnwHXB+Pr4jfmM9OrETS9Y5iW8ZRu1fdbudObhLrg==",
			File:      "package/generated/api.github.com.json", As: Webhooks,
		},
		{
			Name: "@octokit/graphql-schema", Version: "15.26.1",
			Integrity: "sha512-RFDC2MpRBd4AxSRvUeBIVeBU7ojN/SxDfALUd7iVYOSeEK3gZaqR2MGOysj4Zh2xj2RY5fQAUT+Oqq7hWTraMA==",
			File:      "package/schema.graphql", As: GraphQL,
		},
		{
			Name: "@octokit/webhooks-examples", Version: "7.6.1",
			Integrity: "sha512-De6U3XB6O3DtCa7bKgCMzTHdeopqqZ6SNivMYJnK65ierKL1AnNIA0tkRYCRS7lwGT792d+Ps1WbfHlso6MynQ==",
			File:      "package/api.github.com/index.json", As: Examples,
		},
		{
			Name: "axe-core", Version: "4.14.1",
			Integrity: "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
			File:      "package/axe.min.js", As: Axe,
		},
	}
}

// format is raised when what fetch makes of the files changes.
const format = 4

// Dir is the folder for the descriptions: below $XDG_CACHE_HOME, else ~/.cache.
func Dir() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no place for GitHub's descriptions: %w", err)
	}
	h := sha256.New()
	fmt.Fprintln(h, format, Packages())
	return filepath.Join(cache, "hotfixbot", "contract", fmt.Sprintf("%x", h.Sum(nil))[:12]), nil
}

// Read gives one file of Dir. When the descriptions are not there, the error names the remedy.
func Read(name string) ([]byte, error) {
	dir, err := Dir()
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, fmt.Errorf("GitHub's descriptions are not in %s: run `make setup`", dir)
	}
	return b, nil
}
