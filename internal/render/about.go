package render

import (
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// About names the hotfix that an answer is about, where the issue has several.
func About(pull, of int, text string) string {
	if of < 2 || text == "" {
		return text
	}
	return fmt.Sprintf("Hotfix #%d: %s", pull, text)
}

// SaidNotMerged answers a command on a hotfix pull request that is still open.
func SaidNotMerged() string {
	return "This hotfix is not merged yet. Say it again after the merge."
}

// SaidRefused answers a command that GitHub or git would not let the bot do.
func SaidRefused(env string, p hotfix.Problem) string {
	return fmt.Sprintf("%s: %s", name(env), problem(p))
}
