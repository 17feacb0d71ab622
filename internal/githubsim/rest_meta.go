package githubsim

import (
	"strconv"
	"strings"
)

func metaRoutes() []route {
	return []route{
		{"GET", "/", need{}, (*call).root},
		{"GET", "/rate_limit", need{}, (*call).rateLimit},
		{"GET", "/zen", need{}, (*call).zen},
		{"GET", "/meta", need{}, (*call).meta},
	}
}

// rootLinks are the names and paths of GET /.
const rootLinks = `current_user_url /user
current_user_authorizations_html_url /settings/connections/applications{/client_id}
authorizations_url /authorizations
code_search_url /search/code?q={query}{&page,per_page,sort,order}
commit_search_url /search/commits?q={query}{&page,per_page,sort,order}
emails_url /user/emails
emojis_url /emojis
events_url /events
feeds_url /feeds
followers_url /user/followers
following_url /user/following{/target}
gists_url /gists{/gist_id}
issue_search_url /search/issues?q={query}{&page,per_page,sort,order}
issues_url /issues
keys_url /user/keys
label_search_url /search/labels?q={query}&repository_id={repository_id}{&page,per_page}
notifications_url /notifications
organization_url /orgs/{org}
organization_repositories_url /orgs/{org}/repos{?type,page,per_page,sort}
organization_teams_url /orgs/{org}/teams
public_gists_url /gists/public
rate_limit_url /rate_limit
repository_url /repos/{owner}/{repo}
repository_search_url /search/repositories?q={query}{&page,per_page,sort,order}
current_user_repositories_url /user/repos{?type,page,per_page,sort}
starred_url /user/starred{/owner}{/repo}
starred_gists_url /gists/starred
user_url /users/{user}
user_organizations_url /user/orgs
user_repositories_url /users/{user}/repos{?type,page,per_page,sort}
user_search_url /search/users?q={query}{&page,per_page,sort,order}`

func (c *call) root() (answer, error) {
	o := object{}
	for _, l := range lines(rootLinks) {
		name, path, _ := strings.Cut(l, " ")
		o[name] = c.url + path
	}
	return ok(o), nil
}

// zen is a sentence; gh and others use it as a ping.
func (c *call) zen() (answer, error) {
	return answer{status: 200, kind: "text/plain;charset=utf-8", body: []byte("Keep it logically awesome.")}, nil
}

// meta says of what matters to clients that there is nothing: no addresses, no keys.
func (c *call) meta() (answer, error) {
	return ok(object{"verifiable_password_authentication": false, "hooks": []string{}, "git": []string{}, "api": []string{}}), nil
}

// rateLimit shows the budget of the caller.
func (c *call) rateLimit() (answer, error) {
	h, one := c.rateHeaders(c.actor), object{}
	for _, k := range []string{"limit", "remaining", "used", "reset"} {
		n, err := strconv.Atoi(h.Get("X-RateLimit-" + k))
		if err != nil {
			return answer{}, err
		}
		one[k] = n
	}
	return ok(object{"resources": object{"core": one, "graphql": one, "search": one}, "rate": one}), nil
}
