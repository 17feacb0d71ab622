package githubsim

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
)

// mostListed is how many of a kind a page lists.
const mostListed = 100

// frontPage is the first page of a repository.
type frontPage struct {
	Issues   []*Issue // newest first, pull requests among them
	Branches []ref
	Tags     []ref
}

func (v *visit) front() (sight, error) {
	var page frontPage
	for _, i := range slices.Backward(v.repo.Issues) {
		if i != nil && len(page.Issues) < mostListed {
			page.Issues = append(page.Issues, i)
		}
	}
	var err error
	if page.Branches, err = v.repo.git.refs(v.ctx, "refs/heads/"); err != nil {
		return sight{}, err
	}
	if page.Tags, err = v.repo.git.refs(v.ctx, "refs/tags/"); err != nil {
		return sight{}, err
	}
	return sight{Title: v.repo.FullName(), name: "front", Body: page}, nil
}

// Short is a ref as people say it.
func (r ref) Short() string {
	_, rest, _ := strings.Cut(strings.TrimPrefix(r.Name, "refs/"), "/")
	return rest
}

// listed is a commit in a list.
type listed struct {
	commit
	Path string
}

// Subject is the first line of the message.
func (c commit) Subject() string { return c.subject() }

// listed reads the commits of a list.
func (v *visit) listed(shas []string) ([]listed, error) {
	commits, err := v.repo.git.commits(shas)
	var all []listed
	for _, c := range commits {
		all = append(all, listed{c, v.path("commit", c.SHA)})
	}
	return all, err
}

// commitPage is a commit with what it changed.
type commitPage struct {
	commit
	Text  string // the message below its first line
	Files []fileChange
}

func (v *visit) commit() (sight, error) {
	x, err := v.repo.git.resolve(v.rest("ref"))
	if err != nil {
		return sight{}, err
	}
	files, err := v.repo.git.diffCommit(v.ctx, x)
	return sight{Title: x.subject(), name: "commit", Body: commitPage{x, x.body(), files}}, err
}

// comparePage is what a head has that its base has not.
type comparePage struct {
	Base, Head    string
	Ahead, Behind int
	Commits       []listed // oldest first, the last of them
	Files         []fileChange
}

func (v *visit) compare() (sight, error) {
	from, to, found := strings.Cut(v.rest("basehead"), "...")
	git := v.repo.git
	base, err := git.resolve(from)
	if !found || err != nil {
		return sight{}, errNotFound
	}
	head, err := git.resolve(to)
	if err != nil {
		return sight{}, err
	}
	fork, err := git.mergeBase(v.ctx, base.SHA, head.SHA)
	if err != nil || fork == "" {
		return sight{}, errNotFound
	}
	page := comparePage{Base: from, Head: to}
	counts, err := git.run(v.ctx, "rev-list", "--left-right", "--count", base.SHA+"..."+head.SHA)
	if err != nil {
		return sight{}, err
	}
	behind, ahead, _ := strings.Cut(strings.TrimSpace(counts), "\t")
	page.Behind, _ = strconv.Atoi(behind)
	page.Ahead, _ = strconv.Atoi(ahead)
	shas, err := git.log(v.ctx, "--reverse", head.SHA, "^"+base.SHA)
	if err != nil {
		return sight{}, err
	}
	if page.Commits, err = v.listed(shas[max(0, len(shas)-mostListed):]); err != nil {
		return sight{}, err
	}
	page.Files, err = git.diff(v.ctx, fork, head.SHA)
	return sight{Title: "Comparing " + from + "..." + to, name: "compare", Body: page}, err
}

// tagPage is a tag, with its release if it has one.
type tagPage struct {
	Name    string
	Target  commit
	Message string // of the annotated tag, if there is no release
	Release *Release
	Text    template.HTML // the release's
	Latest  bool
}

func (v *visit) tag() (sight, error) {
	name := v.rest("tag")
	at, err := v.repo.git.ref("refs/tags/" + name)
	if err != nil {
		return sight{}, err
	}
	page := tagPage{Name: name}
	if page.Target, err = v.repo.git.commit(at.SHA); err != nil {
		return sight{}, err
	}
	page.Release, err = v.repo.release(func(x *Release) bool { return x.TagName == name && !x.Draft })
	if err == nil {
		page.Latest, page.Text = v.repo.latestRelease() == page.Release, v.markdown(page.Release.Body)
	} else if at.Type == "tag" {
		o, err := v.repo.git.object(at.SHA)
		if err != nil {
			return sight{}, err
		}
		page.Message = parseTag(o).Message
	}
	return sight{Title: name, name: "tag", Body: page}, nil
}

// treePage is a branch, or another name of a commit: its files and its newest commits.
type treePage struct {
	Name    string
	Tip     commit
	Files   []string
	Commits []listed // newest first
}

func (v *visit) tree() (sight, error) {
	page := treePage{Name: v.rest("ref")}
	var err error
	git := v.repo.git
	if page.Tip, err = git.resolve(page.Name); err != nil {
		return sight{}, err
	}
	files, err := git.run(v.ctx, "ls-tree", "-r", "-z", "--name-only", page.Tip.SHA)
	if err != nil {
		return sight{}, err
	}
	if page.Files = strings.Split(strings.TrimSuffix(files, "\x00"), "\x00"); len(page.Files) > 10*mostListed {
		page.Files = page.Files[:10*mostListed]
	}
	shas, err := git.log(v.ctx, "--max-count="+strconv.Itoa(mostListed), page.Tip.SHA)
	if err != nil {
		return sight{}, err
	}
	page.Commits, err = v.listed(shas)
	return sight{Title: page.Name, name: "tree", Body: page}, err
}
