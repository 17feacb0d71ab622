package render

import (
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Doctor answers `doctor` with what was found, the worst first.
func Doctor(findings []hotfix.Finding) string {
	var lines []string
	count := map[hotfix.FindingState]int{}
	for _, state := range []hotfix.FindingState{hotfix.FindingFailed, hotfix.FindingWarning, hotfix.FindingSkipped, hotfix.FindingOK} {
		for _, f := range findings {
			if f.State != state {
				continue
			}
			count[state]++
			lines = append(lines, finding(f))
		}
	}
	return diagnosis(count) + "\n\n" + bullets(lines) + "\n" + more(aboutDoctor)
}

// diagnosis sums the findings up.
func diagnosis(count map[hotfix.FindingState]int) string {
	failed, warned := count[hotfix.FindingFailed], count[hotfix.FindingWarning]
	switch {
	case failed == 0 && warned == 0:
		return "Nothing stands in the bot's way here."
	case failed == 0:
		return "Nothing stands in the bot's way here; " + counted(warned, "warning") + "."
	case warned == 0:
		return counted(failed, "check") + " failed: something will not work until somebody changes it."
	}
	return counted(failed, "check") + " failed: something will not work until somebody changes it. " + upperFirst(counted(warned, "warning")) + "."
}

// finding is one finding on a line.
func finding(f hotfix.Finding) string {
	word := map[hotfix.FindingState]string{
		hotfix.FindingFailed: "**failed**", hotfix.FindingWarning: "**warning**", hotfix.FindingSkipped: "skipped", hotfix.FindingOK: "ok",
	}[f.State]
	line := word + ": " + prose(f.Check) + ": " + endSentence(prose(f.What))
	if f.Remedy == "" {
		return line
	}
	return line + " **Remedy:** " + endSentence(prose(f.Remedy))
}
