package doctor

import (
	"errors"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// Kind is one thing that the doctor can find. What stands in braces is filled in.
type Kind struct {
	Name   string
	Check  string // what was looked at
	State  hotfix.FindingState
	Says   string
	Remedy string
}

const (
	well   = hotfix.FindingOK
	uneasy = hotfix.FindingWarning
	ill    = hotfix.FindingFailed
	unseen = hotfix.FindingSkipped
)

// Kinds is every kind of finding, in the order of docs/doctor.md.
func Kinds() []Kind {
	return slices.Concat(generalKinds(), machineKinds(), appKinds(), signInKinds(), hookKinds(), repositoryKinds(), ruleKinds())
}

func generalKinds() []Kind {
	return []Kind{
		{"no-answer", "{check}", ill, "there was no answer within {time}", "look whether the machine reaches GitHub and its own disks, and ask again"},
		{"cannot-tell", "{check}", ill, "it cannot be told: {error}", "the message names the cause; ask again when it is gone"},
		{"needs-credentials", "{check}", unseen, "it cannot be asked before GitHub accepts the App's credentials", ""},
	}
}

// found is a finding of a kind. Words are pairs of a name in braces and what stands
// there. Those called error, problem and state are the product's own sentences; all
// others are somebody's words and stand between backticks, or are numbers and times.
func found(kind string, words ...string) hotfix.Finding {
	i := slices.IndexFunc(Kinds(), func(k Kind) bool { return k.Name == kind })
	if i < 0 {
		return hotfix.Finding{Kind: kind, Check: kind, State: ill, What: strings.Join(words, " ")}
	}
	k, fill := Kinds()[i], filler(words)
	return hotfix.Finding{Kind: kind, Check: fill.Replace(k.Check), State: k.State, What: fill.Replace(k.Says), Remedy: fill.Replace(k.Remedy)}
}

func filler(words []string) *strings.Replacer {
	pairs := make([]string, len(words))
	for i := 0; i+1 < len(words); i += 2 {
		pairs[i], pairs[i+1] = "{"+words[i]+"}", naming.Line(words[i+1], longest)
	}
	return strings.NewReplacer(pairs...)
}

// longest is how much of one word stands in a finding: a server's complaint is long.
const longest = 500

// address is a URL in a finding. As code it stays as it is on GitHub, too.
func address(url string) string {
	return "`" + strings.ReplaceAll(naming.Line(url, longest), "`", "%60") + "`"
}

// quoted is words of people in a finding.
func quoted(words ...string) string {
	list := make([]string, len(words))
	for i, word := range words {
		list[i] = naming.Quoted(word)
	}
	return strings.Join(list, ", ")
}

// several are findings of one sort about several branches, in the order in which they
// were first made.
type several struct {
	keys     []string
	kinds    map[string]string
	words    map[string][]string
	branches map[string][]string
}

// add adds a finding about a branch.
func (s *several) add(branch, kind string, words ...string) {
	if s.kinds == nil {
		s.kinds, s.words, s.branches = map[string]string{}, map[string][]string{}, map[string][]string{}
	}
	key := kind + "\x00" + strings.Join(words, "\x00")
	if _, known := s.kinds[key]; !known {
		s.keys, s.kinds[key], s.words[key] = append(s.keys, key), kind, words
	}
	s.branches[key] = append(s.branches[key], branch)
}

// addError adds that the rules for a name could not be read: where GitHub does not show
// them, it applies none.
func (s *several) addError(branch, check string, err error) {
	if errors.As(err, new(*hotfix.Refusal)) || errors.As(err, new(*hotfix.Gone)) {
		s.add(branch, "rules-unseen", "check", check)
		return
	}
	s.add(branch, "cannot-tell", "check", check, "error", err.Error())
}

// findings are one for each sort, with all its branches.
func (s *several) findings() []hotfix.Finding {
	list := make([]hotfix.Finding, len(s.keys))
	for i, key := range s.keys {
		list[i] = found(s.kinds[key], append(s.words[key], "branch", quoted(s.branches[key]...))...)
	}
	return list
}

// count is how many findings about how many branches there are.
func (s *several) count() int {
	n := 0
	for _, branches := range s.branches {
		n += len(branches)
	}
	return n
}
