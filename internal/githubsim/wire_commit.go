package githubsim

import (
	"net/url"
	"strings"
)

// escapeName percent-encodes a name that is one segment of a path.
func escapeName(s string) string { return url.PathEscape(s) }

// unsigned is the verification of a commit without a signature.
func unsigned() object {
	return object{"verified": false, "reason": "unsigned", "signature": nil, "payload": nil, "verified_at": nil}
}

// wireIdent is a person in a commit.
func wireIdent(i ident) object {
	return object{"name": i.Name, "email": i.Email, "date": stamp(i.When)}
}

// trimmed is a message without the line end that git keeps; GitHub shows it so.
func trimmed(message string) string { return strings.TrimRight(message, "\n") }

// wireCommit is a commit as lists and comparisons show it.
func (g *GitHub) wireCommit(r *Repo, c commit) object {
	return object{
		"sha": c.SHA, "node_id": nodeIDOf("C", r, c.SHA), "url": g.inRepo(r, "/commits/%s", c.SHA),
		"html_url": g.page(r, "/commit/%s", c.SHA), "comments_url": g.inRepo(r, "/commits/%s/comments", c.SHA),
		"author": g.wireUser(g.userByEmail(c.Author.Email)), "committer": g.wireUser(g.userByEmail(c.Committer.Email)),
		"parents": g.wireParents(r, c, "/commits/%s"),
		"commit": object{
			"url": g.inRepo(r, "/git/commits/%s", c.SHA), "author": wireIdent(c.Author),
			"committer": wireIdent(c.Committer), "message": trimmed(c.Message), "comment_count": 0,
			"tree":         object{"sha": c.Tree, "url": g.inRepo(r, "/git/trees/%s", c.Tree)},
			"verification": unsigned(),
		},
	}
}

// wireGitCommit is a commit as the git data API shows it.
func (g *GitHub) wireGitCommit(r *Repo, c commit) object {
	return object{
		"sha": c.SHA, "node_id": nodeIDOf("C", r, c.SHA), "url": g.inRepo(r, "/git/commits/%s", c.SHA),
		"html_url": g.page(r, "/commit/%s", c.SHA), "author": wireIdent(c.Author), "committer": wireIdent(c.Committer),
		"message": trimmed(c.Message), "tree": object{"sha": c.Tree, "url": g.inRepo(r, "/git/trees/%s", c.Tree)},
		"parents": g.wireParents(r, c, "/git/commits/%s"), "verification": unsigned(),
	}
}

func (g *GitHub) wireParents(r *Repo, c commit, api string) []object {
	return wireAll(c.Parents, func(sha string) object {
		return object{"sha": sha, "url": g.inRepo(r, api, sha), "html_url": g.page(r, "/commit/%s", sha)}
	})
}

// userByEmail finds who a commit is by; nil for an address that no account has.
func (g *GitHub) userByEmail(email string) *User {
	var found *User
	for _, u := range g.users {
		if email != "" && strings.EqualFold(u.Email, email) && (found == nil || u.ID < found.ID) {
			found = u
		}
	}
	return found
}

// wireFile is a changed file.
func (g *GitHub) wireFile(r *Repo, f fileChange, sha string) object {
	place := escapePath(f.Path)
	o := object{
		"sha": f.blob(), "filename": f.Path, "status": f.Status, "additions": f.Added, "deletions": f.Deleted,
		"changes": f.Added + f.Deleted, "blob_url": g.page(r, "/blob/%s/%s", sha, place),
		"raw_url":      g.page(r, "/raw/%s/%s", sha, place),
		"contents_url": g.inRepo(r, "/contents/%s?ref=%s", place, sha),
	}
	if f.Patch != "" {
		o["patch"] = f.Patch
	}
	if f.From != "" {
		o["previous_filename"] = f.From
	}
	return o
}

// wireRef is a ref as the git data API shows it.
func (g *GitHub) wireRef(r *Repo, x ref) object {
	kind := x.Type
	return object{
		"ref": x.Name, "node_id": nodeIDOf("REF", r, x.Name), "url": g.inRepo(r, "/git/%s", escapePath(x.Name)),
		"object": object{"type": kind, "sha": x.SHA, "url": g.inRepo(r, "/git/%ss/%s", kind, x.SHA)},
	}
}

// wireTag is an annotated tag as the git data API shows it.
func (g *GitHub) wireTag(r *Repo, t tag) object {
	return object{
		"node_id": nodeIDOf("TA", r, t.SHA), "tag": t.Name, "sha": t.SHA, "url": g.inRepo(r, "/git/tags/%s", t.SHA),
		"message": trimmed(t.Message), "tagger": wireIdent(t.Tagger), "verification": unsigned(),
		"object": object{"sha": t.Object, "type": t.Type, "url": g.inRepo(r, "/git/%ss/%s", t.Type, t.Object)},
	}
}
