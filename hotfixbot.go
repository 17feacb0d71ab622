// Package hotfixbot holds app.yml, so that the program and the file that people read
// are one: what `hotfixbot setup` asks GitHub for is what stands there.
//
// What must always hold: it is the file as it is, byte for byte. The package does
// nothing else; the program is in cmd/hotfixbot.
package hotfixbot

import _ "embed" // app.yml

// Manifest is app.yml: the GitHub App in GitHub's manifest format, as YAML.
//
//go:embed app.yml
var Manifest []byte
