package demo

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// statusHead is the beginning of docs/status.md.
const statusHead = `# The status comment

<!-- Written by ` + "`go test ./internal/demo -run TestPlay -update`" + ` from what ` + "`hotfixbot demo`" + ` plays. -->

On the issue of a hotfix the bot keeps one comment: where the hotfix stands, what is awaited and from whom, and the
commands for it. Here is that comment at each step of the story that ` + "`hotfixbot demo`" + ` plays: eCommerce runs 1.7.0, a
hotfix (#2) lands in Pre-Production, is released, and is carried to QA and then to Development.
`

// statusPage shows the status comment each time that it changed, after what
// people did since the last time.
func statusPage(t *testing.T, lines string) string {
	t.Helper()
	page, since, step := statusHead, "", 0
	for decoder := json.NewDecoder(strings.NewReader(lines)); decoder.More(); {
		var l Line
		if err := decoder.Decode(&l); err != nil {
			t.Fatal(err)
		}
		if _, is := people[l.Who]; is {
			since += did(l)
		}
		if l.Status != "" {
			if l.Who != bot {
				t.Errorf("line %d tells of a status comment that %s did not write", l.Step, l.Who)
			}
			step++
			page += fmt.Sprintf("\n## Step %d\n\n%s\n%s\n\n%s", step, since, new(text).versions(l.Environments), quoted(l.Status))
			since = ""
		}
	}
	return page
}

// did is what a person did, with a command that was said.
func did(l Line) string {
	what := l.Text
	if strings.HasPrefix(l.Said, "/hotfix ") {
		what += " `" + l.Said + "`"
	}
	return fmt.Sprintf("- **%s** %s\n", l.Who, what)
}

// quoted is a text as a quotation, with GitHub's own address in its links.
func quoted(comment string) string {
	comment = strings.ReplaceAll(comment, "http://127.0.0.1:PORT/", "https://github.com/")
	var b strings.Builder
	for line := range strings.Lines(comment + "\n") {
		b.WriteString(strings.TrimSpace("> "+line) + "\n")
	}
	return b.String()
}
