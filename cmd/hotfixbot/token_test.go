package main

import (
	"encoding/json"

	"github.com/rogpeppe/go-internal/testscript"
)

// revokeListed revokes the first token of `token list --json`, which was printed just now.
func revokeListed(ts *testscript.TestScript, _ bool, _ []string) {
	var list struct{ Tokens []tokenLine }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &list))
	ts.Check(ts.Exec("hotfixbot", "token", "revoke", list.Tokens[0].ID))
}
