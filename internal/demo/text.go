package demo

import (
	"fmt"
	"io"
	"strings"
)

// width of the narration, in characters.
const width = 96

// margin is the width of step and name.
const margin = 15

// paint is a colour of the terminal (ECMA-48, "select graphic rendition").
type paint string

const (
	plain paint = ""
	red   paint = "31"
	bold  paint = "1"
	faint paint = "2"
)

// Text tells for people, in colours or without.
func Text(out io.Writer, colours bool) Teller {
	t := &text{out: out, colours: colours}
	return t.tell
}

type text struct {
	out     io.Writer
	colours bool
	chapter string // that was told last
	shown   string // the environments as they were told last
}

func (t *text) tell(l Line) error {
	var b strings.Builder
	if l.Chapter != t.chapter {
		t.chapter = l.Chapter
		b.WriteString("\n" + t.in(bold, l.Chapter) + "\n\n")
	}
	for i, line := range wrap(l.Text, width-margin) {
		if i == 0 {
			b.WriteString(fmt.Sprintf("%3d  ", l.Step) + t.in(bold, fmt.Sprintf("%-10s", l.Who)) + line + "\n")
			continue
		}
		b.WriteString(strings.Repeat(" ", margin) + line + "\n")
	}
	for line := range strings.Lines(l.Said) {
		b.WriteString(strings.TrimRight(strings.Repeat(" ", margin)+t.in(faint, "│ ")+strings.TrimRight(line, "\n"), " ") + "\n")
	}
	if now := t.versions(l.Environments); now != t.shown {
		t.shown = now
		b.WriteString(strings.Repeat(" ", margin) + "▸ " + now + "\n")
	}
	if l.Solved {
		b.WriteString("\n" + t.table(l.Environments))
	}
	if l.last {
		b.WriteString("\n" + t.look(l))
	}
	_, err := io.WriteString(t.out, b.String())
	return err
}

// versions are all environments in one line.
func (t *text) versions(list []Environment) string {
	parts := make([]string, len(list))
	for i, env := range list {
		parts[i] = env.Name + " " + t.version(env)
	}
	return strings.Join(parts, " · ")
}

// version is red where a hotfix is not solved. Who sees no colours reads it.
func (t *text) version(env Environment) string {
	if !env.Red {
		return env.Version + env.Mark
	}
	return t.in(red, env.Version+env.Mark+" (red)")
}

func (t *text) table(list []Environment) string {
	var b strings.Builder
	row := func(how paint, name, branch, version string) {
		b.WriteString("  " + t.in(how, fmt.Sprintf("%-15s %-8s %s", name, branch, version)) + "\n")
	}
	row(bold, "environment", "branch", "version")
	for _, env := range list {
		row(plain, env.Name, env.Branch, t.version(env))
	}
	return b.String()
}

// look says where to look.
func (t *text) look(line Line) string {
	l := line.Look
	var b strings.Builder
	row := func(name, where string) {
		if where != "" {
			b.WriteString("  " + t.in(bold, fmt.Sprintf("%-8s ", name)) + where + "\n")
		}
	}
	branches := ""
	for _, env := range line.Environments {
		branches += " " + env.Branch
	}
	row("page", l.Page)
	row("try", l.Hotfix)
	for _, words := range wrap(l.Try, width-11) {
		if words != "" {
			b.WriteString(strings.Repeat(" ", 11) + words + "\n")
		}
	}
	if l.GitHub != "" {
		row("github", l.GitHub+"/"+repository)
	}
	if l.Repository != "" {
		row("git", "git -C "+l.Repository+" log --graph --oneline"+branches)
	}
	if l.Page != "" {
		b.WriteString("\n  Ctrl-C ends it.\n")
	} else if l.Repository == "" {
		b.WriteString("  --stay keeps the page up to look at, --data DIR keeps the repository.\n")
	}
	return b.String()
}

func (t *text) in(how paint, s string) string {
	if !t.colours || how == plain {
		return s
	}
	return "\x1b[" + string(how) + "m" + s + "\x1b[0m"
}

// wrap breaks a text into lines.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}
