package gitops

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// address is where a remote is.
type address struct {
	url    string
	scheme string // the one protocol that git may use
	origin string // "https://github.com/": what the token is for
}

// parseAddress accepts https, and http for loopback hosts when insecure. It
// repeats no address that holds credentials.
func parseAddress(raw string, insecure bool) (address, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || strings.ContainsAny(raw, " \"\\\r\n\t\x00") {
		return address{}, errors.New("the remote's address is not a URL")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return address{}, errors.New("the remote's address must be plain: no credentials, query or fragment")
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && insecure && loopback(u.Hostname()):
	default:
		return address{}, fmt.Errorf("the remote %s://%s is not allowed: only https is", u.Scheme, u.Host)
	}
	return address{url: raw, scheme: u.Scheme, origin: u.Scheme + "://" + u.Host + "/"}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
