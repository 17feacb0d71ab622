package setup

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// How GitHub reaches this machine.
const (
	Public  = "public"  // at an address of its own
	Channel = "channel" // by a channel of smee.io
)

// Choice is what the person chooses in the form.
type Choice struct {
	Reach        string // Public or Channel
	Address      string // of Public: https://hotfixbot.example.com
	Organization string // the owner of the App; empty: the person
	Name         string
	Operators    string // logins, separated by commas; empty: the person, whose own the App is
}

// plan is a choice that can be followed.
type plan struct {
	Choice
	base      string   // where browsers reach the page
	hook      string   // where webhooks go
	operators []string // logins; none: the owner
}

// problems are what is wrong with a choice, by the name of the field.
type problems map[string]string

// longestName is that of an App (docs, "Registering a GitHub App").
const longestName = 34

var organizationShape = regexp.MustCompile(`^[A-Za-z0-9](-?[A-Za-z0-9]){0,38}$`)

// check makes a plan of a choice. The webhook's address of a channel is not known yet.
func (s *Setup) check(c Choice) (plan, problems) {
	c.Address, c.Organization, c.Name = strings.TrimSpace(c.Address), strings.TrimPrefix(strings.TrimSpace(c.Organization), "@"), strings.TrimSpace(c.Name)
	wrong := problems{}
	p := plan{Choice: c, base: s.config.Local}
	switch c.Reach {
	case Channel:
	case Public:
		base, problem := s.publicBase(c.Address)
		if problem != "" {
			wrong["address"] = problem
		}
		p.base, p.hook = base, base+s.config.Hook
	default:
		wrong["reach"] = "Choose how GitHub reaches this machine."
	}
	if c.Organization != "" && !organizationShape.MatchString(c.Organization) {
		wrong["organization"] = "This is no organisation's name: letters, digits and single dashes, as in its address on GitHub. Leave it empty for your own account."
	}
	if n := len([]rune(c.Name)); n == 0 || n > longestName {
		wrong["name"] = "The App needs a name of at most 34 characters."
	}
	var problem string
	if p.operators, problem = operators(c); problem != "" {
		wrong["operators"] = problem
	}
	return p, wrong
}

// operators are those of a choice, or what is wrong with them. An organisation owns
// Apps and signs in nowhere.
func operators(c Choice) (logins []string, problem string) {
	logins, err := hotfix.Logins(c.Operators)
	switch {
	case err != nil:
		return nil, "This names somebody whom GitHub cannot have: " + err.Error() + "."
	case len(logins) == 0 && c.Organization != "":
		return nil, "Name at least one person, such as yourself: the App is an organisation’s, and nobody would see its deliveries."
	}
	return logins, ""
}

// publicBase is an address without the webhook's path, or what is wrong with it.
func (s *Setup) publicBase(address string) (base, problem string) {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return "", "Give the address at which GitHub reaches this machine, such as " + example + "; or choose the channel."
	case err != nil || u.Host == "" || u.Hostname() == "":
		return "", "This is no address such as " + example + "."
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", "The address must not carry a name, a password or a query: it is shown to everybody who sees the App's settings."
	case strings.Trim(u.Path, "/") != "" && strings.TrimSuffix(u.Path, "/") != s.config.Hook:
		return "", "Give the address without a path: webhooks go to " + s.config.Hook + " below it."
	}
	if problem := s.unreachable(u); problem != "" {
		return "", problem
	}
	return u.Scheme + "://" + u.Host, ""
}

// unreachable tells why GitHub would not send webhooks to an address. A GitHub on this
// machine, a simulated one, reaches what is on this machine.
func (s *Setup) unreachable(u *url.URL) string {
	web, _ := url.Parse(s.config.WebURL) // New has parsed it
	if loopback(web.Hostname()) && loopback(u.Hostname()) && (u.Scheme == "http" || u.Scheme == "https") {
		return ""
	}
	dotCom := web.Hostname() == "github.com" || strings.HasSuffix(web.Hostname(), ".ghe.com")
	switch {
	case loopback(u.Hostname()), unspecified(u.Hostname()):
		return "GitHub cannot reach this address: it means each machine itself. Give the one under which this machine is known outside, or choose the channel."
	case dotCom && !outside(u.Hostname()):
		return "GitHub cannot reach this address from the Internet: it is one of a private network. Give a public one, or choose the channel."
	case u.Scheme != "https":
		return "The address must begin with https://. What GitHub sends is signed, but over http everybody on the way could read it; a reverse proxy such as Caddy does https by itself."
	}
	return ""
}

// loopback reports whether a host means this machine; localhost and names under it are
// loopback by RFC 6761.
func loopback(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && addr.Unmap().IsLoopback()
}

// unspecified reports whether a host is 0.0.0.0 or ::, which is where to listen.
func unspecified(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsUnspecified()
}

// outside reports whether a host may be one of the Internet.
func outside(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.IsGlobalUnicast() && !addr.IsPrivate()
	}
	return strings.Contains(strings.Trim(host, "."), ".") && !strings.HasSuffix(host, ".local") && !strings.HasSuffix(host, ".internal")
}

// hostname is a Host header's name without its port.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	return strings.Trim(host, "[]")
}
