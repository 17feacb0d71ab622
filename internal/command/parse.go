package command

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
	"github.com/hotfixbot/hotfixbot/internal/spelling"
)

const (
	prefix = "/hotfix"

	// maxBody is GitHub's limit for a comment, in characters.
	maxBody = 65_536
	// maxCommands keeps one comment from being a day's work.
	maxCommands = 10
)

// Parse is the commands of a comment, in its order; nil when it holds none. A
// line that starts with /hotfix and is no command is one with a Problem, which
// is a sentence for people with code between backticks. Every command of a comment counts or
// none: of too many, none does.
func Parse(body string) []hotfix.Command {
	if !strings.Contains(strings.ToLower(body), prefix) {
		return nil
	}
	if utf8.RuneCountInString(body) > maxBody {
		return []hotfix.Command{{Problem: "The comment is longer than GitHub allows: nothing of it was done."}}
	}
	lines := commandLines(body)
	if len(lines) > maxCommands {
		return []hotfix.Command{{Problem: fmt.Sprintf(
			"The comment holds %d commands, and at most %d are taken at once: nothing of it was done.", len(lines), maxCommands)}}
	}
	var commands []hotfix.Command
	for _, line := range lines {
		commands = append(commands, parseLine(line))
	}
	return commands
}

// cutPrefix takes /hotfix off a line that starts with it as a word; phones write
// /Hotfix.
func cutPrefix(line string) (rest string, ok bool) {
	if len(line) < len(prefix) || !strings.EqualFold(line[:len(prefix)], prefix) {
		return "", false
	}
	rest = line[len(prefix):]
	return rest, rest == "" || rest[0] == ' ' || rest[0] == '\t'
}

// parseLine reads one line, without its /hotfix. With nothing after it, it asks
// for help.
func parseLine(line string) hotfix.Command {
	words := split(line)
	if len(words) == 0 {
		return hotfix.Command{Verb: hotfix.VerbHelp}
	}
	row, ok := Find(hotfix.Verb(strings.ToLower(words[0].text)))
	if !ok {
		return hotfix.Command{Problem: unknown(words[0])}
	}
	cmd := hotfix.Command{Verb: row.Verb}
	if err := row.read(&cmd, words[1:]); err != nil {
		return hotfix.Command{Verb: row.Verb, Problem: fmt.Sprintf("%s %v. Its form is %s, for example %s.",
			naming.Quoted(prefix+" "+string(row.Verb)), err, naming.Quoted(prefix+" "+row.Usage), naming.Quoted(prefix+" "+row.Example))}
	}
	return cmd
}

func unknown(verb word) string {
	var verbs []string
	for _, row := range Table() {
		verbs = append(verbs, string(row.Verb))
	}
	problem := fmt.Sprintf("There is no command %s.", naming.Quoted(prefix+" "+verb.text))
	if near, ok := spelling.Nearest(verb.text, verbs); ok {
		return fmt.Sprintf("%s Did you mean %s?", problem, naming.Quoted(prefix+" "+near))
	}
	return fmt.Sprintf("%s %s lists them.", problem, naming.Quoted(prefix+" help"))
}
