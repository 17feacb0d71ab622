package dashboard

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// site makes the addresses of one repository's pages on GitHub.
type site struct {
	root             string            // https://github.com/acme/shop
	acts             bool              // people can act on the page
	solver, releaser hotfix.Permission // roles that may say "solved" and "deploy"
}

// site is the repository of a board.
func (p *Pages) site(board hotfix.Board) site {
	return site{
		root: p.config.WebURL + "/" + escaped(board.Name), acts: p.config.SignIn != nil,
		solver: needed(board, solvedWord), releaser: needed(board, deployWord),
	}
}

func (s site) pull(number int) string      { return s.root + "/pull/" + strconv.Itoa(number) }
func (s site) issue(number int) string     { return s.root + "/issues/" + strconv.Itoa(number) }
func (s site) commit(id hotfix.OID) string { return s.root + "/commit/" + escaped(string(id)) }
func (s site) branch(name string) string   { return s.root + "/tree/" + escaped(name) }

// tag is the page of a tag, which GitHub has with or without a release.
func (s site) tag(name string) string { return s.root + "/releases/tag/" + escaped(name) }

// compare shows what the branch has that the tag has not. GitHub takes names
// with slashes here as they are.
func (s site) compare(tag, branch string) string {
	return s.root + "/compare/" + escaped(tag) + "..." + escaped(branch)
}

// escaped makes a name safe in a URL's path; its slashes stay.
func escaped(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}

// pathOf is a hotfix's own page here.
func pathOf(key hotfix.Key) string { return fmt.Sprintf("/hotfixes/%d/%d", key.Repository, key.Pull) }
