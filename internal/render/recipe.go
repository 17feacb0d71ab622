package render

import (
	"strings"
	"unicode"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// finishing are the local commands that finish a draft on the bot's branch.
func finishing(b Backport) []string {
	branch := shellWord(b.Branch)
	return []string{
		"git fetch origin",
		"git switch " + branch,
		"# resolve every path listed below, then:",
		"git add --all",
		"git commit" + signOff(b) + " -m " + shellWord("Resolve the conflicts of hotfix "+number(b.Hotfix.Number)+" in "+b.Environment.Branch),
		"git push origin " + branch,
	}
}

// reproducing are the local commands that make the same conflicts with git's own
// cherry-pick.
func reproducing(b Backport) []string {
	lines := []string{
		"git fetch origin",
		"git switch --create " + shellWord("try-"+b.Branch) + " " + string(b.Replay.Onto),
		"# at each conflict: resolve, git add, git cherry-pick --continue",
	}
	if len(b.Carries.LeftOut) > 0 {
		lines = append(lines, "# leave out: "+strings.Join(shellWords(b.Carries.LeftOut), " "))
	}
	picks := b.Carries.Picks
	for i, pick := range picks {
		if i == maxListed {
			return append(lines, "# … and so on, to "+string(picks[len(picks)-1].Commit))
		}
		lines = append(lines, "git cherry-pick -x"+signOff(b)+mainline(b, pick)+" "+string(pick.Commit))
	}
	return lines
}

// mainline is git's option for picking a merge commit: only the merge itself can
// be one. Where another environment's merge is picked it may stand for any commit.
func mainline(b Backport, pick hotfix.Pick) string {
	if b.Carries.FromPull != 0 || b.Landed.Method == hotfix.MergedByMerge && pick.Commit == b.Landed.Commit {
		return " -m 1"
	}
	return ""
}

// shellWords quotes words for a line of a shell. A word that does not fit on one (a
// path may hold line ends) is left out.
func shellWords(words []string) []string {
	var out []string
	for _, w := range words {
		if !strings.ContainsFunc(w, unicode.IsControl) {
			out = append(out, shellWord(w))
		}
	}
	return out
}

func signOff(b Backport) string {
	if b.SignOff {
		return " -s"
	}
	return ""
}

// shellWord quotes a word for a POSIX shell where it needs it. Git allows quotes,
// dollars and semicolons in branch names.
func shellWord(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./", r)
	}
	if word != "" && strings.TrimFunc(word, plain) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
