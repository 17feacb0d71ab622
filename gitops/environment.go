package gitops

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
	"slices"

	"golang.org/x/net/http/httpproxy"
)

// baseEnvironment is all that git learns of the process's environment: where
// programs are; beside that only wayOut, where it may go to the remote. No configuration, credentials or tracing of the machine gets in.
func baseEnvironment() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"),
		"LC_ALL=C",
		"HOME=/nonexistent",
		"XDG_CONFIG_HOME=/nonexistent",
		"GIT_CONFIG_NOSYSTEM=1",
		"GIT_CONFIG_GLOBAL=/dev/null",
		"GIT_ATTR_NOSYSTEM=1",
		"GIT_TERMINAL_PROMPT=0",
		"GIT_ASKPASS=/bin/false",
		"GIT_OPTIONAL_LOCKS=0",
		"GIT_LITERAL_PATHSPECS=1",
	}
}

// hardening is git's configuration in every process. Lazily started fetches
// inherit it, as it travels in the environment.
var hardening = [][2]string{
	{"protocol.allow", "never"},
	{"core.hooksPath", "/dev/null"},
	{"core.fsmonitor", "false"},
	{"credential.helper", ""},
	{"gc.auto", "0"},
	{"maintenance.auto", "false"},
	{"submodule.recurse", "false"},
	{"safe.bareRepository", "explicit"},
	{"core.protectHFS", "true"},
	{"core.protectNTFS", "true"},
	// What is larger than GitHub takes is never held in memory to be packed.
	{"core.bigFileThreshold", "100m"},
	{"pack.threads", "1"},
	{"pack.windowMemory", "64m"},
	{"pack.deltaCacheSize", "64m"},
}

// network is added where git may go to the remote.
var network = [][2]string{
	{"protocol.version", "2"},
	{"http.followRedirects", "false"},
	{"transfer.bundleURI", "false"}, // it would lead to another host
	{"http.lowSpeedLimit", "1000"},
	{"http.lowSpeedTime", "60"},
	{"push.negotiate", "true"}, // a moved target must not cost a whole snapshot
}

// environment is a git process's whole environment. authorization is the HTTP
// header value for the remote's origin, empty for none.
func (j *Job) environment(c call, authorization string) []string {
	env := append(baseEnvironment(), "GIT_DIR="+j.dir)
	config := slices.Concat(hardening, c.config)
	if c.online {
		config = append(append(config, network...), [2]string{"protocol." + j.address.scheme + ".allow", "always"})
		config = append(config, wayOut(j.address.url)...)
	} else {
		env = append(env, "GIT_NO_LAZY_FETCH=1") // git 2.44; older ones fail by protocol.allow
	}
	if authorization != "" {
		config = append(config, [2]string{"http." + j.address.origin + ".extraHeader", "Authorization: " + authorization})
	}
	env = append(env, fmt.Sprintf("GIT_CONFIG_COUNT=%d", len(config)))
	for i, kv := range config {
		env = append(env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", i, kv[0]), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", i, kv[1]))
	}
	return env
}

// wayOut is how a request to an address leaves the machine: by the proxy that HTTPS_PROXY,
// HTTP_PROXY and NO_PROXY name, and believing the authorities of SSL_CERT_FILE, as Go's
// own client does for GitHub's API.
func wayOut(address string) [][2]string {
	var config [][2]string
	if to, err := url.Parse(address); err == nil {
		if proxy, err := httpproxy.FromEnvironment().ProxyFunc()(to); err == nil && proxy != nil {
			config = append(config, [2]string{"http.proxy", proxy.String()})
		}
	}
	if file := os.Getenv("SSL_CERT_FILE"); file != "" {
		config = append(config, [2]string{"http.sslCAInfo", file})
	}
	return config
}

// basic is GitHub's form of a token for git over HTTP.
func basic(token string) string {
	return base64.StdEncoding.EncodeToString([]byte("x-access-token:" + token))
}
