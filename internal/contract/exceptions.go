package contract

import (
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"regexp"
	"strings"
)

// This file holds every place where the project, or GitHub itself, departs from GitHub's
// description, each with its reason. Nothing is let through anywhere else.

// undescribedHeaders are headers, of requests, answers and webhooks, that GitHub documents in
// prose alone, or describes at few routes.
func undescribedHeaders() []string {
	return []string{
		"X-Github-Api-Version", // every go-github request names the version it was written for
		"X-GitHub-Media-Type",  // on every answer
		"X-Hub-Signature",      // the SHA-1 signature, still sent beside that of SHA-256
		"Traceparent",          // OpenTelemetry's, on the bot's own requests

		// On every answer of GitHub.
		"Server", "X-GitHub-Request-Id", "X-GitHub-Api-Version-Selected", "X-Accepted-GitHub-Permissions",
		"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "X-RateLimit-Used", "X-RateLimit-Resource",
		// On answers that have a reason for it.
		"Link", "Location", "Retry-After",
	}
}

// freeProperties are places where the description says "an object" and means "anything", and
// properties that GitHub sends everywhere and describes in most places.
func freeProperties() []string {
	return []string{
		"$.body.payload.**", "$.body.payload.*", // a deployment's payload belongs to who makes it
		"$.body.**.payload.**", "$.body.**.payload.*", // the same inside of webhooks and deliveries
		"$.body**.permissions.*",                                // an App's permissions: GitHub adds new ones before it describes them
		"$.body**.user_view_type",                               // of every account; some webhooks describe accounts without it
		"$.body**.client_id",                                    // of every App; the deployments of webhooks describe it without
		"$.body[*].assignee",                                    // of a timeline: declared in one of its many shapes, and not found there
		"$.body[*].state_reason",                                // the same
		"$.body[*].type",                                        // of a branch's rules: a choice of sums, which the validator finds declared nowhere
		"$.body[*].ruleset_*",                                   // the same
		"$.body[*].parameters",                                  // the same
		"$.body.request.headers.*", "$.body.response.headers.*", // of a webhook's delivery
		"$.body.status",       // of every error, "422"; some errors are described without
		"$.body.installation", // in every webhook of an App; (de)milestoned pull requests lack it
	}
}

// formats are judged otherwise than the validator would.
func formats() map[string]func(any) error {
	return map[string]func(any) error{
		// "https://…/git/refs{/sha}" is RFC 6570 level 3, which the validator refuses.
		"uri-template": func(any) error { return nil },
		// GitHub writes "" for what is not set: homepage, log_url, environment_url, gravatar_id.
		"uri": func(v any) error {
			s, isString := v.(string)
			if !isString || s == "" {
				return nil
			}
			if u, err := url.Parse(s); err != nil || !u.IsAbs() {
				return fmt.Errorf("%q is no absolute URL", s)
			}
			return nil
		},
		// The noreply address of an App, 1+hotfixbot[bot]@users.noreply.github.com, is none by
		// RFC 5322.
		"email": func(v any) error {
			s, isString := v.(string)
			if !isString {
				return nil
			}
			_, err := mail.ParseAddress(strings.Replace(s, "[bot]@", "@", 1))
			return err
		},
	}
}

// undescribedStatuses are answers that any route of GitHub can give and that the description
// names only at some. Their body must have the shape of GitHub's basic error.
func undescribedStatuses() map[int]string {
	return map[int]string{
		http.StatusUnauthorized:        "a wrong or expired token, everywhere",
		http.StatusForbidden:           "a missing permission, or a rate limit, everywhere",
		http.StatusNotFound:            "what one may not see is not there, everywhere",
		http.StatusGone:                "issues that were deleted, or are turned off",
		http.StatusConflict:            "the git data of an empty repository",
		http.StatusUnprocessableEntity: "a value out of bounds; described at most but not all writes",
		http.StatusTooManyRequests:     "a rate limit, everywhere",
		http.StatusBadRequest:          "\"Problems parsing JSON\", everywhere",
		http.StatusMovedPermanently:    "a renamed repository, everywhere",
		http.StatusTemporaryRedirect:   "a renamed repository, for writes",
	}
}

// bodiless are answers that carry no body by HTTP's own rules, wherever they come from.
func bodiless(status int) bool {
	return status == http.StatusNotModified // to If-None-Match; described at some routes only
}

// outage tells answers of whatever stands in front of GitHub's API: HTML, plain text, nothing.
// 501 is not among them: it is the simulator's way to say that it does not know a request.
func outage(status int) bool {
	return status >= 500 && status != http.StatusNotImplemented
}

var (
	byRepositoryID = regexp.MustCompile(`^/repositories/[0-9]+(/|$)`)
	rootFolder     = regexp.MustCompile(`^(/repos/[^/]+/[^/]+/contents)/?$`)
)

// described gives the path under which the description knows a request.
func described(path string) string {
	// A renamed repository is redirected to its id: /repositories/7/pulls is /repos/o/r/pulls.
	path = byRepositoryID.ReplaceAllString(path, "/repos/by/id$1")
	// The root folder has an empty path, which no parameter of OpenAPI can have.
	return rootFolder.ReplaceAllString(path, "$1/.")
}

// isGit tells git's own protocol, which shares GitHub's web root with the pages: no description
// covers it, git itself is the judge.
func isGit(path string) bool {
	return strings.HasSuffix(path, "/info/refs") ||
		strings.HasSuffix(path, "/git-upload-pack") ||
		strings.HasSuffix(path, "/git-receive-pack")
}

var websitePages = regexp.MustCompile(`^(/login/oauth/|(/organizations/[^/]+)?/settings/apps(/new)?$|/apps/[^/]+/installations/new$|/favicon.ico$)`)

// isWebsite tells what GitHub's website does for an App that signs people in, is registered or
// installed: it is described in prose alone (docs, "Generating a user access token for a GitHub
// App", "Registering a GitHub App from a manifest").
func isWebsite(path string) bool { return websitePages.MatchString(path) }

// corrections are operations and schemas whose description says what GitHub cannot mean, each
// with what to change in each of its objects.
func corrections() map[string]func(object map[string]any) {
	either := func(from string) func(map[string]any) {
		return func(object map[string]any) {
			if choices, ok := object[from]; ok {
				delete(object, from)
				object["anyOf"] = choices
			}
		}
	}
	return map[string]func(map[string]any){
		// An account is a user and an enterprise at once.
		"GET /app/installations": either("allOf"),
		// A conflict is a basic error or one about rules, and the latter is a basic error, too.
		"PUT /repos/{owner}/{repo}/contents/{path+}": either("oneOf"),
		// A folder is a list, and a list has no property that could discriminate.
		"GET /repos/{owner}/{repo}/contents/{path+}": func(object map[string]any) { delete(object, "discriminator") },
		// The fork that a pull request came from may be gone.
		"pull-request":        orNoFork,
		"pull-request-simple": func(object map[string]any) { orNoFork(object); orNoWords(object) },
	}
}

// anyEvent lets an App in a webhook subscribe to every event: most webhooks list the events
// without merge_group and others that came later, and some list them.
func anyEvent(object map[string]any) {
	events, _ := object["events"].(map[string]any)
	if items, isObject := events["items"].(map[string]any); isObject {
		delete(items, "enum")
	}
}

// orNoWords lets a label have no description, as it may have everywhere else.
func orNoWords(object map[string]any) {
	labels, _ := object["labels"].(map[string]any)
	label, _ := labels["items"].(map[string]any)
	parts, _ := label["properties"].(map[string]any)
	if words, isObject := parts["description"].(map[string]any); isObject {
		words["nullable"] = true
	}
}

// orNoFork lets the head of a pull request have no repository.
func orNoFork(object map[string]any) {
	head, isObject := object["head"].(map[string]any)
	if !isObject {
		return
	}
	if parts, isObject := head["properties"].(map[string]any); isObject {
		none := map[string]any{"enum": []any{nil}} // in the words of OpenAPI 3.0 and of 3.1
		parts["repo"] = map[string]any{"oneOf": []any{parts["repo"], none}}
	}
}
