package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/hotfixbot/hotfixbot/internal/app"
	"github.com/hotfixbot/hotfixbot/internal/credentials"
	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// signIn is what lets people sign in on the page with GitHub.
type signIn struct {
	ClientID         string `name:"client-id" env:"CLIENT_ID" placeholder:"ID" help:"The App's client id: people sign in on the page with GitHub. Needs CLIENT_SECRET and BASE_URL. Default: the page is for this machine only."`
	ClientSecret     string `name:"client-secret" env:"CLIENT_SECRET" placeholder:"SECRET" help:"The App's client secret. Another one signs everybody out."`
	ClientSecretPath string `name:"client-secret-path" env:"CLIENT_SECRET_PATH" placeholder:"FILE" help:"File with the client secret, instead."`
	BaseURL          string `name:"base-url" env:"BASE_URL" placeholder:"URL" help:"Where browsers reach the page. The App's callback URL on GitHub is this with /sign-in/callback."`
	Operators        string `name:"operators" env:"OPERATORS" placeholder:"LOGIN,..." help:"Who sees the deliveries on the page, separated by commas."`
}

// or takes from the file that `hotfixbot setup` wrote what is not set.
func (c signIn) or(kept credentials.Settings) signIn {
	c.ClientID = cmp.Or(c.ClientID, kept["CLIENT_ID"])
	if c.ClientSecretPath == "" {
		c.ClientSecret = cmp.Or(c.ClientSecret, kept["CLIENT_SECRET"])
	}
	c.BaseURL = cmp.Or(c.BaseURL, kept["BASE_URL"])
	c.Operators = cmp.Or(c.Operators, kept["OPERATORS"])
	return c
}

// read checks the settings. The error names the first whose partner is missing, or
// that is wrong.
func (c signIn) read(config *app.Config) error {
	if c.ClientID == "" {
		return c.alone()
	}
	secret, err := c.secret()
	if err != nil {
		return err
	}
	if err := c.checkBase(); err != nil {
		return err
	}
	config.SignIn = &app.SignIn{ClientID: c.ClientID, ClientSecret: secret, BaseURL: strings.TrimSuffix(c.BaseURL, "/")}
	if config.SignIn.Operators, err = hotfix.Logins(c.Operators); err != nil {
		return fmt.Errorf("OPERATORS: %w", err)
	}
	return nil
}

// alone names what means nothing without CLIENT_ID.
func (c signIn) alone() error {
	for _, setting := range []struct{ name, value string }{
		{"CLIENT_SECRET", c.ClientSecret}, {"CLIENT_SECRET_PATH", c.ClientSecretPath}, {"BASE_URL", c.BaseURL}, {"OPERATORS", c.Operators},
	} {
		if setting.value != "" {
			return fmt.Errorf("%s is set, but CLIENT_ID is not: give the App's client id, from its settings page", setting.name)
		}
	}
	return nil
}

func (c signIn) secret() (string, error) {
	switch {
	case c.ClientSecret != "" && c.ClientSecretPath != "":
		return "", errors.New("CLIENT_SECRET and CLIENT_SECRET_PATH are both set: give one of them")
	case c.ClientSecret != "":
		return c.ClientSecret, nil
	case c.ClientSecretPath == "":
		return "", errors.New("CLIENT_ID is set, but CLIENT_SECRET is not: generate a client secret on the App's settings page")
	}
	return secretFile("CLIENT_SECRET_PATH", c.ClientSecretPath)
}

func (c signIn) checkBase() error {
	if c.BaseURL == "" {
		return errors.New("CLIENT_ID is set, but BASE_URL is not: give the address at which browsers reach the page")
	}
	u, err := url.Parse(c.BaseURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || strings.Trim(u.Path, "/") != "" || u.User != nil || u.RawQuery != "" {
		return fmt.Errorf("BASE_URL is %q: it must be a URL without a path, such as https://hotfixbot.example.com", c.BaseURL)
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		return fmt.Errorf("BASE_URL is %q: http is for this machine only, use https", c.BaseURL)
	}
	return nil
}
