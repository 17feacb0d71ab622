package forge

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/bradleyfalzon/ghinstallation/v2"
	"github.com/google/go-github/v60/github"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// act is what is being asked of GitHub, in the words that an error needs.
type act struct {
	doing string // "opening a pull request from a to b"
	thing string // what a 404 means is gone: "pull request #34"
	needs string // the App's permission: "Pull requests: write"
}

// reading is the act of reading a thing.
func reading(thing, needs string) act {
	return act{doing: "reading " + thing, thing: thing, needs: needs + ": read"}
}

// writing is the act of changing a thing.
func writing(doing, thing, needs string) act {
	return act{doing: doing, thing: thing, needs: needs + ": write"}
}

// fate turns an error into the one that says what becomes of the act.
func (a act) fate(err error) error {
	if err == nil {
		return nil
	}
	if later := (*hotfix.Later)(nil); errors.As(err, &later) {
		return later
	}
	if denied := (*ghinstallation.HTTPError)(nil); errors.As(err, &denied) {
		return a.noToken(denied)
	}
	if answer := (*github.ErrorResponse)(nil); errors.As(err, &answer) && answer.Response != nil {
		return a.judge(answer)
	}
	return fmt.Errorf("%s: %w", a.doing, err)
}

// judge tells the fate by the status of GitHub's answer.
func (a act) judge(answer *github.ErrorResponse) error {
	status := answer.Response.StatusCode
	switch {
	case status == http.StatusNotFound, status == http.StatusGone:
		return &hotfix.Gone{What: a.thing}
	case status == http.StatusForbidden:
		return &hotfix.Refusal{What: a.refused(answer), Remedy: a.remedy(answer.Response.Header), Topic: hotfix.TopicMissingPermission, Reason: complaint(answer)}
	case status == http.StatusUnauthorized, status < 400, status >= 500:
		return fmt.Errorf("%s: GitHub answered %d", a.doing, status)
	}
	return &hotfix.Refusal{What: a.refused(answer), Topic: hotfix.TopicRefused, Reason: complaint(answer)}
}

// unprocessable reports whether GitHub understood a request and will not do it as
// it stands (422), which is also its answer when a thing exists already. It looks
// at go-github's error, before its fate is told.
func unprocessable(err error) bool {
	var answer *github.ErrorResponse
	return errors.As(err, &answer) && answer.Response != nil &&
		answer.Response.StatusCode == http.StatusUnprocessableEntity
}

// taken reports whether GitHub will not make a thing because it exists. It looks at
// go-github's error, before its fate is told.
func taken(err error) bool {
	var answer *github.ErrorResponse
	return unprocessable(err) && errors.As(err, &answer) &&
		slices.ContainsFunc(answer.Errors, func(e github.Error) bool { return e.Code == "already_exists" })
}

// gone reports whether an error says that the thing does not exist.
func gone(err error) bool {
	var g *hotfix.Gone
	return errors.As(err, &g)
}

func (a act) refused(answer *github.ErrorResponse) string {
	return fmt.Sprintf("%s was refused by GitHub (%d): %s", a.doing, answer.Response.StatusCode, complaint(answer))
}

// remedy names the permission: the one that GitHub asks for, where it says so
// (X-Accepted-GitHub-Permissions: "issues=write; pull_requests=write"), or else
// the one that is known here. A 403 that is no matter of permission is one of a
// ruleset, or of a repository that is archived.
func (a act) remedy(header http.Header) string {
	needs := a.needs
	if accepted := header.Get("X-Accepted-GitHub-Permissions"); accepted != "" {
		needs = strings.NewReplacer("; ", " or ", ";", " or ", "=", ": ", ",", " and ", "_", " ").Replace(accepted)
	}
	return fmt.Sprintf("grant the App the permission %q and accept it in the installation's settings; "+
		"if it has it, look for a ruleset that stands in its way, or unarchive the repository", needs)
}

// complaint is GitHub's message with its details, for people.
func complaint(answer *github.ErrorResponse) string {
	words := []string{strings.TrimSpace(answer.Message)}
	for _, e := range answer.Errors {
		detail := e.Message
		if detail == "" {
			detail = strings.TrimSpace(e.Field + " " + e.Code)
		}
		if detail != "" {
			words = append(words, detail)
		}
	}
	text := strings.Join(words, ": ")
	if text == "" {
		return "no reason given"
	}
	return clip(text)
}

// clip keeps an error short: GitHub repeats the rejected value in some messages.
func clip(text string) string {
	const most = 500
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}

// errNoInstallation means that the App is not installed any more where it was,
// which says nothing about the thing that was asked for.
var errNoInstallation = errors.New("the App is not installed there any more")

// noToken is the fate when GitHub gives out no installation token.
func (a act) noToken(denied *ghinstallation.HTTPError) error {
	if denied.Response == nil {
		return fmt.Errorf("%s: asking for a token: %w", a.doing, denied.RootCause)
	}
	status, message := denied.Response.StatusCode, said(denied.Response)
	switch status {
	case http.StatusNotFound, http.StatusGone:
		return fmt.Errorf("%s: %w", a.doing, errNoInstallation)
	case http.StatusForbidden:
		return &hotfix.Refusal{
			What:   fmt.Sprintf("%s: GitHub gives the App no token (%d)%s", a.doing, status, message),
			Remedy: "look whether the App's installation is suspended, or barred by the account's list of allowed addresses",
			Topic:  hotfix.TopicNoToken,
		}
	}
	return fmt.Errorf("%s: asking for a token: GitHub answered %d%s", a.doing, status, message)
}

// said is the message of an answer, in brackets, when there is one.
func said(resp *http.Response) string {
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return ""
	}
	var answer struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Message == "" {
		return ""
	}
	return " (" + clip(answer.Message) + ")"
}
