package command

import (
	"errors"
	"fmt"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
	"github.com/hotfixbot/hotfixbot/internal/naming"
)

// The functions below read what stands after a verb. Their errors are the middle
// of a sentence for people: what is wrong with the line.

var (
	errTwoPulls      = errors.New("names two pull requests")
	errNoEnvironment = errors.New("lacks the environment")
	errNoReason      = errors.New("lacks the reason")
	errNoPath        = errors.New("lacks the path")
	errNoBranch      = errors.New("lacks the branch")
)

func readNothing(_ *hotfix.Command, words []word) error { return noMore(words) }

func readPull(cmd *hotfix.Command, words []word) error {
	words, err := takePull(cmd, words)
	if err != nil {
		return err
	}
	return noMore(words)
}

func readMaybeEnvironment(cmd *hotfix.Command, words []word) error {
	words, err := takePull(cmd, words)
	if err != nil || len(words) == 0 {
		return err
	}
	words, err = takeEnvironment(cmd, words)
	if err != nil {
		return err
	}
	return noMore(words)
}

func readEnvironment(cmd *hotfix.Command, words []word) error {
	words, err := takePull(cmd, words)
	if err != nil {
		return err
	}
	if words, err = takeEnvironment(cmd, words); err != nil {
		return err
	}
	return noMore(words)
}

// readSkip takes "#34" only in front of the reason: in it, it is text ("as #34
// did").
func readSkip(cmd *hotfix.Command, words []word) error {
	words = takeLeadingPull(cmd, words)
	words, err := takeEnvironment(cmd, words)
	if err != nil {
		return err
	}
	cmd.Reason = sentence(takeLeadingPull(cmd, words))
	if cmd.Reason == "" {
		return errNoReason
	}
	return nil
}

func readSolved(cmd *hotfix.Command, words []word) error {
	words = takeLeadingPull(cmd, words)
	if len(words) == 0 {
		return nil
	}
	if name, _ := words[0].option(); name != "--force" {
		return noMore(words)
	}
	cmd.Force = true
	cmd.Reason = sentence(takeLeadingPull(cmd, words[1:]))
	if cmd.Reason == "" {
		return errNoReason
	}
	return nil
}

func readPaths(cmd *hotfix.Command, words []word) error {
	before, after := cutAtDashes(words)
	before, err := takePull(cmd, before)
	if err != nil {
		return err
	}
	if err := noOption(before); err != nil {
		return err
	}
	cmd.Args = texts(append(before, after...))
	if len(cmd.Args) == 0 {
		return errNoPath
	}
	return nil
}

func readPick(cmd *hotfix.Command, words []word) error {
	before, after := cutAtDashes(words)
	before, err := takePull(cmd, before)
	if err != nil {
		return err
	}
	if before, err = takeEnvironment(cmd, before); err != nil {
		return err
	}
	if err := noOption(before); err != nil {
		return err
	}
	cmd.Args = texts(append(before, after...))
	if len(cmd.Args) == 0 {
		return errNoPath
	}
	return nil
}

func readVersion(cmd *hotfix.Command, words []word) error {
	words, err := takePull(cmd, words)
	if err != nil || len(words) == 0 {
		return err
	}
	if err := noOption(words); err != nil {
		return err
	}
	cmd.Args = texts(words[:1])
	return noMore(words[1:])
}

func readTitle(cmd *hotfix.Command, words []word) error {
	cmd.Args = texts(words)
	return nil
}

func readBranches(cmd *hotfix.Command, words []word) error {
	words, err := takePull(cmd, words)
	if err != nil {
		return err
	}
	if err := noOption(words); err != nil {
		return err
	}
	cmd.Args = texts(words)
	if len(cmd.Args) == 0 {
		return errNoBranch
	}
	return nil
}

// takePull takes "#34" from wherever it stands.
func takePull(cmd *hotfix.Command, words []word) (rest []word, err error) {
	for _, w := range words {
		number, ok := w.pull()
		switch {
		case !ok:
			rest = append(rest, w)
		case cmd.Pull != 0 && cmd.Pull != number:
			return nil, errTwoPulls
		default:
			cmd.Pull = number
		}
	}
	return rest, nil
}

// takeLeadingPull takes "#34" from the start, unless one was taken before.
func takeLeadingPull(cmd *hotfix.Command, words []word) []word {
	if len(words) == 0 || cmd.Pull != 0 {
		return words
	}
	number, ok := words[0].pull()
	if !ok {
		return words
	}
	cmd.Pull = number
	return words[1:]
}

func takeEnvironment(cmd *hotfix.Command, words []word) ([]word, error) {
	if len(words) == 0 {
		return nil, errNoEnvironment
	}
	if err := noOption(words[:1]); err != nil {
		return nil, err
	}
	cmd.Environment = words[0].text
	return words[1:], nil
}

// cutAtDashes parts the words at the first "--" alone: what follows are paths,
// whatever they look like.
func cutAtDashes(words []word) (before, after []word) {
	for i, w := range words {
		if name, _ := w.option(); name == "--" {
			return words[:i:i], words[i+1:]
		}
	}
	return words[:len(words):len(words)], nil
}

func noOption(words []word) error {
	for _, w := range words {
		if _, ok := w.option(); ok {
			return fmt.Errorf("does not take %s", naming.Quoted(w.raw))
		}
	}
	return nil
}

func noMore(words []word) error {
	if len(words) == 0 {
		return nil
	}
	return fmt.Errorf("does not take %s", naming.Quoted(words[0].raw))
}
