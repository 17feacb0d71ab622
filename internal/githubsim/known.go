package githubsim

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Known is what git has answered before to questions of which the answer follows from the
// objects that they name: objects never change. GitHubs that share it, as copies of one
// do, let git work each of these out once. A question is answered from it only where the
// repository has every object that the question names, so that it is right in each.
type Known struct {
	mu      sync.Mutex
	answers map[string]known
	size    int
}

// known is one answer: what git printed, and that it ended with 1 for "no".
type known struct {
	out string
	no  *gitError
}

// maxKnown is how many bytes of answers are kept; those that come after it are not.
const maxKnown = 256 << 20

// find gives an answer.
func (k *Known) find(key string) (known, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	a, ok := k.answers[key]
	return a, ok
}

// keep remembers an answer.
func (k *Known) keep(key string, a known) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.answers == nil {
		k.answers = map[string]known{}
	}
	if k.size += len(key) + len(a.out); k.size <= maxKnown {
		k.answers[key] = a
	}
}

// timeless are the commands of which the answer follows from the commits that they are
// asked about.
var timeless = map[string]bool{"merge-base": true, "rev-list": true, "diff-tree": true, "log": true}

// idsOf gives the ids in the arguments of a command, and whether its answer follows from
// these objects alone: it names no ref, and not "all".
func idsOf(args []string) (ids []string, ok bool) {
	if !timeless[args[0]] {
		return nil, false
	}
	for _, arg := range args[1:] {
		if arg == "--all" || arg == "--not" {
			return nil, false
		}
		if strings.HasPrefix(arg, "-") {
			continue
		}
		for id := range strings.SplitSeq(strings.TrimPrefix(arg, "^"), "...") {
			if !isSHA(id) {
				return nil, false
			}
			ids = append(ids, id)
		}
	}
	return ids, len(ids) > 0
}

// has tells whether the repository has all these objects.
func (d *gitDir) has(ids []string) bool {
	for _, id := range ids {
		if _, err := os.Stat(filepath.Join(d.path, "objects", id[:2], id[2:])); err == nil {
			continue
		}
		if _, err := d.object(id); err != nil { // in a pack, or in another repository
			return false
		}
	}
	return true
}

// askOnce is run, from what is known where that is possible.
func (d *gitDir) askOnce(ctx context.Context, args ...string) (string, error) {
	ids, fixed := idsOf(args)
	if d.known == nil || !fixed || len(d.extra) > 0 || !d.has(ids) {
		return d.feed(ctx, nil, args...)
	}
	key := strings.Join(args, "\x00")
	a, ok := d.known.find(key)
	if !ok {
		out, err := d.feed(ctx, nil, args...)
		a.out = out
		if errors.As(err, &a.no) && a.no.Code == 1 {
			err = nil
		}
		if err != nil {
			return out, err
		}
		d.known.keep(key, a)
	}
	if a.no != nil {
		return a.out, a.no
	}
	return a.out, nil
}

// fetchIDs gives the ids that a fetch of git's second protocol names, and whether its
// answer follows from these objects alone: it is no list of refs, and wants none by name.
func fetchIDs(body []byte) (ids []string, ok bool) {
	if !bytes.HasPrefix(body, []byte(pkt("command=fetch"))) && !bytes.HasPrefix(body, []byte(pkt("command=fetch\n"))) {
		return nil, false
	}
	for len(body) > 0 {
		if bytes.HasPrefix(body, []byte("0001")) { // between two parts
			body = body[4:]
			continue
		}
		line, flush, rest, err := nextPkt(body)
		if err != nil {
			return nil, false
		}
		body = rest
		if flush {
			continue
		}
		word, id, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch word {
		case "want", "have", "shallow":
			if !isSHA(id) {
				return nil, false
			}
			ids = append(ids, id)
		case "want-ref":
			return nil, false
		}
	}
	return ids, true
}
