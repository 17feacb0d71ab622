package e2e_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// acts stands before GitHub and writes down what the App changes there, each
// thing as one canonical sentence (sentence_test.go).
type acts struct {
	git string // the folder of the bare repositories

	mu        sync.Mutex
	sentences []string
	comments  map[int64]remark // all comments that anybody wrote
	came      []string         // the tokens of all requests, each once
}

// remark is what a sentence about a comment needs to know of it.
type remark struct {
	issue  int
	author string
	body   string
}

func newActs(git string) *acts { return &acts{git: git, comments: map[int64]remark{}} }

// mark is where the book stands now.
func (a *acts) mark() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.sentences)
}

// all are the sentences after a mark, as they were said.
func (a *acts) all(mark int) []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.sentences[mark:])
}

// since is the set of sentences after a mark, sorted.
func (a *acts) since(mark int) []string {
	set := a.all(mark)
	slices.Sort(set)
	return slices.Compact(set)
}

// exchange is a request with its answer.
type exchange struct {
	method, path string
	byApp        bool
	sent         []byte
	status       int
	answer       []byte
}

// watch passes requests on and writes down what came of them, before the client
// has its answer.
func (a *acts) watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.saw(secretOf(r.Header))
		if r.Method == http.MethodGet || strings.HasSuffix(r.URL.Path, "/git-upload-pack") {
			next.ServeHTTP(w, r)
			return
		}
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		kept := &keeper{header: http.Header{}, status: http.StatusOK}
		next.ServeHTTP(kept, r)
		a.note(exchange{
			method: r.Method, path: r.URL.Path, byApp: byApp(r.Header), sent: sent,
			status: kept.status, answer: kept.body.Bytes(),
		})
		kept.send(w)
	})
}

// note writes an exchange down.
func (a *acts) note(e exchange) {
	a.mu.Lock()
	defer a.mu.Unlock()
	said := a.tell(e)
	if e.byApp {
		a.sentences = append(a.sentences, said...)
	}
}

// byApp tells whether a request carries an installation token, as REST and
// GraphQL or as git do it.
func byApp(header http.Header) bool { return strings.HasPrefix(secretOf(header), "ghs_") }

// keeper keeps an answer until it is sent.
type keeper struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is that of the answer.
func (k *keeper) Header() http.Header { return k.header }

// WriteHeader keeps the status.
func (k *keeper) WriteHeader(status int) { k.status = status }

// Write keeps a part of the body.
func (k *keeper) Write(p []byte) (int, error) { return k.body.Write(p) }

func (k *keeper) send(w http.ResponseWriter) {
	for name, values := range k.header {
		w.Header()[name] = values
	}
	w.WriteHeader(k.status)
	w.Write(k.body.Bytes())
}
