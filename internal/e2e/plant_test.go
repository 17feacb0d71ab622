package e2e_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"os"
	"path/filepath"
	"sync"

	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/githubsim"
)

// appKey is the App's private key, made once for all stories. It is shorter than
// GitHub's: signing with those took an eighth of the stories' time.
var appKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 1024) })

// grant is what app.yml asks for, no more.
var grant = sync.OnceValues(func() (githubsim.Grant, error) {
	var manifest struct {
		Permissions map[string]string `yaml:"default_permissions"`
		Events      []string          `yaml:"default_events"`
	}
	data, err := os.ReadFile(filepath.Join("..", "..", "app.yml"))
	if err == nil {
		err = yaml.Unmarshal(data, &manifest)
	}
	return githubsim.Grant{Permissions: manifest.Permissions, Events: manifest.Events}, err
})

// plant makes the people, the repository acme/shop and the App on it. Alice
// administers, Bob and Carol write, Mallory may only read what is public, and
// robot is another App's bot.
func (w *world) plant(ctx context.Context, s *story) error {
	origin, err := s.origin(w.dir)
	if err != nil {
		return err
	}
	key, err := appKey()
	if err != nil {
		return err
	}
	granted, err := grant()
	if err != nil {
		return err
	}
	seed := githubsim.Seed{
		App: &githubsim.SeedApp{
			ID: appID, Slug: appSlug, Key: key, WebhookURL: w.hook.url, WebhookSecret: webhookSecret,
			ClientID: clientID, ClientSecret: clientSecret, CallbackURL: w.hook.root + app.CallbackPath,
		},
	}
	for _, name := range append([]string{"acme/shop"}, s.beside...) {
		seed.Repositories = append(seed.Repositories, githubsim.SeedRepository{
			Name: name, Import: origin, Installed: true,
			Collaborators: map[string]string{"alice": "admin", "bob": "write", "carol": "write", "robot": "write"},
		})
	}
	for login, name := range map[string]string{"alice": "Alice", "bob": "Bob", "carol": "Carol", "mallory": "Mallory"} {
		seed.Users = append(seed.Users, githubsim.SeedUser{
			Login: login, Name: name, Email: login + "@example.com", Token: "token-of-" + login,
		})
	}
	seed.Users = append(seed.Users, githubsim.SeedUser{Login: "robot", Token: "token-of-robot", Bot: true})
	_, err = w.github.Plant(ctx, seed, granted)
	return err
}
