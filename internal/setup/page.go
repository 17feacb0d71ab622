package setup

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
)

// trouble is what went wrong, and what can be done.
type trouble struct {
	What     string
	Remedies []string
	Again    string // what the button says that tries it again; empty: there is none
}

// step is one of the whole way, as a drawing shows it.
type step struct {
	Name string
	Tone string // of the style sheet: good, wait, act, quiet
	Word string
	Here bool
}

// steps are the way; here is the index of the one that is shown.
func (s *Setup) steps(here int) []step {
	names := []string{"Choose", "Register on GitHub", "Keep the credentials", "Hear GitHub’s ping", "Install the App"}
	var all []step
	for i, name := range names {
		one := step{Name: name, Tone: "quiet", Word: "to come", Here: i == here}
		switch {
		case i < here:
			one.Tone, one.Word = "good", "done"
		case i == here && s.trouble != nil:
			one.Tone, one.Word = "act", "needs you"
		case i == here && s.stage == kept:
			one.Tone, one.Word = "wait", "awaited"
		case i == here:
			one.Tone, one.Word = "act", "your turn"
		}
		all = append(all, one)
	}
	return all
}

// now shows how far it has come.
func (s *Setup) now(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.front(w, http.StatusOK, nil)
}

// front is the page of the present stage, with what is wrong with the form. The lock
// is held.
func (s *Setup) front(w http.ResponseWriter, status int, wrong problems) {
	here := map[stage]int{asking: 0, registered: 2, kept: 3, ready: 4}[s.stage]
	title := map[stage]string{asking: "Set up hotfixbot", registered: "Keep the credentials", kept: "Waiting for GitHub’s ping", ready: "Ready"}[s.stage]
	name := map[stage]string{asking: "choose.html", registered: "keep.html", kept: "ping.html", ready: "ready.html"}[s.stage]
	switch {
	case s.stage == asking && s.code != "":
		here, title, name = 2, "Fetch the credentials", "fetch.html"
	case s.stage == kept && s.trouble != nil:
		title = "GitHub’s ping did not arrive"
	}
	page := map[string]any{
		"Steps": s.steps(here), "Trouble": s.trouble, "Made": s.made, "Path": s.path, "Relay": s.relay(),
		"Choice": s.choice, "Wrong": wrong, "Hook": s.config.Hook, "Local": s.config.Local, "Serve": s.config.Serve,
		"Settings": s.account(s.plan) + "/settings/apps", "To": s.plan.hook, "Install": s.made.URL + "/installations/new", "Pinging": s.pinging,
		"Base": s.plan.base, "Operators": strings.Join(s.operators(), ", "),
	}
	if s.stage == registered || s.stage == kept {
		page["Live"], page["Mark"] = "setup", strconv.Itoa(s.mark)
	}
	s.show(w, status, name, title, page)
}

// relay is the command that fetches webhooks from the channel; empty: there is none.
func (s *Setup) relay() string {
	switch {
	case s.plan.Reach != Channel:
		return ""
	case s.config.Local == "http://127.0.0.1:8080": // relay's own default
		return "hotfixbot relay " + s.channel
	}
	return "hotfixbot relay --to " + s.config.Local + s.config.Hook + " " + s.channel
}

// show answers with a page, rendered completely before its first byte is sent.
func (s *Setup) show(w http.ResponseWriter, status int, template, title string, page map[string]any) {
	page["Bot"], page["Title"] = "hotfixbot", title
	var body bytes.Buffer
	if err := s.templates.ExecuteTemplate(&body, template, page); err != nil {
		http.Error(w, "this page could not be rendered: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the browser went away
}

// refuse answers with one sentence and what to do.
func (s *Setup) refuse(w http.ResponseWriter, status int, what, remedy string) {
	title := map[int]string{
		http.StatusForbidden: "Nothing was done", http.StatusNotFound: "Not found", http.StatusConflict: "Not yet", http.StatusInternalServerError: "Something went wrong",
	}[status]
	s.show(w, status, "refuse.html", title, map[string]any{"What": what, "Remedy": remedy})
}

// finish says goodbye and lets Run end.
func (s *Setup) finish(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	done, page := s.stage == ready, map[string]any{
		"Install": s.made.URL + "/installations/new", "Made": s.made, "Relay": s.relay(), "Serve": s.config.Serve,
	}
	s.mu.Unlock()
	if !done {
		s.refuse(w, http.StatusConflict, "The set-up is not finished.", "Go back to it; to stop it nevertheless, press Ctrl-C in the terminal.")
		return
	}
	s.show(w, http.StatusOK, "end.html", "The set-up has ended", page)
	s.end()
}
