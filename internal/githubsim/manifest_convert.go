package githubsim

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net/http"
)

func manifestRoutes() []route {
	return []route{{"POST", "/app-manifests/:code/conversions", need{}, (*call).convertManifest}}
}

// registerApp makes the App of a manifest, and gives the code for its credentials. It is pinged
// now: before anybody can know its secret.
func (g *GitHub) registerApp(page registration, by *User) (code string, err error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return "", err
	}
	asked, owner := page.asked, by
	if page.Account != "" {
		owner = g.user(page.Account)
	}
	id := g.nextID("app")
	a := App{
		ID: id, Slug: slugOf(page.Name), Name: page.Name, Description: asked.Description, Owner: owner, Key: &key.PublicKey,
		ClientID: fmt.Sprintf("Iv23li%014x", id), ClientSecret: randomHex(20), Callbacks: asked.Callbacks, ExpireUserTokens: true,
		Permissions: asked.Permissions, Events: asked.Events, Public: asked.Public, SetupURL: asked.SetupURL,
	}
	if asked.Hook != nil && (asked.Hook.Active == nil || *asked.Hook.Active) {
		a.Hook = Hook{URL: asked.Hook.URL, Secret: randomHex(20)}
	}
	app, err := g.addApp(a)
	if err != nil {
		return "", err
	}
	code = randomHex(20)
	g.conversions[code] = &conversion{app: app, key: key, expires: g.clock().Add(manifestLife)}
	return code, nil
}

// randomHex is that many bytes that nobody can guess, in hexadecimal.
func randomHex(bytes int) string {
	raw := make([]byte, bytes)
	_, _ = rand.Read(raw) // never fails (its documentation)
	return hex.EncodeToString(raw)
}

// convertManifest gives an App's credentials for its code, once.
func (c *call) convertManifest() (answer, error) {
	code := c.param("code")
	made := c.conversions[code]
	if made == nil || !c.clock().Before(made.expires) {
		return answer{}, errNotFound
	}
	delete(c.conversions, code)
	o := c.wireApp(made.app)
	o["client_secret"], o["webhook_secret"] = made.app.ClientSecret, orNull(made.app.Hook.Secret)
	o["pem"] = string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(made.key)}))
	return answer{status: http.StatusCreated, body: o}, nil
}
