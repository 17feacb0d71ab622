package githubsim

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
)

// gitCall is one request of a git client.
type gitCall struct {
	repo  *Repo
	actor Actor
	token *token
}

// gitAccess tells who asks for which repository, and whether they may. The lock is held.
func (g *GitHub) gitAccess(r *http.Request, param func(string) string, push bool) (gitCall, error) {
	actor, tok, err := g.authenticate(r)
	c := gitCall{actor: actor, token: tok}
	if err != nil || actor.App != nil && tok == nil || actor.Through != nil { // git with a user access token is not simulated
		return c, &refusal{status: 401, message: "Bad credentials", header: askForPassword()}
	}
	c.repo, _ = g.findRepo(param("owner"), strings.TrimSuffix(param("repo"), ".git"))
	switch {
	case (c.repo == nil || c.repo.Private || push) && actor.User == nil:
		return c, &refusal{status: 401, message: "Authentication required", header: askForPassword()}
	case c.repo == nil || !sees(actor, tok, c.repo):
		return c, refuse(404, "Repository not found.")
	case tok != nil && tok.reaches(c.repo) && !tok.allows("contents", "read"):
		return c, refuse(403, "Resource not accessible by integration")
	case !push:
		return c, nil
	case tok != nil && (!tok.reaches(c.repo) || !tok.allows("contents", "write")):
		return c, refuse(403, "Write access to repository not granted.")
	case tok == nil && c.repo.role(actor.User) < RoleWrite:
		return c, refuse(403, "Permission to %s.git denied to %s.", c.repo.FullName(), actor.User.Login)
	case c.repo.Archived:
		return c, refuse(403, "This repository was archived so it is read-only.")
	}
	return c, nil
}

// askForPassword makes git send the credentials that it has.
func askForPassword() http.Header {
	return http.Header{"Www-Authenticate": {`Basic realm="GitHub"`}}
}

// refuseGit answers a git client in plain text, which it shows to the person.
func (g *GitHub) refuseGit(w http.ResponseWriter, r *http.Request, who Actor, err error) {
	var x *refusal
	if !errors.As(err, &x) {
		x = &refusal{status: http.StatusInternalServerError, message: err.Error()}
	}
	status := g.send(w, r, answer{status: x.status, header: x.header, kind: "text/plain; charset=utf-8", body: []byte(x.message + "\n")})
	g.note(r, r.URL.EscapedPath(), who, status, false)
}

// gitAdvertise answers GET info/refs: what the server has and can do.
func (g *GitHub) gitAdvertise(w http.ResponseWriter, r *http.Request, param func(string) string) {
	service := strings.TrimPrefix(r.URL.Query().Get("service"), "git-")
	g.mu.Lock()
	defer g.mu.Unlock()
	if service != "upload-pack" && service != "receive-pack" {
		g.refuseGit(w, r, Actor{}, refuse(403, "Please upgrade your git client.")) // the dumb protocol
		return
	}
	c, err := g.gitAccess(r, param, service == "receive-pack")
	if err != nil {
		g.refuseGit(w, r, c.actor, err)
		return
	}
	version := r.Header.Get("Git-Protocol")
	out, err := c.repo.git.advertise(r.Context(), service, version)
	if err != nil {
		g.refuseGit(w, r, c.actor, err)
		return
	}
	if service == "receive-pack" || !strings.Contains(version, "version=2") {
		out = pkt("# service=git-"+service+"\n") + flushPkt + out
	}
	status := g.sendGit(w, r, "application/x-git-"+service+"-advertisement", []byte(out))
	g.note(r, r.URL.EscapedPath(), c.actor, status, false)
}

// advertise gives what git says of a repository to a client of a protocol. To a fetch by
// the second protocol that is the same of every repository: refs are asked for later.
func (d *gitDir) advertise(ctx context.Context, service, version string) (string, error) {
	key := service + "\x00" + version
	same := d.known != nil && service == "upload-pack" && version == "version=2"
	if same {
		if a, ok := d.known.find(key); ok {
			return a.out, nil
		}
	}
	cmd := d.command(ctx, service, "--stateless-rpc", "--advertise-refs", d.path)
	cmd.Env = append(cmd.Env, "GIT_PROTOCOL="+version)
	out, err := output(cmd, service)
	if same && err == nil {
		d.known.keep(key, known{out: out})
	}
	return out, err
}

// sendGit answers bytes that must not be cached.
func (g *GitHub) sendGit(w http.ResponseWriter, r *http.Request, kind string, body []byte) int {
	w.Header().Set("Cache-Control", "no-cache, max-age=0, must-revalidate")
	w.Header().Set("Content-Type", kind)
	g.usualHeaders(w.Header())
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body)
	return http.StatusOK
}

// gitBody gives the body of a git request, unpacked where the client packed it.
func gitBody(r *http.Request) (io.Reader, error) {
	if r.Header.Get("Content-Encoding") == "gzip" {
		return gzip.NewReader(r.Body)
	}
	return r.Body, nil
}

// gitUpload answers a fetch. The pack is made outside the lock: it only reads.
func (g *GitHub) gitUpload(w http.ResponseWriter, r *http.Request, param func(string) string) {
	c, body, ok := g.beginUpload(w, r, param)
	if !ok {
		return
	}
	c.repo.git.upload(r.Context(), r.Header.Get("Git-Protocol"), body, flushing{w})
}

// upload has git answer a fetch. What went wrong is in the stream, in git's own words.
func (d *gitDir) upload(ctx context.Context, version string, in io.Reader, to io.Writer) {
	var asked, answered bytes.Buffer
	fixed := false
	if d.known != nil {
		_, _ = asked.ReadFrom(in)
		ids, ok := fetchIDs(asked.Bytes())
		in, fixed = &asked, ok && d.has(ids)
	}
	key := version + "\x00" + asked.String()
	if fixed {
		if a, ok := d.known.find(key); ok {
			_, _ = io.WriteString(to, a.out)
			return
		}
		to = io.MultiWriter(to, &answered)
	}
	cmd := d.command(ctx, "upload-pack", "--stateless-rpc", d.path)
	cmd.Env = append(cmd.Env, "GIT_PROTOCOL="+version)
	cmd.Stdin, cmd.Stdout = in, to
	if cmd.Run() == nil && fixed {
		d.known.keep(key, known{out: answered.String()})
	}
}

// beginUpload admits a fetch and sends the head of the answer.
func (g *GitHub) beginUpload(w http.ResponseWriter, r *http.Request, param func(string) string) (gitCall, io.Reader, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	c, err := g.gitAccess(r, param, false)
	var body io.Reader
	if err == nil {
		body, err = gitBody(r)
	}
	if err != nil {
		g.refuseGit(w, r, c.actor, err)
		return c, nil, false
	}
	status := g.sendGit(w, r, "application/x-git-upload-pack-result", nil)
	g.note(r, r.URL.EscapedPath(), c.actor, status, false)
	return c, body, true
}

// flushing passes each piece on at once, so that progress is seen.
type flushing struct{ w http.ResponseWriter }

func (f flushing) Write(p []byte) (int, error) {
	n, err := f.w.Write(p)
	if fl, ok := f.w.(http.Flusher); ok {
		fl.Flush()
	}
	return n, err
}
