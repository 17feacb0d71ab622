package dashboard

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Bounds of what one person may make.
const (
	mostTokens    = 50 // that are not revoked
	mostTokenName = 60 // characters
)

// tokenDesk is the page where people make and revoke the tokens of their machines.
type tokenDesk struct {
	Problem string
	Made    *tokenMade
	Choices []tokenChoice
	Rows    []tokenRow
	Others  bool // also those of others are listed
	Most    int
}

// tokenChoice is a repository that a token can be for.
type tokenChoice struct {
	ID   hotfix.RepositoryID
	Name string
}

// tokenMade is a token that was made just now. It is shown once.
type tokenMade struct {
	Name, Token string
	Badge       string // Markdown, of a badge's token
	Call        string // of one for the API
}

// tokenRow is a token in the list.
type tokenRow struct {
	Name, Kind, For, Owner string
	CreatedAt, UsedAt      time.Time
	Revoked                bool
	Path                   string // where it is revoked
}

// tokens is that page.
func (p *Pages) tokens(c *gin.Context) { p.showTokens(c, http.StatusOK, "", nil) }

// showTokens shows it, with what went wrong or with what was made.
func (p *Pages) showTokens(c *gin.Context, status int, problem string, made *tokenMade) {
	v := viewerOf(c)
	if v.session == nil {
		p.askToSignIn(c)
		return
	}
	_, boards, ok := p.boardsNow(c)
	if !ok {
		return
	}
	list, err := p.config.SignIn.Sessions.Passes(c.Request.Context(), v.owner())
	if err != nil {
		p.broken(c, err)
		return
	}
	view := tokenDesk{Problem: problem, Made: made, Others: v.operator, Most: mostTokenName}
	names := map[hotfix.RepositoryID]string{}
	for _, board := range boards {
		names[board.Repository] = board.Name
		view.Choices = append(view.Choices, tokenChoice{board.Repository, board.Name})
	}
	for _, pass := range list {
		view.Rows = append(view.Rows, tokenRowOf(pass, names))
	}
	p.show(c, status, "tokens.html", page{Title: "Tokens", Body: view})
}

// owner is whose tokens a viewer sees: their own, and an operator everybody's.
func (v viewer) owner() hotfix.Account {
	if v.operator {
		return hotfix.Account{}
	}
	return v.session.Account
}

func tokenRowOf(pass hotfix.Pass, names map[hotfix.RepositoryID]string) tokenRow {
	row := tokenRow{
		Name: pass.Name, Kind: tokenKinds[pass.Kind], Owner: pass.Owner.Login, CreatedAt: pass.CreatedAt, UsedAt: pass.UsedAt,
		Revoked: pass.Revoked, Path: "/tokens/" + url.PathEscape(pass.ID) + "/revoke",
	}
	if pass.Owner.ID == 0 {
		row.Owner = "the command line"
	}
	var shown []string
	for _, id := range pass.Repositories {
		shown = append(shown, nameOf(id, names))
	}
	row.For = strings.Join(shown, ", ")
	return row
}

// tokenKinds are what tokens are good for, in words.
var tokenKinds = map[hotfix.PassKind]string{hotfix.PassRead: "API", hotfix.PassBadge: "badges"}

// issueToken makes a token for what the person can read now. It ends to be good for what
// they cannot read any more.
func (p *Pages) issueToken(c *gin.Context) {
	s := viewerOf(c).session
	if s == nil {
		p.nothing(c)
		return
	}
	_, boards, ok := p.boardsNow(c)
	if !ok {
		return
	}
	pass := hotfix.Pass{
		ID: hotfix.PassID(), Kind: hotfix.PassKind(c.PostForm("kind")), Name: oneLine(c.PostForm("name")), Owner: s.Account, CreatedAt: p.config.Now(),
	}
	chosen := map[string]bool{}
	for _, id := range c.PostFormArray("repository") {
		chosen[id] = true
	}
	var first hotfix.Board
	for _, board := range boards {
		if chosen[strconv.FormatInt(int64(board.Repository), 10)] {
			if len(pass.Repositories) == 0 {
				first = board
			}
			pass.Repositories = append(pass.Repositories, board.Repository)
		}
	}
	problem, err := p.checkToken(c, s, pass)
	if err != nil {
		p.broken(c, err)
		return
	}
	if problem != "" {
		p.showTokens(c, http.StatusUnprocessableEntity, problem, nil)
		return
	}
	p.makeToken(c, pass, first)
}

// checkToken says what is wrong with a token that somebody wants to make.
func (p *Pages) checkToken(c *gin.Context, s *session, pass hotfix.Pass) (problem string, err error) {
	mine, err := p.config.SignIn.Sessions.Passes(c.Request.Context(), s.Account)
	alive, same := 0, false
	for _, other := range mine {
		if !other.Revoked {
			alive++
			same = same || other.Name == pass.Name
		}
	}
	switch length := len([]rune(pass.Name)); {
	case err != nil:
		return "", err
	case tokenKinds[pass.Kind] == "":
		return "Choose what the token is for.", nil
	case length == 0 || length > mostTokenName:
		return "Give the token a name of at most " + strconv.Itoa(mostTokenName) + " characters.", nil
	case same: // also what a page that is loaded again sends
		return "You have a token of this name. If it was not shown to you, revoke it; or choose another name.", nil
	case len(pass.Repositories) == 0:
		return "Choose at least one repository.", nil
	case alive >= mostTokens:
		return "You have " + strconv.Itoa(mostTokens) + " tokens. Revoke one first.", nil
	}
	return "", nil
}

// makeToken stores a token's digest and shows the token, once.
func (p *Pages) makeToken(c *gin.Context, pass hotfix.Pass, first hotfix.Board) {
	token := hotfix.NewPassToken()
	if err := p.config.SignIn.Sessions.Issue(c.Request.Context(), pass, hotfix.PassDigest(token)); err != nil {
		p.broken(c, err)
		return
	}
	p.config.Log.Info().Str("login", pass.Owner.Login).Str("token", pass.ID).Str("kind", string(pass.Kind)).Msg("a token was made")
	made := &tokenMade{Name: pass.Name, Token: token}
	base := p.config.SignIn.BaseURL
	if pass.Kind == hotfix.PassRead {
		made.Call = "curl -H 'Authorization: Bearer " + token + "' " + base + "/api/v1/boards"
	} else if len(first.Environments) > 0 {
		name := first.Environments[0].Name
		made.Badge = "![" + name + "](" + base + "/badge/" + escaped(first.Name) + "/" + url.PathEscape(name) + ".svg?token=" + token + ")"
	}
	p.showTokens(c, http.StatusOK, "", made)
}

// revokeToken ends a token of one's own, or, for an operator, anybody's.
func (p *Pages) revokeToken(c *gin.Context) {
	v := viewerOf(c)
	if v.session == nil {
		p.nothing(c)
		return
	}
	known, err := p.config.SignIn.Sessions.Revoke(c.Request.Context(), v.owner(), c.Param("id"))
	switch {
	case err != nil:
		p.broken(c, err)
	case !known:
		p.nothing(c)
	default:
		p.config.Log.Info().Str("login", v.session.Account.Login).Str("token", short(c.Param("id"))).Msg("a token was revoked")
		c.Redirect(http.StatusSeeOther, "/tokens")
	}
}
