package gitops

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// What git prints is the only thing that tells these cases apart; LC_ALL=C keeps
// its own words the same. Sources: git's http.c and remote-curl.c
// ("repository … not found", "returned error: N"), upload-pack.c ("not our
// ref"), and for GitHub's part its documented GH0nn codes.
var (
	missingObject = regexp.MustCompile(`not our ref ([0-9a-f]{40})|no such remote ref ([0-9a-f]{40})`)
	missingRemote = regexp.MustCompile(`repository '[^']*' not found|returned error: 404`)
	forbidden     = regexp.MustCompile(`returned error: 403`)
	tooMany       = regexp.MustCompile(`returned error: 429`)
	unauthorized  = regexp.MustCompile(`Authentication failed|could not read Username|returned error: 401`)
	remoteLine    = regexp.MustCompile(`(?m)^remote: *(.*?) *$`)
)

// remoteError gives an error of a command that went to the remote its fate.
func (j *Job) remoteError(err error) error {
	if broken := j.intact(); broken != nil { // what is missing here is not gone there
		return broken
	}
	var f *failure
	if !errors.As(err, &f) {
		return err
	}
	text := f.answer.stderr
	if m := missingObject.FindStringSubmatch(text); m != nil {
		return &hotfix.Gone{What: "commit " + m[1] + m[2]}
	}
	if denied := j.deniedBy(f); denied != nil {
		return denied
	}
	switch {
	case missingRemote.MatchString(text):
		return &hotfix.Gone{What: "the repository " + j.address.url, Repository: true}
	case forbidden.MatchString(text):
		return &hotfix.Refusal{
			What:   fmt.Sprintf("git %s was refused: %s", f.verb, serverWords(text, "error 403")),
			Remedy: "give the App write permission for Contents in this repository, and check that it is not archived",
			Topic:  hotfix.TopicMissingPermission,
		}
	case unauthorized.MatchString(text):
		return fmt.Errorf("the server did not accept the token: %w", err)
	}
	return err
}

// deniedBy is what Remote.Denied makes of an answer that is about the token, or how
// often it was used, and not about what was asked for.
func (j *Job) deniedBy(f *failure) error {
	if j.denied == nil {
		return nil
	}
	for _, known := range []struct {
		pattern *regexp.Regexp
		status  int
	}{{unauthorized, 401}, {forbidden, 403}, {tooMany, 429}} {
		if known.pattern.MatchString(f.answer.stderr) {
			return j.denied(known.status, fmt.Sprintf("git %s was refused: %s", f.verb, serverWords(f.answer.stderr, fmt.Sprint("error ", known.status))))
		}
	}
	return nil
}

// refusals are reasons of a rejected push that stay until somebody changes a
// setting, the first that fits counts.
var refusals = []struct {
	pattern *regexp.Regexp
	remedy  string
}{
	{regexp.MustCompile("without `workflows?` (permission|scope)"),
		"give the App the permission Workflows: write, or merge this change by hand"},
	{regexp.MustCompile(`must have (verified|valid) signatures|must be signed`),
		"add the App to the bypass list of this rule, or except the bot's branches and tags from it: GitHub verifies no signature of an App's, whatever its key"},
	{regexp.MustCompile(`(?i)push cannot contain secrets|GH009`),
		"the change holds what looks like a secret: allow it where the message says, or take it out"},
	{regexp.MustCompile(`GH008|unknown Git LFS object`),
		"push the files to this repository with `git lfs push --all` first: the server does not have them"},
	{regexp.MustCompile(`GH001|exceeds .*size limit|pack exceeds|too large`),
		"take the large file out of the change, or store it with Git LFS; the change cannot be pushed as it is"},
	{regexp.MustCompile(`GH007|private email`),
		"let its author allow pushes that publish the address, in their GitHub settings"},
	{regexp.MustCompile(`(?i)must (not )?(match|start with|end with|contain) `),
		"the name, message or address does not fit the rule named here: change it in the configuration, or the rule"},
	{regexp.MustCompile(`GH013|repository rule violations|push declined due to repository rule`),
		"add the App to the bypass list of the ruleset that guards this name"},
	{regexp.MustCompile(`GH006|protected branch`),
		"let the App push to this branch in the branch protection settings"},
	{regexp.MustCompile(`funny refname|hidden ref|GH002|invalid ref|not a valid ref|exists; cannot create`),
		"another branch or tag stands in the way of this name, or the server does not accept it: choose another name in the configuration"},
	{regexp.MustCompile(`hook declined|push declined|GH0\d\d|prohibit|permission|not allowed|refusing to`),
		"change the rule of the repository or organisation that is named here"},
}

// refusal is the *hotfix.Refusal for a rejected push, or nil when the reason is
// of a kind that may pass by itself.
func refusal(ref, reason, stderr string) error {
	text := reason + "\n" + stderr
	for _, r := range refusals {
		if r.pattern.MatchString(text) {
			return &hotfix.Refusal{
				What:   fmt.Sprintf("the push to %s was refused: %s", shortRef(ref), serverWords(stderr, reason)),
				Remedy: r.remedy,
				Topic:  hotfix.TopicPushRefused,
			}
		}
	}
	return nil
}

// serverWords is what the server said to people, else otherwise.
func serverWords(stderr, otherwise string) string {
	var words []string
	for _, m := range remoteLine.FindAllStringSubmatch(stderr, -1) {
		if m[1] != "" {
			words = append(words, strings.TrimPrefix(m[1], "error: "))
		}
	}
	if len(words) == 0 {
		return otherwise
	}
	return oneLine(strings.Join(words, "\n"))
}

func shortRef(ref string) string {
	return strings.TrimPrefix(strings.TrimPrefix(ref, "refs/heads/"), "refs/tags/")
}
