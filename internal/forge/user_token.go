package forge

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Exchange changes the code that a person came back with for a token. The verifier
// is the one whose challenge was sent. A code that GitHub does not take is a
// *hotfix.SignedOut.
func (u *Users) Exchange(ctx context.Context, code, verifier string) (hotfix.UserToken, error) {
	return u.token(ctx, url.Values{"code": {code}, "code_verifier": {verifier}, "redirect_uri": {u.config.Callback}})
}

// Refresh changes a refresh token for a new pair; it works once. One that GitHub does
// not take is a *hotfix.SignedOut.
func (u *Users) Refresh(ctx context.Context, refresh string) (hotfix.UserToken, error) {
	return u.token(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refresh}})
}

// tokenAnswer is GitHub's answer, which is 200 also when it refuses (docs,
// "Troubleshooting OAuth app access token request errors").
type tokenAnswer struct {
	AccessToken  string `json:"access_token"`
	ExpiresIn    int64  `json:"expires_in"` // seconds; absent where tokens do not expire
	RefreshToken string `json:"refresh_token"`
	TokenType    string `json:"token_type"`
	Error        string `json:"error"`
}

// token asks the website. All that is secret stands in the body: addresses are logged.
func (u *Users) token(ctx context.Context, form url.Values) (hotfix.UserToken, error) {
	form.Set("client_id", u.config.ClientID)
	form.Set("client_secret", u.config.ClientSecret)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.app.web+"/login/oauth/access_token", strings.NewReader(form.Encode()))
	if err != nil {
		return hotfix.UserToken{}, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := http.Client{Transport: u.app.newWire("website"), Timeout: patience, CheckRedirect: checkRedirect}
	resp, err := client.Do(req)
	if err != nil {
		return hotfix.UserToken{}, fmt.Errorf("asking for a person's token: %w", err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return hotfix.UserToken{}, fmt.Errorf("asking for a person's token: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return hotfix.UserToken{}, fmt.Errorf("asking for a person's token: GitHub answered %d", resp.StatusCode)
	}
	return readToken(body, u.app.now())
}

// readToken reads the answer. Its errors repeat nothing of it but GitHub's own code.
func readToken(body []byte, now time.Time) (hotfix.UserToken, error) {
	var answer tokenAnswer
	if json.Unmarshal(body, &answer) != nil {
		return hotfix.UserToken{}, fmt.Errorf("asking for a person's token: the answer is no JSON")
	}
	switch {
	case answer.Error == "bad_verification_code", answer.Error == "bad_refresh_token":
		return hotfix.UserToken{}, &hotfix.SignedOut{Why: answer.Error}
	case answer.Error != "":
		return hotfix.UserToken{}, &hotfix.Refusal{
			What:   "GitHub signs nobody in: " + clip(answer.Error),
			Remedy: "compare CLIENT_ID, CLIENT_SECRET and BASE_URL with the App's settings on GitHub",
			Topic:  hotfix.TopicSignIn,
		}
	case answer.AccessToken == "" || !strings.EqualFold(answer.TokenType, "bearer"):
		return hotfix.UserToken{}, fmt.Errorf("asking for a person's token: the answer has none")
	}
	token := hotfix.UserToken{Access: answer.AccessToken, Refresh: answer.RefreshToken}
	if answer.ExpiresIn > 0 {
		token.Expires = now.Add(time.Duration(answer.ExpiresIn) * time.Second)
	}
	return token, nil
}
