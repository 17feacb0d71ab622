package forge

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/google/go-github/v60/github"
	"github.com/rs/zerolog"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// codeShape is what a code may be: GitHub's are hexadecimal. What is none is not sent.
var codeShape = regexp.MustCompile(`^[0-9A-Za-z_-]{1,255}$`)

// Convert changes the code that a registration came back with for the App's
// credentials. It works once and within an hour (docs, "Registering a GitHub App from
// a manifest"): one that GitHub does not know, or not any more, is a *hotfix.Gone. Of
// c only APIURL, Transport and Now are used.
func Convert(ctx context.Context, c Config, code string) (hotfix.Registered, error) {
	asking := act{doing: "asking for the credentials of the App", thing: "the registration's code"}
	if !codeShape.MatchString(code) {
		return hotfix.Registered{}, &hotfix.Gone{What: asking.thing}
	}
	c = withDefaults(c)
	api, err := url.Parse(strings.TrimRight(c.APIURL, "/") + "/")
	if err != nil || api.Host == "" {
		return hotfix.Registered{}, errors.New("the API url must look like " + DefaultAPIURL)
	}
	quiet := &wire{base: c.Transport, now: c.Now, log: zerolog.Nop()} // the code stands in the path
	client := github.NewClient(&http.Client{Transport: quiet, CheckRedirect: checkRedirect, Timeout: patience})
	client.BaseURL, client.UserAgent = api, userAgent
	made, _, err := client.Apps.CompleteAppManifest(ctx, code)
	if err != nil {
		return hotfix.Registered{}, asking.fate(withoutURL(err))
	}
	if made.GetID() == 0 || made.GetPEM() == "" || made.GetWebhookSecret() == "" {
		return hotfix.Registered{}, fmt.Errorf("%s: the answer lacks some of them", asking.doing)
	}
	return hotfix.Registered{
		AppID: made.GetID(), Slug: made.GetSlug(), Name: made.GetName(), Owner: made.GetOwner().GetLogin(), URL: made.GetHTMLURL(),
		PrivateKey: made.GetPEM(), WebhookSecret: made.GetWebhookSecret(),
		ClientID: made.GetClientID(), ClientSecret: made.GetClientSecret(),
	}, nil
}

// withoutURL takes the address out of net/http's error: the code is in it.
func withoutURL(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
