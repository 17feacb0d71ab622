package dashboard

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// badge is a picture that says what an environment runs and whether it holds or misses
// hotfixes.
type badge struct {
	Label, Says string
	Means       string // in words, what the colour alone says; may be empty
	Colour      string
	LabelWide   int // pixels
	SaysWide    int
}

// The colours of badges: white on each is easy to read.
const (
	badgeGood    = "#17663a"
	badgeRed     = "#b3261e"
	badgeMisses  = "#7a4b00"
	badgeUnknown = "#4d525a"
)

// badgeAge is how long a badge may be shown without being asked for again, in seconds.
const badgeAge = 60

// noBadge is what everybody gets where there is nothing for them: what is private and what
// does not exist are told in the same way.
func noBadge() badge { return newBadge("hotfixbot", "unknown", badgeUnknown) }

// badge answers /badge/{owner}/{repository}/{environment}.svg. It is for everybody: what
// everybody can read on GitHub is shown, and what a token in the address is for.
func (p *Pages) badge(c *gin.Context) {
	_, boards, err := p.kept.read(c.Request.Context(), p.config.Boards)
	if err != nil {
		p.broken(c, err)
		return
	}
	environment, isPicture := strings.CutSuffix(strings.TrimPrefix(c.Param("environment"), "/"), ".svg")
	if !isPicture {
		p.fail(c, http.StatusNotFound, "A badge's address is /badge/, the repository's name, a slash, the environment's name and .svg.")
		return
	}
	token, private := c.GetQuery("token")
	held, shown := p.badgePass(c, token)
	for _, board := range boards {
		if strings.EqualFold(board.Name, c.Param("owner")+"/"+c.Param("repository")) && (board.Public || held[board.Repository] >= hotfix.Read) {
			shown = p.badgeOf(board, environment, c.Query("application"))
		}
	}
	p.picture(c, shown, private)
}

// badgePass is what a badge's token is good for, and the badge where that is nothing.
func (p *Pages) badgePass(c *gin.Context, token string) (map[hotfix.RepositoryID]hotfix.Permission, badge) {
	if token == "" || p.config.SignIn == nil {
		return nil, noBadge()
	}
	pass, ok, err := p.config.SignIn.Sessions.Pass(c.Request.Context(), hotfix.PassDigest(token))
	if err == nil && ok && pass.Kind == hotfix.PassBadge {
		var held map[hotfix.RepositoryID]hotfix.Permission
		if held, err = p.held(c.Request.Context(), pass); err == nil {
			return held, noBadge()
		}
	}
	if err == nil && ok && pass.Kind == hotfix.PassRead {
		return nil, newBadge("hotfixbot", "token is not for badges", badgeUnknown)
	}
	if err != nil {
		p.config.Log.Warn().Err(err).Msg("whether a badge may be shown is not known")
	}
	return nil, noBadge()
}

// picture answers with a badge.
func (p *Pages) picture(c *gin.Context, shown badge, private bool) {
	var body bytes.Buffer
	if err := p.templates.ExecuteTemplate(&body, "badge.svg", shown); err != nil {
		p.broken(c, err)
		return
	}
	whose := "public"
	if private {
		whose = "private"
	}
	tag := `"` + digest(body.String())[:16] + `"`
	header := c.Writer.Header()
	header.Set("Cache-Control", whose+", max-age="+strconv.Itoa(badgeAge))
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Set("ETag", tag)
	if strings.Contains(c.GetHeader("If-None-Match"), tag) {
		c.Status(http.StatusNotModified)
		return
	}
	c.Data(http.StatusOK, "image/svg+xml; charset=utf-8", body.Bytes())
}

// badgeOf is the badge of an environment, by its name or its branch. Where the repository
// has several applications and none is named, all of them count.
func (p *Pages) badgeOf(board hotfix.Board, environment, application string) badge {
	at := -1
	for i, env := range board.Environments {
		if env.Is(environment) {
			at = i
		}
	}
	if at < 0 || board.Environments[at].Absent {
		return noBadge()
	}
	var cells []stage
	for _, l := range p.site(board).lines(board) {
		if application == "" || strings.EqualFold(l.Name, application) {
			cells = append(cells, l.Cells[at])
		}
	}
	if len(cells) == 0 {
		return noBadge()
	}
	return badgeFor(board.Environments[at].Name, cells)
}

// notSolved is what red means.
const notSolved = "not solved"

// badgeFor says what matters most: what is missing, then what is held, then what runs.
func badgeFor(name string, cells []stage) badge {
	missed, held := map[string]mention{}, false
	for _, cell := range cells {
		held = held || cell.Red
		for _, m := range cell.Missed {
			missed[m.Path] = m
		}
	}
	runs := "no release"
	switch {
	case len(cells) > 1 && held:
		runs = notSolved
	case len(cells) > 1:
		runs = "contained"
	case cells[0].Version != "":
		runs = cells[0].Version + cells[0].Mark
	}
	switch {
	case len(missed) > 1:
		return newBadge(name, "misses "+strconv.Itoa(len(missed))+" hotfixes", badgeMisses)
	case len(missed) == 1:
		for _, m := range missed {
			return newBadge(name, "misses "+m.Name, badgeMisses)
		}
	case held:
		shown := newBadge(name, runs, badgeRed)
		if runs != notSolved {
			shown.Means = notSolved
		}
		return shown
	case runs == "no release":
		return newBadge(name, runs, badgeUnknown)
	}
	return newBadge(name, runs, badgeGood)
}

// newBadge is a badge with its measures.
func newBadge(label, says, colour string) badge {
	label, says = clip(label), clip(says)
	// What it says is bold.
	return badge{Label: label, Says: says, Colour: colour, LabelWide: wide(label), SaysWide: wide(says) * 11 / 10}
}

// mostBadge is how long each part of a badge may be, in characters.
const mostBadge = 40

func clip(text string) string {
	if r := []rune(text); len(r) > mostBadge {
		return string(r[:mostBadge-1]) + "…"
	}
	return text
}

// wide is about how wide a text is in a badge's type, in pixels; the picture makes the
// text fit.
func wide(text string) int {
	tenths := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune("fijlrtI.,:;'|!()[]- ", r):
			tenths += 42
		case strings.ContainsRune("mwMW%@", r):
			tenths += 105
		case strings.ContainsRune("acekosvxyzLJ", r):
			tenths += 62
		case strings.ContainsRune("ABCDGHNOPQRSUVXYZ", r):
			tenths += 78
		case r >= 0x1100: // ideographs and the like
			tenths += 120
		default:
			tenths += 70
		}
	}
	return (tenths + 9) / 10
}

// The places of the parts, in pixels.
func (b badge) LabelBox() int { return b.LabelWide + 12 }

// SaysBox is how wide the right part is.
func (b badge) SaysBox() int { return b.SaysWide + 12 }

// Wide is how wide the picture is.
func (b badge) Wide() int { return b.LabelBox() + b.SaysBox() }

// SaysAt is where the right text begins.
func (b badge) SaysAt() int { return b.LabelBox() + 6 }
