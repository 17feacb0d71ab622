package render

import (
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// modules has a row for each module that the hotfix touches and a column for each
// environment below the landing one: a red plus where the module still misses it, as
// LifeTime marks it, with a comparison of the two environments.
func modules(s hotfix.Status) string {
	if len(s.Modules) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString("\n| module |")
	for _, st := range s.Standings {
		b.WriteString(" " + cell(name(st.Environment)) + " |")
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(s.Standings)) + "\n")
	for _, module := range s.Modules {
		b.WriteString("| " + cell(naming.Code(module)) + " |")
		for _, st := range s.Standings {
			b.WriteString(" " + cell(moduleIn(s, st)) + " |")
		}
		b.WriteString("\n")
	}
	return b.String()
}

func moduleIn(s hotfix.Status, st hotfix.Standing) string {
	switch st.Verdict {
	case hotfix.VerdictContained:
		return "has it"
	case hotfix.VerdictSkipped:
		return "skipped"
	}
	return "🔴 **+** [compare](" + s.Compare[st.Branch] + ")"
}
