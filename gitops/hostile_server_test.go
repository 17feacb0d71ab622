package gitops

import (
	"bytes"
	"compress/zlib"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// hostileServer speaks git's protocol 2 as an attacker likes to.
type hostileServer struct {
	refs func(send func(line string) error) // answers ls-refs
	pack func(out io.Writer)                // answers fetch
}

func pktLine(data string) string { return fmt.Sprintf("%04x%s", len(data)+4, data) }

func (s hostileServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		w.Header().Set("Content-Type", "application/x-git-upload-pack-advertisement")
		w.Write([]byte(pktLine("# service=git-upload-pack\n") + "0000" + pktLine("version 2\n") + pktLine("ls-refs\n") + pktLine("fetch=shallow filter\n") + pktLine("object-format=sha1\n") + "0000"))
		return
	}
	asked, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	w.Header().Set("Content-Type", "application/x-git-upload-pack-result")
	if bytes.Contains(asked, []byte("command=ls-refs")) {
		s.refs(func(line string) error {
			_, err := io.WriteString(w, pktLine(line))
			return err
		})
		w.Write([]byte("0000"))
		return
	}
	w.Write([]byte(pktLine("packfile\n")))
	s.pack(band{w})
}

// band sends data as the pack of a fetch.
type band struct{ io.Writer }

func (b band) Write(p []byte) (int, error) {
	for part := range slices.Chunk(p, 60_000) {
		if _, err := io.WriteString(b.Writer, pktLine("\x01"+string(part))); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

func (f *fence) against(t *testing.T, s hostileServer) *Job {
	t.Helper()
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	j, err := f.engine.Open(t.Context(), Remote{URL: web.URL + "/shop.git"})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

// Names in an advertisement are anything; what comes out of them can be pushed to.
func TestHostileRefs(t *testing.T) {
	f := newFence(t, Limits{})
	read := 0
	for _, name := range []string{
		"refs/heads/-x", "refs/heads/--upload-pack=touch", "refs/heads/..", "refs/heads/../../canary", "refs/heads/a..b", "refs/heads/a\nb",
		"refs/heads/a\tb", "refs/heads/a\x00b", "refs/heads/\x1b[31mred", "refs/heads/a b", "refs/heads/", "refs/heads/.git", "refs/heads/x.lock",
		"refs/heads/@{u}", "refs/heads/" + strings.Repeat("x", 4000), "refs/tags/-v", "refs/tags/v^{}^{}", "refs/tags/../heads/main", "HEAD", "", "../config",
		"refs/heads/a symref-target:refs/heads/b", "refs/tags/v peeled:HEAD",
	} {
		j := f.against(t, hostileServer{refs: func(send func(string) error) {
			_ = send(moduleA + " refs/heads/main\n") // git may have heard enough
			_ = send(moduleB + " " + name + "\n")
		}})
		refs, err := j.Refs(t.Context())
		for branch := range refs.Branches {
			if !validName(branch) {
				t.Errorf("%q: branch %q", name, branch)
			}
		}
		for _, tag := range refs.Tags {
			if !validName(tag.Name) || !tag.Commit.Valid() {
				t.Errorf("%q: tag %+v", name, tag)
			}
		}
		if err == nil {
			read++
		}
		if err == nil && refs.Branches["main"] != moduleA {
			t.Errorf("%q: %+v", name, refs)
		}
		if err := j.Close(); err != nil {
			t.Error(err)
		}
	}
	if read < 10 { // some are an error of the protocol
		t.Errorf("only %d advertisements were read: this test tells nothing", read)
	}
	f.untouched(t)
}

func TestEndlessRefsAreBounded(t *testing.T) {
	linuxOnly(t)
	f := newFence(t, Limits{Memory: 48 << 20})
	j := f.against(t, hostileServer{refs: func(send func(string) error) {
		for i := 0; send(fmt.Sprintf("%s refs/heads/%0200d\n", moduleA, i)) == nil; i++ {
		}
	}})
	_, err := j.Refs(t.Context())
	exceeds(t, err, Memory)
	closed(t, j)
	f.untouched(t)
}

// A pack that never ends: one blob of a terabyte.
func TestEndlessPackIsBounded(t *testing.T) {
	f := newFence(t, Limits{Bytes: 1 << 20})
	j := f.against(t, hostileServer{pack: func(out io.Writer) {
		out.Write([]byte("PACK\x00\x00\x00\x02\x00\x00\x00\x01"))
		size := uint64(1) << 40
		head := []byte{byte(3<<4|size&15) | 0x80} // a blob
		for size >>= 4; size > 0; size >>= 7 {
			b := byte(size & 0x7f)
			if size > 0x7f {
				b |= 0x80
			}
			head = append(head, b)
		}
		out.Write(head)
		z, _ := zlib.NewWriterLevel(out, zlib.NoCompression)
		r, block := rand.New(rand.NewPCG(1, 2)), make([]byte, 64<<10)
		for {
			for i := range block {
				block[i] = byte(r.Uint32())
			}
			if _, err := z.Write(block); err != nil {
				return
			}
		}
	}})
	exceeds(t, j.Fetch(context.WithoutCancel(t.Context()), hotfix.OID(moduleA)), Disk)
	closed(t, j)
	f.untouched(t)
}
