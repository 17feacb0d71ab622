package setup

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/credentials"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

const (
	// mostPlans is how many forms one person sends off before the first of them is
	// forgotten.
	mostPlans = 50
	// patience is how long GitHub may take for a conversion.
	patience = 45 * time.Second
)

// choose reads the form. What is right is shown once more before it goes to GitHub.
func (s *Setup) choose(w http.ResponseWriter, r *http.Request) {
	choice := Choice{
		Reach: r.PostFormValue("reach"), Address: r.PostFormValue("address"),
		Organization: r.PostFormValue("organization"), Name: r.PostFormValue("name"), Operators: r.PostFormValue("operators"),
	}
	p, wrong := s.check(choice)
	if len(wrong) == 0 && p.Reach == Channel {
		var err error
		if p.hook, err = s.openChannel(r.Context()); err != nil {
			wrong["reach"] = "No channel could be made: " + err.Error() + ". Try it again, or give a public address."
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stage != asking {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	s.choice, s.trouble, s.code = choice, nil, ""
	if len(wrong) > 0 {
		s.front(w, http.StatusUnprocessableEntity, wrong)
		return
	}
	if len(s.plans) >= mostPlans {
		clear(s.plans)
	}
	s.choice, s.latest = p.Choice, rand.Text()
	s.plans[s.latest] = p
	http.Redirect(w, r, "/confirm", http.StatusSeeOther)
}

// openChannel makes the channel, once, and listens to it until the set-up ends.
func (s *Setup) openChannel(ctx context.Context) (string, error) {
	s.mu.Lock()
	channel, life := s.channel, s.ctx
	s.mu.Unlock()
	if channel != "" {
		return channel, nil
	}
	channel, err := s.config.Channel(ctx)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.channel == "" {
		s.channel = channel
		go s.config.Relay(life, channel)
	}
	return s.channel, nil
}

// confirm shows what GitHub will be asked for, with the button that sends it there.
func (s *Setup) confirm(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.plans[s.latest]
	if s.stage != asking || !ok {
		http.Redirect(w, r, "/", http.StatusSeeOther)
		return
	}
	manifest, err := s.app.manifest(p, "http://"+r.Host+"/created")
	if err != nil {
		s.refuse(w, http.StatusInternalServerError, err.Error(), "This is a fault of hotfixbot: its app.yml cannot be used.")
		return
	}
	s.trouble = nil
	s.show(w, http.StatusOK, "confirm.html", "Register the App on GitHub", map[string]any{
		"Steps": s.steps(1), "Plan": p, "Hook": p.hook, "Manifest": manifest,
		"To": s.account(p) + "/settings/apps/new?state=" + s.latest, "Permissions": s.app.permissions, "WebURL": s.config.WebURL,
	})
}

// account is the part of GitHub's pages that a plan's owner has.
func (s *Setup) account(p plan) string {
	if p.Organization == "" {
		return s.config.WebURL
	}
	return s.config.WebURL + "/organizations/" + url.PathEscape(p.Organization)
}

// created is where GitHub sends the person back to, with a code. What comes without a
// state that was given out for it changes nothing: anybody can send a browser here.
func (s *Setup) created(w http.ResponseWriter, r *http.Request) {
	s.work.Lock()
	defer s.work.Unlock()
	code, state := r.URL.Query().Get("code"), r.URL.Query().Get("state")
	s.mu.Lock()
	p, known := s.plans[state]
	loadedAgain := s.stage != asking || s.code != ""
	if known && !loadedAgain {
		delete(s.plans, state) // it is good for one return
		s.plan, s.code = p, code
	}
	s.mu.Unlock()
	switch {
	case loadedAgain: // or a second App: the first stays
	case !known || code == "":
		s.refuse(w, http.StatusForbidden, "Somebody came back from GitHub, but not with what this page had sent off, so nothing was done.",
			"If it was you: the set-up was begun anew meanwhile. Delete the App, if one was registered, in your settings on GitHub "+
				"(“Developer settings”, “GitHub Apps”), and fill in the form again.")
		return
	default:
		s.convert(r.Context(), code)
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// convert changes a code for the credentials, and keeps them. It goes on when the
// browser went away: the code works once. The lock work is held.
func (s *Setup) convert(ctx context.Context, code string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	made, err := s.config.GitHub.Convert(ctx, code)
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.bump()
	if err != nil {
		s.code = code
		s.trouble = s.unconverted(err)
		return
	}
	s.stage, s.made, s.code, s.trouble = registered, made, "", nil
	s.plans, s.latest = map[string]plan{}, ""
	s.config.Tell("The App " + made.Name + " is registered: " + made.URL)
	s.keep()
}

// unconverted tells what it means that GitHub gave no credentials. The lock is held.
func (s *Setup) unconverted(err error) *trouble {
	if errors.As(err, new(*hotfix.Gone)) {
		s.code = ""
		return &trouble{
			What: "GitHub does not take the code that it sent you back with: it works once, and for an hour.",
			Remedies: []string{
				"The App may be there by now, but nobody has its key: delete it in " + s.account(s.plan) + "/settings/apps.",
				"Then fill in the form again. The name is free as soon as the App is deleted.",
			},
		}
	}
	if later := (*hotfix.Later)(nil); errors.As(err, &later) {
		return &trouble{What: "GitHub takes no more requests from here for a while.", Remedies: []string{"Try it again after " + later.At.UTC().Format("15:04 MST") + "; the code is good for an hour."}, Again: "Try again"}
	}
	return &trouble{
		What:     "This failed: " + err.Error() + ".",
		Remedies: []string{"See whether this machine reaches " + s.config.WebURL + " and its API (GITHUB_API_URL), then try it again: the code is good for an hour."},
		Again:    "Try again",
	}
}

// keep writes the credentials down; where that fails they stay in memory. The lock is
// held.
func (s *Setup) keep() {
	receiver, err := s.config.Receiver(s.made.WebhookSecret, s)
	path := ""
	if err == nil {
		path, err = s.config.Keep(credentials.Credentials{
			AppID: s.made.AppID, Slug: s.made.Slug, PrivateKey: s.made.PrivateKey, WebhookSecret: s.made.WebhookSecret,
			ClientID: s.made.ClientID, ClientSecret: s.made.ClientSecret, BaseURL: s.plan.base,
			Operators: strings.Join(s.operators(), ","),
		})
	}
	if err != nil {
		s.trouble = &trouble{
			What:     "The credentials cannot be written: " + err.Error(),
			Remedies: []string{"They are held in memory until they are: do not end the set-up. Make room, or make the folder writable, and try it again."},
			Again:    "Write them now",
		}
		return
	}
	s.stage, s.receiver, s.path, s.trouble = kept, receiver, path, nil
	s.config.Tell("Its credentials are in " + path)
	s.ask()
}

// operators are those whom the person named; else the owner, who is the person. The
// lock is held.
func (s *Setup) operators() []string {
	if len(s.plan.operators) == 0 && s.plan.Organization == "" {
		return []string{s.made.Owner}
	}
	return s.plan.operators
}

// again is the button that tries once more what went wrong.
func (s *Setup) again(w http.ResponseWriter, r *http.Request) {
	s.work.Lock()
	defer s.work.Unlock()
	s.mu.Lock()
	code := ""
	switch s.stage {
	case asking:
		code = s.code
	case registered:
		s.keep()
		s.bump()
	case kept:
		s.trouble = nil
		s.ask()
		s.bump()
	}
	s.mu.Unlock()
	if code != "" {
		s.convert(r.Context(), code)
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// anew gives up a registration whose credentials could not be fetched.
func (s *Setup) anew(w http.ResponseWriter, r *http.Request) {
	s.work.Lock()
	defer s.work.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stage == asking {
		s.code, s.trouble = "", nil
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}
