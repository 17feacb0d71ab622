package githubsim

import (
	"bytes"
	"html/template"
	"net/url"
	"strconv"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown renders what somebody wrote. goldmark leaves HTML out, and with it the hidden
// comments, and addresses of scripts. Addresses of other sites are told and not linked: the
// simulated website leads nowhere else.
func (v *visit) markdown(source string) template.HTML {
	if source == "" {
		return ""
	}
	md := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough),
		goldmark.WithParserOptions(parser.WithInlineParsers(util.Prioritized(&mentions{v}, 500))),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(&siteRenderer{v}, 100))),
	)
	var out bytes.Buffer
	if err := md.Convert([]byte(source), &out); err != nil {
		return template.HTML(template.HTMLEscapeString(source))
	}
	return template.HTML(out.String()) // escaped by goldmark, whose unsafe mode is off
}

// mentions makes links of "#12" where there is such an issue, as GitHub does.
type mentions struct{ visit *visit }

// Trigger is what a mention begins with.
func (*mentions) Trigger() []byte { return []byte{'#'} }

// Parse reads a mention.
func (m *mentions) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	if before := block.PrecendingCharacter(); unicode.IsLetter(before) || unicode.IsDigit(before) || before == '&' || before == '/' {
		return nil
	}
	rest, segment := block.PeekLine()
	end := 1
	for end < len(rest) && '0' <= rest[end] && rest[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(string(rest[1:end]))
	if err != nil || m.visit.repo.issue(n) == nil {
		return nil
	}
	link := ast.NewLink()
	link.Destination = []byte(m.visit.url + m.visit.path("issues", strconv.Itoa(n)))
	link.AppendChild(link, ast.NewTextSegment(text.NewSegment(segment.Start, segment.Start+end)))
	block.Advance(end)
	return link
}

// siteRenderer renders links, pictures and HTML in its own way.
type siteRenderer struct{ visit *visit }

// RegisterFuncs tells goldmark which nodes those are.
func (r *siteRenderer) RegisterFuncs(on renderer.NodeRendererFuncRegisterer) {
	on.Register(ast.KindLink, r.link)
	on.Register(ast.KindAutoLink, r.autoLink)
	on.Register(ast.KindImage, r.image)
	on.Register(ast.KindHTMLBlock, r.nothing)
	on.Register(ast.KindRawHTML, r.nothing)
}

func (r *siteRenderer) link(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	address := string(node.(*ast.Link).Destination)
	path, here := r.visit.local(address)
	switch {
	case here && entering:
		_, _ = w.WriteString(`<a href="` + template.HTMLEscapeString(path) + `">`)
	case here:
		_, _ = w.WriteString(`</a>`)
	case entering:
		_, _ = w.WriteString(`<span class="away" title="` + template.HTMLEscapeString(address) + `">`)
	default:
		_, _ = w.WriteString(`</span>`)
	}
	return ast.WalkContinue, nil
}

func (r *siteRenderer) autoLink(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.Write(util.EscapeHTML(node.(*ast.AutoLink).Label(source)))
	}
	return ast.WalkContinue, nil
}

// image tells of a picture by the words in its place: it may be on another site.
func (r *siteRenderer) image(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkContinue, nil
}

func (r *siteRenderer) nothing(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkSkipChildren, nil
}

// local tells whether an address is one of this GitHub, and gives its path.
func (g *GitHub) local(address string) (path string, ok bool) {
	u, err := url.Parse(address)
	root, broken := url.Parse(g.url)
	if err != nil || broken != nil || u.Scheme != root.Scheme || u.Host != root.Host {
		return "", false
	}
	path = u.EscapedPath()
	if u.Fragment != "" {
		path += "#" + u.EscapedFragment()
	}
	return path, true
}
