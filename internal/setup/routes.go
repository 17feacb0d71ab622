package setup

import (
	"crypto/subtle"
	"io/fs"
	"net/http"
	"strings"
)

// cookie lets a browser in that has shown the key.
const cookie = "hotfixbot-setup"

// ServeHTTP answers the page's requests; they must come from this machine.
func (s *Setup) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.router.ServeHTTP(w, r) }

func (s *Setup) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.now)
	mux.HandleFunc("POST /choose", s.choose)
	mux.HandleFunc("GET /confirm", s.confirm)
	mux.HandleFunc("GET /created", s.created)
	mux.HandleFunc("POST /again", s.again)
	mux.HandleFunc("POST /anew", s.anew)
	mux.HandleFunc("POST /end", s.finish)
	mux.HandleFunc("GET /live", s.live)
	for file, kind := range map[string]string{
		"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml", "live.js": "text/javascript; charset=utf-8",
	} {
		mux.HandleFunc("GET /assets/"+file, s.asset(file, kind))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		s.refuse(w, http.StatusNotFound, "There is nothing at this address.", "Go back to the set-up.")
	})
	return s.protect(mux)
}

// protect lets pass what may come from the person at this machine, and nobody else.
func (s *Setup) protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", s.policy)
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		switch {
		case !loopback(hostname(r.Host)): // a foreign name that was pointed at this machine
			s.refuse(w, http.StatusForbidden, "This page answers under the names of this machine only.", "Open the address that the terminal shows.")
		case s.origin.Check(r) != nil:
			s.refuse(w, http.StatusForbidden, "This was not sent from the set-up's own page.", "Open the page and try it there.")
		case r.Method == http.MethodGet && r.URL.Path == "/" && s.isKey(r.URL.Query().Get("key")):
			http.SetCookie(w, &http.Cookie{Name: cookie, Value: s.key, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
			http.Redirect(w, r, "/", http.StatusSeeOther)
		case !strings.HasPrefix(r.URL.Path, "/assets/") && !s.admitted(r):
			s.refuse(w, http.StatusForbidden, "This browser has not shown the key of the set-up.",
				"Open the whole address that hotfixbot setup printed in the terminal, in this browser; then load this page again.")
		default:
			r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
			next.ServeHTTP(w, r)
		}
	})
}

func (s *Setup) admitted(r *http.Request) bool {
	for _, c := range r.CookiesNamed(cookie) {
		if s.isKey(c.Value) {
			return true
		}
	}
	return false
}

func (s *Setup) isKey(text string) bool {
	return subtle.ConstantTimeCompare([]byte(text), []byte(s.key)) == 1
}

// asset serves a file of the dashboard's. It may be kept: the last page is shown when
// nobody serves any more.
func (s *Setup) asset(file, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		body, err := fs.ReadFile(s.config.Assets, file)
		if err != nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Cache-Control", "private, max-age=600")
		_, _ = w.Write(body) // the browser went away
	}
}
