package demo

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/repoconfig"
)

// listModules tells which modules the bot marks, once git agrees.
func (s *story) listModules(ctx context.Context) error {
	names, err := s.modules(ctx)
	if err != nil {
		return err
	}
	status, err := s.status(ctx)
	if err != nil {
		return err
	}
	_, table, _ := strings.Cut(status, "\n| module |")
	table, _, _ = strings.Cut("| module |"+table, "\n\n")
	rows := tableRows(table)
	marked := make([]string, 0, len(rows))
	for _, row := range rows[1:] {
		marked = append(marked, strings.Fields(row)[0])
	}
	if err := expect(slices.Equal(marked, names), "the bot marks the modules %v and not %v", names, marked); err != nil {
		return err
	}
	return s.say(ctx, bot, strings.Join(rows, "\n"), "lists the modules of eCommerce with the hotfix, and marks in red where it is missing:")
}

// modules are those in which the hotfix changed something, as git has it.
func (s *story) modules(ctx context.Context) ([]string, error) {
	changed, err := s.git(ctx, "diff", "--name-only", s.landed+"^1", s.landed)
	if err != nil {
		return nil, err
	}
	content, err := s.git(ctx, "show", s.pipeline.base()+":"+repoconfig.File)
	if err != nil {
		return nil, err
	}
	config, _ := repoconfig.Parse(repoconfig.File, []byte(content), nil) // a mistake leaves no module
	var names []string
	for _, m := range config.Modules {
		if slices.ContainsFunc(strings.Fields(changed), func(path string) bool { return repoconfig.MatchesPath(m.Paths, path) }) {
			names = append(names, m.Name)
		}
	}
	return names, expect(len(names) > 0, "a module has the hotfix")
}

// link is a link in Markdown.
var link = regexp.MustCompile(`(\[[^\]]*\])\([^)]*\)`)

// tableRows are the rows of a table in Markdown as it is shown, the head first.
func tableRows(table string) []string {
	var rows []string
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, "|---") {
			continue
		}
		line = strings.NewReplacer("`", "", "**", "").Replace(link.ReplaceAllString(line, "$1"))
		var row strings.Builder
		for _, cell := range strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|") {
			fmt.Fprintf(&row, "%-16s", strings.TrimSpace(cell))
		}
		rows = append(rows, strings.TrimSpace(row.String()))
	}
	return rows
}

// changed is a file that differs.
type changed struct {
	Name      string `json:"filename"`
	Additions int    `json:"additions"`
	Deletions int    `json:"deletions"`
}

// compare is a person's look at what QA lacks and what comes there.
func (s *story) compare(ctx context.Context) error {
	var lacks struct {
		Files []changed `json:"files"`
	}
	if err := s.read(ctx, &lacks, "/compare/qa...preprod"); err != nil {
		return err
	}
	var comes []changed
	if err := s.read(ctx, &comes, "/pulls/%d/files", s.qa); err != nil {
		return err
	}
	if err := expect(len(comes) == len(fixedLines) && slices.Equal(lacks.Files, comes), "#%d brings QA what it lacks", s.qa); err != nil {
		return err
	}
	list := make([]string, len(comes))
	for i, file := range comes {
		list[i] = fmt.Sprintf("%-18s +%d -%d", file.Name, file.Additions, file.Deletions)
	}
	s.clock.pass(between)
	return s.say(ctx, bob, strings.Join(list, "\n"), "compares Pre-Production with QA: what QA lacks is the hotfix alone, and #%d brings it.", s.qa)
}

// carryToQA tells of the first backport. Development's comes after it.
func (s *story) carryToQA(ctx context.Context) error {
	if _, err := s.backport(ctx, "dev"); err == nil {
		return expect(false, "the backport to dev waits for QA's")
	}
	return s.tellBackport(ctx, "qa", &s.qa, false)
}

// carryToDev tells of the second one, whose commits are those that QA merged.
func (s *story) carryToDev(ctx context.Context) error {
	merged, err := s.git(ctx, "rev-list", "--no-merges", "qa^1..qa")
	if err != nil {
		return err
	}
	p, err := s.backport(ctx, "dev")
	if err != nil {
		return err
	}
	messages, err := s.git(ctx, "log", "--format=%B", "dev.."+p.Head.SHA)
	if err != nil {
		return err
	}
	for _, commit := range strings.Fields(merged) {
		if err := expect(strings.Contains(messages, "(cherry picked from commit "+commit+")"), "#%d has %s", p.Number, commit); err != nil {
			return err
		}
	}
	return s.tellBackport(ctx, "dev", &s.dev, true)
}
