package doctor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

func appKinds() []Kind {
	return []Kind{
		{"credentials", "credentials", well, "GitHub knows the App as {app}, and the private key is its", ""},
		{"credentials-refused", "credentials", ill, "{error}", "make a new private key on the App's settings page and name its file in PRIVATE_KEY_PATH; a wrong clock has the same effect"},
		{"credentials-unknown", "credentials", ill, "GitHub knows no App with this id", "look at APP_ID and GITHUB_API_URL: the id stands on the App's settings page"},
		{"github-away", "credentials", ill, "GitHub cannot be asked: {error}", "look at GITHUB_API_URL, the network and githubstatus.com"},
		{"clock", "clock", well, "it differs from GitHub's by {seconds} s", ""},
		{"clock-off", "clock", uneasy, "it is {seconds} seconds {direction} GitHub's", "have the machine set its clock by NTP: from a minute on, GitHub refuses the App"},
		{"clock-wrong", "clock", ill, "it is {seconds} seconds {direction} GitHub's: GitHub refuses what the App signs", "have the machine set its clock by NTP"},
		{"app", "permissions of the App", well, "the App asks for all that it needs", ""},
		{"app-permissions", "permissions of the App", ill, "the App does not ask for {permissions}", "add them at {url}; then a person must accept the new permissions at each installation"},
		{"app-events", "events of the App", ill, "the App does not subscribe to {events}", "tick them at {url}, under “Subscribe to events”"},
		{"installed", "installation on {account}", well, "it has all permissions and events", ""},
		{"installed-nowhere", "installations", uneasy, "the App is installed nowhere", "install it on the repositories that it shall look after: {url}"},
		{"installation-suspended", "installation on {account}", ill, "it is suspended: the bot cannot do anything there", "end the suspension at {url}"},
		{"installation-permissions", "installation on {account}", ill, "it does not have {permissions}", "a person must accept the new permissions at {url}"},
		{"installation-events", "installation on {account}", ill, "it does not get {events}", "subscribe the App to them; they come with the permissions that a person accepts at {url}"},
	}
}

// GitHub is what is asked about the App. The errors have the fates of package hotfix.
type GitHub interface {
	// Grants are what the App asks for. A *hotfix.Refusal says that the key is not
	// accepted, a *hotfix.Gone that there is no such App.
	Grants(ctx context.Context) (hotfix.Grants, error)
	Installations(ctx context.Context) ([]hotfix.Grants, error)
	// Hook is where webhooks go; a *hotfix.Gone: nowhere.
	Hook(ctx context.Context) (hotfix.Hook, error)
	// Sendings lists the attempts to deliver webhooks since a time, newest first.
	Sendings(ctx context.Context, since time.Time) ([]hotfix.Sending, error)
	Redeliver(ctx context.Context, sending int64) error
}

// Needs are what the App has to be granted: app.yml.
type Needs struct {
	Permissions map[string]string
	Events      []string
}

// Credentials asks GitHub who the App is.
func Credentials(github GitHub) Check {
	return Check{Name: "credentials", Do: func(ctx context.Context) []hotfix.Finding {
		grants, err := github.Grants(ctx)
		switch {
		case err == nil:
			return one(found("credentials", "app", quoted(grants.Account)))
		case errors.As(err, new(*hotfix.Refusal)):
			return one(found("credentials-refused", "error", err.Error()))
		case errors.As(err, new(*hotfix.Gone)):
			return one(found("credentials-unknown"))
		}
		return one(found("github-away", "error", err.Error()))
	}}
}

// The bot dates its signature a minute back, and lets it end after five minutes:
// GitHub takes none from the future.
const (
	clockOff   = 20 * time.Second
	clockWrong = time.Minute
)

// Clock holds the machine's clock against GitHub's.
func Clock(github func(ctx context.Context) (time.Time, error), now func() time.Time) Check {
	return Check{Name: "clock", Do: func(ctx context.Context) []hotfix.Finding {
		before := now()
		theirs, err := github(ctx)
		if err != nil {
			return one(found("cannot-tell", "check", "clock", "error", err.Error()))
		}
		after := now()
		// GitHub's answer is of some moment in between, cut to the second.
		skew := before.Add(after.Sub(before) / 2).Sub(theirs.Add(time.Second / 2))
		direction := "ahead of"
		if skew < 0 {
			skew, direction = -skew, "behind"
		}
		words := []string{"seconds", fmt.Sprintf("%.0f", skew.Seconds()), "direction", direction}
		switch {
		case skew >= clockWrong:
			return one(found("clock-wrong", words...))
		case skew >= clockOff:
			return one(found("clock-off", words...))
		}
		return one(found("clock", words...))
	}}
}

// App holds what the App asks for against what it needs.
func App(github GitHub, needs Needs) Check {
	return Check{Name: "permissions of the App", Do: func(ctx context.Context) []hotfix.Finding {
		grants, err := github.Grants(ctx)
		if err != nil {
			return one(withoutAnswer("permissions of the App", err))
		}
		var list []hotfix.Finding
		if missing := needs.permissions(grants); missing != "" {
			list = append(list, found("app-permissions", "permissions", missing, "url", address(grants.URL)))
		}
		if missing := needs.events(grants); missing != "" {
			list = append(list, found("app-events", "events", missing, "url", address(grants.URL)))
		}
		return or(list, found("app"))
	}}
}

// Installations holds what each installation was given against what the App needs.
func Installations(github GitHub, needs Needs) Check {
	return Check{Name: "installations", Do: func(ctx context.Context) []hotfix.Finding {
		all, err := github.Installations(ctx)
		if err != nil {
			return one(withoutAnswer("installations", err))
		}
		var list []hotfix.Finding
		for _, grants := range all {
			list = append(list, needs.installation(grants)...)
		}
		url := "the App's page on GitHub"
		if app, err := github.Grants(ctx); err == nil && len(list) == 0 {
			url = address(app.InstallURL)
		}
		return or(list, found("installed-nowhere", "url", url))
	}}
}

// installation is what is wrong with one installation.
func (n Needs) installation(grants hotfix.Grants) []hotfix.Finding {
	words := []string{"account", quoted(grants.Account), "url", address(grants.URL)}
	if grants.Suspended {
		return one(found("installation-suspended", words...))
	}
	var list []hotfix.Finding
	if missing := n.permissions(grants); missing != "" {
		list = append(list, found("installation-permissions", append(words, "permissions", missing)...))
	}
	if missing := n.events(grants); missing != "" {
		list = append(list, found("installation-events", append(words, "events", missing)...))
	}
	return or(list, found("installed", words...))
}

// ranks are the levels of a permission.
var ranks = map[string]int{"read": 1, "write": 2, "admin": 3}

// permissions names those that are missing or too low, as GitHub's pages write them.
func (n Needs) permissions(grants hotfix.Grants) string {
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(n.Permissions)) {
		if ranks[grants.Permissions[name]] < ranks[n.Permissions[name]] {
			missing = append(missing, strings.ReplaceAll(name, "_", " ")+": "+n.Permissions[name])
		}
	}
	return quoted(missing...)
}

func (n Needs) events(grants hotfix.Grants) string {
	var missing []string
	for _, event := range n.Events {
		if !slices.Contains(grants.Events, event) {
			missing = append(missing, event)
		}
	}
	return quoted(missing...)
}

// withoutAnswer is the finding of a check that GitHub did not answer. That it does not
// take the credentials is said once, elsewhere.
func withoutAnswer(check string, err error) hotfix.Finding {
	if errors.As(err, new(*hotfix.Refusal)) || errors.As(err, new(*hotfix.Gone)) {
		return found("needs-credentials", "check", check)
	}
	return found("cannot-tell", "check", check, "error", err.Error())
}

// Unasked are checks that cannot be made, because the credentials are missing.
func Unasked(names ...string) []Check {
	checks := make([]Check, len(names))
	for i, name := range names {
		checks[i] = Check{Name: name, Do: func(context.Context) []hotfix.Finding {
			return one(found("needs-credentials", "check", name))
		}}
	}
	return checks
}
