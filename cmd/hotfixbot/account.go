package main

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/credentials"
	"github.com/hotfixbot/hotfixbot/internal/forge"
)

// account is what the commands need that act as the App: who it is, and where its
// GitHub is.
type account struct {
	AppID             string `name:"app-id" env:"APP_ID" placeholder:"ID" help:"The App's id, from its settings page. Required, unless hotfixbot setup made the App."`
	PrivateKeyPath    string `name:"private-key-path" env:"PRIVATE_KEY_PATH" placeholder:"FILE" help:"File with the App's private key (PEM). Required, or PRIVATE_KEY, unless hotfixbot setup made the App."`
	PrivateKey        string `name:"private-key" env:"PRIVATE_KEY" placeholder:"PEM" help:"The private key itself, instead of a file."`
	WebhookSecret     string `name:"webhook-secret" env:"WEBHOOK_SECRET" placeholder:"SECRET,..." help:"The webhook secret. Several, separated by commas, while one is being replaced. Required, unless hotfixbot setup made the App."`
	WebhookSecretPath string `name:"webhook-secret-path" env:"WEBHOOK_SECRET_PATH" placeholder:"FILE" help:"File with the webhook secret, instead."`
	GitHubAPIURL      string `name:"github-api-url" env:"GITHUB_API_URL" placeholder:"URL" help:"Root of GitHub's REST API, used as given. A GitHub Enterprise Server's ends in /api/v3. Default: https://api.github.com."`
	GitHubURL         string `name:"github-url" env:"GITHUB_URL" placeholder:"URL" help:"Root of GitHub's pages and of git. Default: https://github.com."`
}

// or takes from the file that `hotfixbot setup` wrote what is not set.
func (c account) or(kept credentials.Settings) account {
	kept = kept.Of(c.AppID)
	c.AppID = cmp.Or(c.AppID, kept["APP_ID"])
	if c.PrivateKey == "" {
		c.PrivateKeyPath = cmp.Or(c.PrivateKeyPath, kept["PRIVATE_KEY_PATH"])
	}
	if c.WebhookSecretPath == "" {
		c.WebhookSecret = cmp.Or(c.WebhookSecret, kept["WEBHOOK_SECRET"])
	}
	c.GitHubAPIURL = cmp.Or(c.GitHubAPIURL, kept["GITHUB_API_URL"])
	c.GitHubURL = cmp.Or(c.GitHubURL, kept["GITHUB_URL"])
	return c
}

// read checks what is set. The error names the first setting that is missing or
// wrong.
func (c account) read(config *app.Config) error {
	for _, read := range []func(*app.Config) error{c.readApp, c.readKey, c.readSecrets, c.readURLs} {
		if err := read(config); err != nil {
			return err
		}
	}
	return nil
}

func (c account) readApp(config *app.Config) error {
	if c.AppID == "" {
		return fmt.Errorf("APP_ID is not set, and there is no %s: run `hotfixbot setup`, which makes the App, or give the id of yours", filepath.Join(config.DataDir, credentials.File))
	}
	if _, err := fmt.Sscanf(c.AppID+"\n", "%d\n", &config.AppID); err != nil || config.AppID <= 0 {
		return fmt.Errorf("APP_ID is %q: it must be the App's id, a number on its settings page", c.AppID)
	}
	return nil
}

func (c account) readKey(config *app.Config) error {
	switch {
	case c.PrivateKey != "" && c.PrivateKeyPath != "":
		return errors.New("PRIVATE_KEY and PRIVATE_KEY_PATH are both set: give one of them")
	case c.PrivateKey != "":
		config.PrivateKey = []byte(strings.ReplaceAll(c.PrivateKey, `\n`, "\n"))
	case c.PrivateKeyPath != "":
		data, err := os.ReadFile(c.PrivateKeyPath)
		if err != nil {
			return unread("PRIVATE_KEY_PATH", err)
		}
		config.PrivateKey = data
	default:
		return errors.New("PRIVATE_KEY_PATH is not set: give the file of the App's private key, or the key itself in PRIVATE_KEY")
	}
	if err := app.CheckKey(config.PrivateKey); err != nil {
		name := "PRIVATE_KEY"
		if c.PrivateKeyPath != "" {
			name = "PRIVATE_KEY_PATH"
		}
		return fmt.Errorf("%s: %w: generate one on the App's settings page, under “Private keys”, and give the file as it was downloaded", name, err)
	}
	return nil
}

func (c account) readSecrets(config *app.Config) error {
	switch {
	case c.WebhookSecret != "" && c.WebhookSecretPath != "":
		return errors.New("WEBHOOK_SECRET and WEBHOOK_SECRET_PATH are both set: give one of them")
	case c.WebhookSecretPath != "":
		var err error
		if c.WebhookSecret, err = secretFile("WEBHOOK_SECRET_PATH", c.WebhookSecretPath); err != nil {
			return err
		}
	}
	for _, secret := range strings.Split(c.WebhookSecret, ",") {
		if secret = strings.TrimSpace(secret); secret != "" {
			config.WebhookSecrets = append(config.WebhookSecrets, secret)
		}
	}
	if len(config.WebhookSecrets) == 0 {
		return errors.New("WEBHOOK_SECRET is not set: give the secret of the App's webhook, or its file in WEBHOOK_SECRET_PATH")
	}
	return nil
}

func (c account) readURLs(config *app.Config) error {
	for _, setting := range []struct {
		name, value, example string
		into                 *string
	}{
		{"GITHUB_API_URL", cmp.Or(c.GitHubAPIURL, forge.DefaultAPIURL), "https://github.example.com/api/v3", &config.APIURL},
		{"GITHUB_URL", cmp.Or(c.GitHubURL, forge.DefaultWebURL), "https://github.example.com", &config.WebURL},
	} {
		u, err := url.Parse(setting.value)
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return fmt.Errorf("%s is %q: it must be a URL such as %s", setting.name, setting.value, setting.example)
		}
		if u.User != nil || u.RawQuery != "" {
			return fmt.Errorf("%s must not carry a name, a password or a query", setting.name)
		}
		if u.Scheme == "http" && !loopback(u.Hostname()) {
			return fmt.Errorf("%s is %q: http is for this machine only, use https", setting.name, setting.value)
		}
		*setting.into = strings.TrimSuffix(setting.value, "/")
	}
	if (c.GitHubAPIURL == "") != (c.GitHubURL == "") { // else one GitHub's token would go to the other
		return errors.New("GITHUB_URL and GITHUB_API_URL belong together: set both, or none")
	}
	return nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
