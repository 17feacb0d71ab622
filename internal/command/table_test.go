package command_test

import (
	"flag"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/command"
	"github.com/hotfixbot/hotfixbot/internal/goldentest"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

var defaults = hotfix.Permissions{Deploy: hotfix.Maintain, Force: hotfix.Maintain, Write: hotfix.Write}

func TestEveryExampleIsItsCommand(t *testing.T) {
	for _, row := range command.Table() {
		got := command.Parse("/hotfix " + row.Example)
		if len(got) != 1 || got[0].Verb != row.Verb || got[0].Problem != "" {
			t.Errorf("%q is %+v", row.Example, got)
		}
		if !strings.HasPrefix(row.Usage, string(row.Verb)) || !strings.HasSuffix(row.Help, ".") {
			t.Errorf("%s: usage %q, help %q", row.Verb, row.Usage, row.Help)
		}
	}
}

func TestNeeds(t *testing.T) {
	changed := hotfix.Permissions{Deploy: hotfix.Admin, Force: hotfix.Write, Write: hotfix.Triage}
	for _, c := range []struct {
		cmd           hotfix.Command
		usual, custom hotfix.Permission
	}{
		{hotfix.Command{Verb: "help"}, hotfix.Read, hotfix.Read},
		{hotfix.Command{Verb: "status"}, hotfix.Read, hotfix.Read},
		{hotfix.Command{Verb: "explain"}, hotfix.Read, hotfix.Read},
		{hotfix.Command{Verb: "doctor"}, hotfix.Read, hotfix.Read},
		{hotfix.Command{Verb: "start"}, hotfix.Write, hotfix.Triage},
		{hotfix.Command{Verb: "backport"}, hotfix.Write, hotfix.Triage},
		{hotfix.Command{Verb: "retry"}, hotfix.Write, hotfix.Triage},
		{hotfix.Command{Verb: "resolved"}, hotfix.Write, hotfix.Triage},
		{hotfix.Command{Verb: "pick"}, hotfix.Write, hotfix.Triage},
		{hotfix.Command{Verb: "skip"}, hotfix.Write, hotfix.Triage},
		{hotfix.Command{Verb: "unskip"}, hotfix.Write, hotfix.Triage},
		{hotfix.Command{Verb: "solved"}, hotfix.Write, hotfix.Triage},
		{hotfix.Command{Verb: "solved", Force: true}, hotfix.Maintain, hotfix.Write},
		{hotfix.Command{Verb: "reopen"}, hotfix.Write, hotfix.Triage},
		{hotfix.Command{Verb: "deploy"}, hotfix.Maintain, hotfix.Admin},
		{hotfix.Command{Problem: "no command"}, hotfix.Read, hotfix.Read},
	} {
		for p, want := range map[hotfix.Permissions]hotfix.Permission{defaults: c.usual, {}: c.usual, changed: c.custom} {
			if got := command.Needs(c.cmd, p); got != want {
				t.Errorf("Needs(%+v, %+v) = %v, want %v", c.cmd, p, got, want)
			}
		}
	}
}

func TestHelpIsNoCommand(t *testing.T) {
	help := command.Help(defaults)
	if got := command.Parse(help); got != nil {
		t.Errorf("%+v", got)
	}
	for _, row := range command.Table() {
		if !strings.Contains(help, "| `/hotfix "+row.Usage+"` |") {
			t.Errorf("the help lacks %q", row.Usage)
		}
	}
}

var update = flag.Bool("update", false, "write docs/commands.md anew")

// TestDocs keeps docs/commands.md true. After a change of the table:
// go test ./internal/command -run TestDocs -update
func TestDocs(t *testing.T) {
	const path = "../../docs/commands.md"
	want := "# Commands\n\n" +
		"<!-- Written by `go test ./internal/command -run TestDocs -update` from internal/command/table.go. -->\n\n" +
		"A comment on a hotfix's issue, on its pull request or on one of its backport pull requests may hold commands.\n" +
		"The bot sets 👀 on the comment when it has seen them and answers once. Who lacks the permission gets a 😕 and no answer.\n" +
		"The permissions are the defaults; `permissions` in [the configuration](configuration.md) changes those of `write` and `maintain`.\n\n" +
		command.Help(defaults) + "\n## Examples\n\n```\n"
	for _, row := range command.Table() {
		want += "/hotfix " + row.Example + "\n"
	}
	want += "```\n"
	goldentest.Hold(t, path, want, *update)
}
