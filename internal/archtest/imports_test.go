package archtest_test

import (
	"slices"
	"strings"
	"testing"
)

// room is a package, or a folder of packages, and what of the project it may
// import outside its tests.
type room struct {
	folder string
	may    []string
	why    string
}

// everything stands for all rooms.
const everything = "*"

// rooms are all packages of the project. Tests may import what they like.
var rooms = []room{
	{"internal/hotfix", nil, "it is where all arrows end: the domain knows nobody"},
	{"internal/trail", []string{"internal/hotfix"}, "it names what is worked on in the domain's words, and knows nobody who works"},
	{"internal/tracing", []string{"internal/trail"}, "it sends spans, and knows nobody who makes them"},
	{"internal/spelling", nil, "it knows words, nothing of this project"},
	{"internal/naming", []string{"internal/hotfix"}, "a name is a function of facts, not of configuration or commands"},
	{"internal/command", []string{"internal/hotfix", "internal/naming", "internal/spelling"}, "parsing looks at the text alone"},
	{"internal/repoconfig", []string{"internal/hotfix", "internal/naming", "internal/spelling"}, "parsing looks at the file alone"},
	{"internal/render", []string{"internal/hotfix", "internal/naming", "internal/command"}, "words are a pure function of the domain"},
	{
		"bot", []string{"internal/hotfix", "internal/naming", "internal/command", "internal/repoconfig", "internal/render", "internal/doctor", "internal/trail"},
		"it owns the ports, so the adapters know it no more than it knows them",
	},
	{"gitops", []string{"internal/hotfix", "internal/trail"}, "an adapter knows the domain and no other adapter"},
	{"webhooks", []string{"internal/hotfix", "internal/trail"}, "an adapter knows the domain and no other adapter"},
	{"internal/forge", []string{"internal/hotfix", "internal/naming", "internal/trail"}, "an adapter knows the domain and no other adapter"},
	{"internal/store", []string{"internal/hotfix", "internal/trail"}, "an adapter knows the domain and no other adapter"},
	{"internal/dashboard", []string{"internal/hotfix"}, "an adapter knows the domain and no other adapter"},
	{"internal/terminal", nil, "it shows words, and knows nothing of what they mean"},
	{".", nil, "it holds app.yml"},
	{"internal/credentials", nil, "it knows files, nothing of what they are for"},
	{"internal/setup", []string{"internal/hotfix", "internal/credentials"}, "it owns its ports, so the adapters know it no more than it knows them"},
	{"internal/relay", nil, "it passes bytes on and knows nothing of what they mean"},
	{
		"internal/doctor", []string{"internal/hotfix", "internal/naming", "internal/render"},
		"it owns its ports, so the adapters know it no more than it knows them",
	},
	{"internal/redelivery", []string{"internal/hotfix"}, "it owns its ports, so the adapters know it no more than it knows them"},
	{"internal/githubsim", nil, "the simulated GitHub must not agree with the bot by sharing its code"},
	{"internal/gittest/picks", []string{"gitops", "internal/hotfix"}, "it holds the engine against git, and needs no more"},
	{"internal/metrics", []string{"internal/hotfix"}, "it counts, and knows nobody whom it counts"},
	{"internal/disktest", []string{}, "it mounts a small disk, and needs nothing of the product"},
	{"internal/gittest", []string{"internal/hotfix"}, "it makes repositories, with ids of the domain"},
	{"internal/goldentest", nil, "it compares texts, and knows none of them"},
	{"internal/pgtest", nil, "it runs a server, and knows nothing of what is kept there"},
	{"internal/contract", []string{"internal/contract"}, "it holds everybody to GitHub's words, so it takes nobody's"},
	{"internal/app", []string{everything}, "it puts the rooms together"},
	{"internal/demo", []string{everything}, "it plays a story on the whole program"},
	{"internal/e2e", []string{everything}, "it plays stories on the whole program"},
	{"internal/bench", []string{everything}, "it measures the whole program"},
	{"internal/browser", []string{everything}, "it looks at the whole program's pages"},
	{"internal/archtest", nil, "it reads the source alone"},
	{"cmd", []string{everything}, "it is the program"},
}

// roomOf is the room that a folder lies in.
func roomOf(folder string) (room, bool) {
	for _, r := range rooms {
		if within(folder, r.folder) {
			return r, true
		}
	}
	return room{}, false
}

func within(folder, room string) bool {
	return folder == room || strings.HasPrefix(folder, room+"/")
}

func TestArrowsEndAtTheDomain(t *testing.T) {
	for _, s := range sources(t) {
		r, ok := roomOf(s.folder)
		if !ok {
			t.Errorf("%s: no room is named %s; name it in this test, with what it may import and why", s.file, s.folder)
			continue
		}
		if s.tests || slices.Contains(r.may, everything) {
			continue
		}
		for _, imported := range s.imports {
			inside, ours := strings.CutPrefix(imported, module+"/")
			if ours && !slices.ContainsFunc(r.may, func(room string) bool { return within(inside, room) }) {
				t.Errorf("%s imports %s; %s may not: %s", s.file, inside, r.folder, r.why)
			}
		}
	}
}

// owner is a library and the rooms that may use it outside their tests.
type owner struct {
	library string // the start of the import path
	rooms   []string
	why     string
}

var owners = []owner{
	{"github.com/google/go-github", []string{"internal/forge", "webhooks", "internal/githubsim"}, "elsewhere GitHub is a port, so that it can be replaced and simulated"},
	{"github.com/bradleyfalzon/ghinstallation", []string{"internal/forge"}, "credentials stay in one room"},
	{"github.com/gin-gonic/gin", []string{"webhooks", "internal/dashboard", "internal/githubsim"}, "only what answers HTTP needs to know how it is routed"},
	{"github.com/go-git/go-git", []string{"gitops", "internal/githubsim", "internal/gittest"}, "elsewhere git is a port"},
	{"github.com/prometheus", []string{"internal/metrics"}, "elsewhere nothing knows that it is counted"},
	{"github.com/riverqueue", []string{"internal/store"}, "the queue can be replaced behind the store alone"},
	{"go.opentelemetry.io/otel/sdk", []string{"internal/tracing"}, "elsewhere nothing knows where spans go"},
	{"database/sql", []string{"internal/store"}, "SQL stays in one room"},
	{"modernc.org/sqlite", []string{"internal/store"}, "SQL stays in one room"},
	{"github.com/jackc/pgx", []string{"internal/store", "internal/pgtest"}, "SQL stays in one room, and in the one that tests run a server from"},
	{"github.com/pressly/goose", []string{"internal/store"}, "SQL stays in one room"},
	{"go.yaml.in/yaml", []string{"internal/repoconfig", "internal/githubsim", "internal/setup"}, "one parser says where in the file a mistake is"},
	{"github.com/chromedp", []string{"internal/browser"}, "a browser belongs to tests"},
	{"github.com/yuin/goldmark", []string{"internal/command", "internal/terminal", "internal/githubsim"}, "what counts as a command is decided in one place; the others show Markdown, at a terminal and on the simulated website"},
}

func TestLibrariesStayInTheirRooms(t *testing.T) {
	for _, s := range sources(t) {
		if s.tests {
			continue
		}
		for _, imported := range s.imports {
			for _, o := range owners {
				if within(imported, o.library) && !slices.ContainsFunc(o.rooms, func(room string) bool { return within(s.folder, room) }) {
					t.Errorf("%s imports %s, which is for %s: %s", s.file, imported, strings.Join(o.rooms, ", "), o.why)
				}
			}
		}
	}
}

// TestDomainIsStandardLibraryOnly keeps the domain readable without any manual.
func TestDomainIsStandardLibraryOnly(t *testing.T) {
	for _, s := range sources(t) {
		if s.folder != "internal/hotfix" || s.tests {
			continue
		}
		for _, imported := range s.imports {
			if first, _, _ := strings.Cut(imported, "/"); strings.Contains(first, ".") {
				t.Errorf("%s imports %s; the domain is the standard library's only, so that every package can import it", s.file, imported)
			}
		}
	}
}
