package dashboard

import (
	"context"
	"errors"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// ask takes what a person asks for on a hotfix's page. It is stored and done by the next
// reconcile, which reads it as it reads a comment with the same command, and asks for
// the person's role once more.
func (p *Pages) ask(c *gin.Context) {
	s := viewerOf(c).session
	if s == nil {
		p.fail(c, http.StatusForbidden, "Sign in to do that: the bot has to know who asks.")
		return
	}
	_, one, ok := p.hotfixNow(c)
	if !ok {
		return
	}
	back := pathOf(one.status.Key)
	command, problem := commandOf(one.status, c.PostForm("word"), c.PostForm("environment"), c.PostForm("reason"))
	if problem != "" {
		p.refuse(c, http.StatusUnprocessableEntity, back, problem)
		return
	}
	role, err := p.roleNow(c.Request.Context(), s, one.board)
	if gone := (*hotfix.Gone)(nil); errors.As(err, &gone) {
		p.nothing(c)
		return
	} else if err != nil {
		p.broken(c, err)
		return
	}
	if needs := needed(one.board, command.Word()); role < needs {
		p.refuse(c, http.StatusForbidden, back, "It needs the role "+needs.String()+" in "+one.board.Name+", and you have "+role.String()+".")
		return
	}
	p.act(c, one, hotfix.Intent{
		ID:     digest(s.ID + "\n" + back + "\n" + command.Word() + "\n" + command.Environment + "\n" + c.PostForm("after"))[:32],
		Person: s.Account.Login, At: p.config.Now(), Asked: &command, Pull: one.status.Key.Pull,
	})
}

// act stores what may be done, and shows the hotfix with it.
func (p *Pages) act(c *gin.Context, one found, action hotfix.Intent) {
	ctx, key := c.Request.Context(), one.status.Key
	waiting, again := 0, false
	asked, err := p.config.SignIn.Actions.Actions(ctx, key.Repository, key.Pull, mostWaiting)
	for _, a := range asked {
		if !a.Answered {
			waiting++
		}
		again = again || a.ID == action.ID
	}
	if now := outdated(one.status, *action.Asked); err == nil && now != "" && !again {
		p.refuse(c, http.StatusConflict, pathOf(key), now)
		return
	}
	if err == nil && waiting >= mostWaiting {
		p.refuse(c, http.StatusTooManyRequests, pathOf(key), "So much was asked for that is not done yet. Wait until the bot has caught up.")
		return
	}
	if err == nil {
		err = p.config.SignIn.Actions.Act(ctx, key.Repository, action)
	}
	if err != nil {
		p.broken(c, err)
		return
	}
	p.config.Log.Info().Str("login", action.Person).Int64("repository", int64(key.Repository)).
		Str("name", one.board.Name).Str("hotfix", key.String()).Str("delivery", action.ID).Str("command", action.Asked.Word()).Msg("asked on the page")
	c.Redirect(http.StatusSeeOther, pathOf(key)+"#asked")
}

// roleNow is what somebody may do in a repository, asked of GitHub at once: with the
// person's token whether they can read it, and as for a command what their role is. That
// they cannot read it is a *hotfix.Gone, and nothing is remembered of what they could.
func (p *Pages) roleNow(ctx context.Context, s *session, board hotfix.Board) (hotfix.Permission, error) {
	mine := p.reaches.of(s.ID, p.config.Now())
	defer mine.mu.Unlock()
	mine.roles = nil
	token, err := p.token(ctx, s)
	if err != nil {
		return hotfix.NoPermission, asking(err)
	}
	if _, err := p.config.SignIn.People.Role(ctx, token, board.Repository, board.Name); err != nil {
		return hotfix.NoPermission, asking(err)
	}
	role, err := p.config.SignIn.People.Still(ctx, board.Repository, s.Account)
	if err != nil {
		return hotfix.NoPermission, asking(err)
	}
	return role, nil
}
