package githubsim

import (
	"encoding/base64"
	"path"
	"strings"
	"unicode/utf8"
)

// objectParam reads the object that the path names, which must be of that type.
func (c *call) objectParam(kind string) (gitObject, error) {
	sha := c.param("sha")
	if !isSHA(sha) {
		return gitObject{}, errNotFound
	}
	o, err := c.repo.git.object(sha)
	if err == nil && o.Type != kind {
		return gitObject{}, errNotFound
	}
	return o, err
}

func (c *call) getGitCommit() (answer, error) {
	o, err := c.objectParam("commit")
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireGitCommit(c.repo, parseCommit(o))), nil
}

func (c *call) createGitCommit() (answer, error) {
	var in struct {
		Message   *string    `json:"message"`
		Tree      string     `json:"tree"`
		Parents   []string   `json:"parents"`
		Author    *givenName `json:"author"`
		Committer *givenName `json:"committer"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if in.Message == nil {
		return answer{}, refuse(422, "Invalid request.\n\n\"message\" wasn't supplied.")
	}
	if o, err := c.repo.git.object(in.Tree); err != nil || o.Type != "tree" || !isSHA(in.Tree) {
		return answer{}, refuse(422, "Tree SHA does not exist")
	}
	for _, p := range in.Parents {
		if o, err := c.repo.git.object(p); err != nil || o.Type != "commit" || !isSHA(p) {
			return answer{}, refuse(422, "Parent SHA does not exist or is not a commit object")
		}
	}
	author := in.Author.or(c.person(c.actor.User))
	sha, err := c.repo.git.writeCommit(commit{
		Tree: in.Tree, Parents: in.Parents, Author: author, Committer: in.Committer.or(author), Message: *in.Message,
	})
	if err != nil {
		return answer{}, err
	}
	made, err := c.repo.git.commit(sha)
	return created(c.wireGitCommit(c.repo, made)), err
}

func (c *call) getGitTag() (answer, error) {
	o, err := c.objectParam("tag")
	if err != nil {
		return answer{}, err
	}
	return ok(c.wireTag(c.repo, parseTag(o))), nil
}

// createGitTag makes the object; a ref has to be made after it.
func (c *call) createGitTag() (answer, error) {
	var in struct {
		Tag     string     `json:"tag"`
		Message string     `json:"message"`
		Object  string     `json:"object"`
		Type    string     `json:"type"`
		Tagger  *givenName `json:"tagger"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	if !validRefName("refs/tags/" + in.Tag) {
		return answer{}, refuse(422, "%q is not a valid tag name.", in.Tag)
	}
	o, err := c.repo.git.object(in.Object)
	if err != nil || !isSHA(in.Object) || o.Type != in.Type {
		return answer{}, refuse(422, "Object does not exist or is not a %s", in.Type)
	}
	text := "object " + in.Object + "\ntype " + in.Type + "\ntag " + in.Tag + "\ntagger " +
		in.Tagger.or(c.person(c.actor.User)).String() + "\n\n" + strings.TrimRight(in.Message, "\n") + "\n"
	sha, err := c.repo.git.write("tag", []byte(text))
	if err != nil {
		return answer{}, err
	}
	made, err := c.repo.git.object(sha)
	return created(c.wireTag(c.repo, parseTag(made))), err
}

func (c *call) getBlob() (answer, error) {
	o, err := c.objectParam("blob")
	if err != nil {
		return answer{}, err
	}
	if strings.Contains(c.req.Header.Get("Accept"), ".raw") {
		return answer{status: 200, kind: "application/vnd.github.raw; charset=utf-8", body: o.Data}, nil
	}
	return ok(object{
		"sha": o.SHA, "node_id": nodeIDOf("B", c.repo, o.SHA), "size": len(o.Data),
		"url": c.inRepo(c.repo, "/git/blobs/%s", o.SHA), "content": wrapped(o.Data), "encoding": "base64",
	}), nil
}

func (c *call) createBlob() (answer, error) {
	in := struct {
		Content  string `json:"content"`
		Encoding string `json:"encoding"`
	}{Encoding: "utf-8"}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	data := []byte(in.Content)
	if in.Encoding == "base64" {
		var err error
		if data, err = base64.StdEncoding.DecodeString(strings.ReplaceAll(in.Content, "\n", "")); err != nil {
			return answer{}, refuse(422, "content is not valid Base64")
		}
	}
	sha, err := c.repo.git.write("blob", data)
	return created(object{"sha": sha, "url": c.inRepo(c.repo, "/git/blobs/%s", sha)}), err
}

func (c *call) getTree() (answer, error) {
	spec := c.rest("sha")
	if !isSHA(spec) {
		at, err := c.repo.git.resolve(spec)
		if err != nil {
			return answer{}, err
		}
		spec = at.Tree
	}
	o, err := c.repo.git.object(spec + "^{tree}")
	if err != nil {
		return answer{}, err
	}
	return c.wireTree(o.SHA, c.query.Get("recursive") != "")
}

func (c *call) wireTree(sha string, deep bool) (answer, error) {
	out := []object{}
	if err := c.addEntries(&out, sha, "", deep); err != nil {
		return answer{}, err
	}
	return ok(object{"sha": sha, "url": c.inRepo(c.repo, "/git/trees/%s", sha), "tree": out, "truncated": false}), nil
}

func (c *call) addEntries(out *[]object, sha, below string, deep bool) error {
	entries, err := c.repo.git.tree(sha)
	if err != nil {
		return err
	}
	for _, e := range entries {
		o := object{"path": path.Join(below, e.Name), "mode": e.Mode, "type": e.kind(), "sha": e.SHA}
		if e.Mode != modeGit {
			o["url"] = c.inRepo(c.repo, "/git/%ss/%s", e.kind(), e.SHA)
		}
		if e.kind() == "blob" {
			blob, err := c.repo.git.object(e.SHA)
			if err != nil {
				return err
			}
			o["size"] = len(blob.Data)
		}
		*out = append(*out, o)
		if deep && e.Mode == modeDir {
			if err := c.addEntries(out, e.SHA, path.Join(below, e.Name), deep); err != nil {
				return err
			}
		}
	}
	return nil
}

// newEntry is an entry of POST trees: content, or the id of an object, or null to remove.
type newEntry struct {
	Path    string  `json:"path"`
	Mode    string  `json:"mode"`
	Type    string  `json:"type"`
	SHA     *string `json:"sha"`
	Content *string `json:"content"`
}

func (c *call) createTree() (answer, error) {
	var in struct {
		Base string     `json:"base_tree"`
		Tree []newEntry `json:"tree"`
	}
	if err := c.decode(&in); err != nil {
		return answer{}, err
	}
	base := ""
	if in.Base != "" {
		o, err := c.repo.git.object(in.Base + "^{tree}")
		if err != nil {
			return answer{}, refuse(422, "base_tree is not a valid tree oid")
		}
		base = o.SHA
	}
	edits := map[string]*treeEntry{}
	for _, e := range in.Tree {
		entry, err := c.entry(e)
		if err != nil {
			return answer{}, err
		}
		edits[e.Path] = entry
	}
	sha, err := c.repo.git.editTree(base, edits)
	if err != nil {
		return answer{}, err
	}
	a, err := c.wireTree(sha, false)
	a.status = 201
	return a, err
}

// entry makes the object of an entry where content is given.
func (c *call) entry(e newEntry) (*treeEntry, error) {
	modes := map[string]string{modeFile: "blob", modeExec: "blob", modeLink: "blob", modeDir: "tree", modeGit: "commit"}
	if e.Path == "" || !utf8.ValidString(e.Path) || strings.Contains("/"+e.Path+"/", "/../") || strings.HasPrefix(e.Path, "/") {
		return nil, refuse(422, "tree.path contains a malformed path component")
	}
	if e.Content == nil && e.SHA == nil {
		return nil, nil
	}
	if modes[e.Mode] == "" {
		return nil, refuse(422, "Must supply a valid tree.mode")
	}
	if e.Content != nil {
		sha, err := c.repo.git.write("blob", []byte(*e.Content))
		return &treeEntry{Mode: e.Mode, SHA: sha}, err
	}
	o, err := c.repo.git.object(*e.SHA)
	if e.Mode != modeGit && (err != nil || o.Type != modes[e.Mode]) {
		return nil, refuse(422, "tree.sha %s is not a valid %s", *e.SHA, modes[e.Mode])
	}
	return &treeEntry{Mode: e.Mode, SHA: *e.SHA}, nil
}
