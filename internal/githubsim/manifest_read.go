package githubsim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// manifest is what an App asks to be (docs, "GitHub App Manifest parameters").
type manifest struct {
	Name string `json:"name"`
	URL  string `json:"url"`
	Hook *struct {
		URL    string `json:"url"`
		Active *bool  `json:"active"` // nil: yes
	} `json:"hook_attributes"`
	RedirectURL string            `json:"redirect_url"`
	Callbacks   []string          `json:"callback_urls"`
	SetupURL    string            `json:"setup_url"`
	Description string            `json:"description"`
	Public      bool              `json:"public"`
	Events      []string          `json:"default_events"`
	Permissions map[string]string `json:"default_permissions"`
	OAuth       bool              `json:"request_oauth_on_install"`
	SetupAgain  bool              `json:"setup_on_update"`
}

// maxCallbacks is how many callback URLs an App may have.
const maxCallbacks = 10

// readManifest reads a manifest; problem says why GitHub would not take it.
func readManifest(text string) (m manifest, problem string) {
	read := json.NewDecoder(strings.NewReader(text))
	read.DisallowUnknownFields()
	if err := read.Decode(&m); err != nil {
		return m, "Error: the manifest cannot be read: " + err.Error()
	}
	for what, address := range m.addresses() {
		if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return m, fmt.Sprintf("Error: %s must be a valid URL", what)
		}
	}
	if len(m.Callbacks) > maxCallbacks {
		return m, "Error: there are too many callback URLs"
	}
	for _, level := range m.Permissions {
		if !slices.Contains([]string{"read", "write", "admin"}, level) {
			return m, fmt.Sprintf("Error: Default permission records access %q is not included in the list", level)
		}
	}
	return m, m.eventProblem()
}

// addresses are all that must be URLs, by their names.
func (m manifest) addresses() map[string]string {
	all := map[string]string{"url": m.URL, "redirect_url": m.RedirectURL}
	if m.Hook != nil {
		all["hook_attributes url"] = m.Hook.URL
	}
	if m.SetupURL != "" {
		all["setup_url"] = m.SetupURL
	}
	for i, callback := range m.Callbacks {
		all[fmt.Sprintf("callback_urls %d", i)] = callback
	}
	return all
}

// eventProblem names the events that the App may not have by its permissions.
func (m manifest) eventProblem() string {
	may := maps.Clone(m.Permissions)
	if may == nil {
		may = map[string]string{}
	}
	may["metadata"] = "read" // every App has it
	for _, event := range m.Events {
		needs, known := readableBy[event]
		if !known {
			return "Error: Default events unsupported: " + event
		}
		if !covers(may[needs], "read") {
			return "Error: Default events are not supported by permissions: " + event
		}
	}
	return ""
}

// maxAppName is the longest name of an App, in characters.
const maxAppName = 34

var notInSlug = regexp.MustCompile(`[^a-z0-9]+`)

// slugOf is what GitHub makes of an App's name.
func slugOf(name string) string {
	return strings.Trim(notInSlug.ReplaceAllString(strings.ToLower(name), "-"), "-")
}

// nameProblem says why an App cannot have a name.
func (g *GitHub) nameProblem(name string) string {
	slug := slugOf(name)
	switch {
	case slug == "":
		return "Name can't be blank"
	case len([]rune(name)) > maxAppName:
		return fmt.Sprintf("Name is too long (maximum is %d characters)", maxAppName)
	case slices.ContainsFunc(g.apps, func(a *App) bool { return a.Slug == slug }):
		return "Name is already taken"
	case g.user(slug) != nil || g.user(slug+"[bot]") != nil:
		return "Name is reserved for the account @" + slug
	}
	return ""
}
