package githubsim

import (
	"encoding/base64"
	"path"
	"strings"
)

func contentRoutes() []route {
	write := writes(RoleWrite, "contents")
	return []route{
		{"GET", "/repos/:owner/:repo/contents", reads("contents"), (*call).getContent},
		{"GET", "/repos/:owner/:repo/contents/*path", reads("contents"), (*call).getContent},
		{"PUT", "/repos/:owner/:repo/contents/*path", write, (*call).putContent},
		{"DELETE", "/repos/:owner/:repo/contents/*path", write, (*call).deleteContent},
	}
}

// getContent shows a file or a folder at a ref.
func (c *call) getContent() (answer, error) {
	ref := c.query.Get("ref")
	if ref == "" {
		ref = c.repo.DefaultBranch
	}
	at, err := c.repo.git.resolve(ref)
	if missing(err) {
		return answer{}, refuse(404, "No commit found for the ref %s", ref)
	}
	if err != nil {
		return answer{}, err
	}
	place := strings.Trim(c.param("path"), "/")
	e, err := c.repo.git.at(at.Tree, place)
	if err != nil {
		return answer{}, err
	}
	if e.Mode == modeDir {
		return c.folder(e, place, ref)
	}
	o, err := c.wireContent(e, place, ref)
	if err != nil {
		return answer{}, err
	}
	blob, err := c.repo.git.object(e.SHA)
	if err == nil && strings.Contains(c.req.Header.Get("Accept"), ".raw") {
		return answer{status: 200, kind: "application/vnd.github.raw; charset=utf-8", body: blob.Data}, nil
	}
	if err == nil && e.Mode != modeLink {
		o["content"], o["encoding"] = wrapped(blob.Data), "base64"
		if len(blob.Data) > 1<<20 {
			o["content"], o["encoding"] = "", "none"
		}
	}
	return ok(o), nil
}

// wrapped is base64 in lines of 60 characters, as GitHub writes it.
func wrapped(data []byte) string {
	text, b := base64.StdEncoding.EncodeToString(data), strings.Builder{}
	for len(text) > 0 {
		n := min(60, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	return b.String()
}

func (c *call) folder(e treeEntry, place, ref string) (answer, error) {
	entries, err := c.repo.git.tree(e.SHA)
	if err != nil {
		return answer{}, err
	}
	out := []object{}
	for _, x := range entries {
		o, err := c.wireContent(x, path.Join(place, x.Name), ref)
		if err != nil {
			return answer{}, err
		}
		delete(o, "target")
		out = append(out, o)
	}
	return ok(out), nil
}

// wireContent is a file, folder, link or submodule without its content.
func (c *call) wireContent(e treeEntry, place, ref string) (object, error) {
	r, esc := c.repo, escapePath(place)
	self := c.inRepo(r, "/contents/%s?ref=%s", esc, escapeName(ref))
	o := object{
		"name": path.Base(place), "path": place, "sha": e.SHA, "size": 0, "url": self, "type": "file",
		"html_url": c.page(r, "/blob/%s/%s", escapeName(ref), esc), "git_url": c.inRepo(r, "/git/blobs/%s", e.SHA),
		"download_url": c.page(r, "/raw/%s/%s", escapeName(ref), esc),
	}
	switch e.Mode {
	case modeDir:
		o["type"], o["download_url"] = "dir", nil
		o["html_url"], o["git_url"] = c.page(r, "/tree/%s/%s", escapeName(ref), esc), c.inRepo(r, "/git/trees/%s", e.SHA)
	case modeGit:
		o["type"], o["download_url"], o["git_url"], o["html_url"] = "submodule", nil, nil, nil
	default:
		blob, err := c.repo.git.object(e.SHA)
		if err != nil {
			return nil, err
		}
		o["size"] = len(blob.Data)
		if e.Mode == modeLink {
			o["type"], o["target"] = "symlink", string(blob.Data)
		}
	}
	o["_links"] = object{"self": self, "git": o["git_url"], "html": o["html_url"]}
	return o, nil
}
