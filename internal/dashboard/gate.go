package dashboard

import (
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"
)

// refused is all that a client elsewhere learns.
const refused = "The boards are shown only to a browser on the machine that runs the bot (loopback, no proxy between), " +
	"because nobody can sign in yet; from elsewhere use a tunnel such as ssh -L 8080:localhost:8080."

// gate lets people pass who are signed in, or, where nobody can, clients on this
// machine.
func (p *Pages) gate(c *gin.Context) {
	if p.config.SignIn != nil {
		p.enter(c)
		return
	}
	if local(c.Request) {
		c.Set(viewerKey, viewer{all: true, operator: true})
		return
	}
	c.Abort()
	if isAPI(c.Request) {
		c.JSON(http.StatusForbidden, gin.H{"error": refused})
		return
	}
	c.String(http.StatusForbidden, "%s\n", refused)
}

// local reports whether a request was made on this machine for its maker's own
// use. A loopback address alone is not enough:
//   - a reverse proxy on this machine, or a tunnel, speaks for people elsewhere;
//     it is told by the headers that proxies add. One that adds none cannot be
//     told: it must pass on nothing but the webhook's path.
//   - a browser on this machine can be made to speak for a foreign site whose
//     name was pointed at 127.0.0.1 (DNS rebinding); then Host is that name.
func local(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil || !peer.Addr().Unmap().IsLoopback() {
		return false
	}
	return !forwarded(r.Header) && namesLoopback(r.Host)
}

// forwarded reports whether a proxy left its traces: Forwarded and Via are RFC
// 7239 and RFC 9110, the rest is custom.
func forwarded(header http.Header) bool {
	for name := range header {
		switch {
		case name == "Forwarded", name == "Via", name == "X-Real-Ip", strings.HasPrefix(name, "X-Forwarded"):
			return true
		}
	}
	return false
}

// namesLoopback reports whether a Host header means this machine whatever DNS
// says: localhost and names under it are loopback by RFC 6761.
func namesLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.Unmap().IsLoopback()
}
