package gitops

import (
	"reflect"
	"testing"
)

// Git goes to GitHub the way that the API's client goes: who has to use a proxy, or has
// an authority of their own, set it once.
func TestGitGoesByTheProxyOfTheAPI(t *testing.T) {
	for name, c := range map[string]struct {
		env     map[string]string
		address string
		want    [][2]string
	}{
		"none":         {nil, "https://github.com/acme/shop.git", nil},
		"a proxy":      {map[string]string{"HTTPS_PROXY": "http://proxy.example:3128"}, "https://github.com/acme/shop.git", [][2]string{{"http.proxy", "http://proxy.example:3128"}}},
		"not for this": {map[string]string{"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "github.example.com"}, "https://github.example.com/acme/shop.git", nil},
		"this machine": {map[string]string{"HTTP_PROXY": "http://proxy.example:3128"}, "http://127.0.0.1:8090/acme/shop.git", nil},
		"an authority": {map[string]string{"SSL_CERT_FILE": "/etc/ours.pem"}, "https://github.example.com/acme/shop.git", [][2]string{{"http.sslCAInfo", "/etc/ours.pem"}}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, variable := range []string{"HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE"} {
				t.Setenv(variable, c.env[variable])
			}
			if got := wayOut(c.address); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}
