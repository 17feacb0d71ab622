package e2e_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// press NUMBER BUTTON: a button, by its label or identifier, of a check run on the
// pull request's head, or on any commit.
func (p *playing) press(who *githubsim.Person, w []string) error {
	commit, err := p.commit(w[0])
	if err != nil {
		return err
	}
	buttons := p.github.Buttons(p.repo, commit)
	for _, b := range buttons {
		if b.Label == w[1] || b.Identifier == w[1] {
			return who.PressButton(p.ctx, p.repo, b.CheckRun, b.Identifier)
		}
	}
	return fmt.Errorf("%s has no button %q, but %q", w[0], w[1], labels(buttons))
}

func (p *playing) install(who *githubsim.Person, _ []string) error {
	return who.InstallApp(p.repo, appID)
}

func (p *playing) uninstall(who *githubsim.Person, _ []string) error {
	return who.UninstallApp(p.repo, appID)
}

// withhold PERMISSION: the App asks for it, and nobody has accepted it yet.
func (p *playing) withhold(who *githubsim.Person, w []string) error {
	return who.Withhold(p.repo, appID, w[0])
}

func (p *playing) accept(who *githubsim.Person, _ []string) error {
	return who.AcceptPermissions(p.repo, appID)
}

// buttons COMMIT [LABEL]...: which there are, in any order; COMMIT may be the
// number of a pull request
func (p *playing) expectButtons(w []string) error {
	commit, err := p.commit(w[0])
	if err != nil {
		return err
	}
	return differ("the buttons of "+w[0], labels(p.github.Buttons(p.repo, commit)), strings.Join(slices.Sorted(slices.Values(w[1:])), ", "))
}

func labels(buttons []githubsim.Button) string {
	var list []string
	for _, b := range buttons {
		list = append(list, b.Label)
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// commit is the id of a commit: of anything that git makes one of, of the head of
// the pull request with that number, or of its group in the merge queue ("queue/3").
func (p *playing) commit(word string) (string, error) {
	if n, queued := strings.CutPrefix(word, "queue/"); queued {
		tips := bareGit(p.acts.bare(), "for-each-ref", "--format=%(objectname) %(refname)", "refs/heads/gh-readonly-queue/")
		for line := range strings.Lines(tips) {
			tip, ref, _ := strings.Cut(line, " ")
			if queuedPull(strings.TrimSpace(ref)) == n {
				return tip, nil
			}
		}
		return "", fmt.Errorf("#%s is not in the merge queue", n)
	}
	commit, err := p.git("rev-parse", "--verify", "--quiet", word+"^{commit}")
	if err != nil {
		return p.git("rev-parse", "--verify", "--quiet", "refs/pull/"+word+"/head")
	}
	return commit, nil
}

// deployed ENVIRONMENT STATE: what the newest deployment there comes to.
func (p *playing) deployed(who *githubsim.Person, w []string) error {
	d, err := p.deployment(w[0])
	if err != nil {
		return err
	}
	return who.DeployStatus(p.ctx, p.repo, d.ID, w[1])
}

// deployment ENVIRONMENT STATE [REF]: the newest deployment there; its state is
// "recorded" before anybody said how it went
func (p *playing) expectDeployment(w []string) error {
	d, err := p.deployment(w[0])
	if w[1] == "absent" {
		if err == nil {
			return fmt.Errorf("%s was deployed to %s", d.Ref, w[0])
		}
		return nil
	}
	if err != nil {
		return err
	}
	var list []struct{ State string }
	if err := p.get(&list, "/deployments/%d/statuses", d.ID); err != nil {
		return err
	}
	state := "recorded"
	if len(list) > 0 {
		state = list[0].State
	}
	if len(w) > 2 {
		return differ("the deployment to "+w[0], state+" "+d.Ref, w[1]+" "+w[2])
	}
	return differ("the deployment to "+w[0], state, w[1])
}

// deployed is a deployment as GitHub lists it.
type deployed struct {
	ID  int64
	Ref string
}

// deployment is the newest one to an environment.
func (p *playing) deployment(environment string) (deployed, error) {
	var list []deployed
	if err := p.get(&list, "/deployments?environment=%s", url.QueryEscape(environment)); err != nil {
		return deployed{}, err
	}
	if len(list) == 0 {
		return deployed{}, fmt.Errorf("nothing was deployed to %s", environment)
	}
	return list[0], nil
}

// enqueue NUMBER: into the merge queue of its base.
func (p *playing) enqueue(who *githubsim.Person, w []string) error {
	return p.aboutNumber(w[0], func(ctx context.Context, repo string, number int) error {
		_, err := who.Enqueue(ctx, repo, number)
		return err
	})
}

// dequeue NUMBER: out of the merge queue.
func (p *playing) dequeue(who *githubsim.Person, w []string) error {
	return p.aboutNumber(w[0], who.Dequeue)
}
