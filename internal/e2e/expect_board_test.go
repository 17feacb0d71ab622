package e2e_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// version ENVIRONMENT [APPLICATION] VERSION [red]: what the board shows of an
// environment, by its branch or its name, and of an application, else of the first
func (p *playing) expectVersion(w []string) error {
	board, err := p.board()
	if err != nil {
		return err
	}
	for _, env := range board.Environments {
		if !env.Is(w[0]) {
			continue
		}
		runs, want := env.First(), w[1:]
		if of := env.Of(w[1]); of.Version != "" {
			runs, want = of, w[2:]
		}
		got := runs.Version + runs.Mark
		if env.Red {
			got += " red"
		}
		return differ("the version of "+w[0], got, strings.Join(want, " "))
	}
	return fmt.Errorf("the board has no environment %s", w[0])
}

// status is where a hotfix stands.
func (p *playing) status(pull string) (hotfix.Status, error) {
	board, err := p.board()
	if err != nil {
		return hotfix.Status{}, err
	}
	for _, s := range board.Hotfixes {
		if fmt.Sprint(s.Key.Pull) == pull {
			return s, nil
		}
	}
	return hotfix.Status{}, fmt.Errorf("the board has no hotfix #%s", pull)
}

// board PULL BRANCH VERDICT [PROOF]
func (p *playing) expectBoard(w []string) error {
	status, err := p.status(w[0])
	if err != nil {
		return err
	}
	for _, s := range status.Standings {
		if s.Branch != w[1] {
			continue
		}
		got := string(s.Verdict)
		if s.Proof != nil {
			got += " " + string(s.Proof.Kind)
		}
		return differ("hotfix #"+w[0]+" on "+w[1], got, strings.Join(w[2:], " "))
	}
	return fmt.Errorf("hotfix #%s has no standing on %s", w[0], w[1])
}

// state PULL open|ready|solved|forced
func (p *playing) expectState(w []string) error {
	status, err := p.status(w[0])
	if err != nil {
		return err
	}
	return differ("hotfix #"+w[0], string(status.State), w[1])
}

// note TEXT: something that the board says of the configuration
func (p *playing) expectNote(w []string) error {
	board, err := p.board()
	if err != nil {
		return err
	}
	all := slices.Clone(board.Notes)
	for _, problem := range board.Problems {
		all = append(all, problem.What+" "+problem.Remedy)
	}
	return contains("the board", strings.Join(all, "\n"), []string{"contains", w[0]})
}
