package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
	"go.yaml.in/yaml/v4"

	"github.com/hotfixbot/hotfixbot/internal/goldentest"
)

// model is the command line as kong has read it.
func model(t *testing.T) *kong.Application {
	t.Helper()
	parser, err := kong.New(&program{}, kong.Name("hotfixbot"), groups)
	if err != nil {
		t.Fatal(err)
	}
	return parser.Model
}

// written holds a page to what the code says: go test ./cmd/hotfixbot -run TestDocs -update
func written(t *testing.T, name, want string) {
	t.Helper()
	path := filepath.Join("..", "..", "docs", name)
	goldentest.Hold(t, path, want, *update)
}

// sections are the headings of docs/settings.md. What no section names stands in the
// last one.
var sections = []struct{ title, about, names string }{
	{"The App", "Who the bot is on GitHub. Its settings page there shows all of these; what is not set is read from the file that [`hotfixbot setup`](setup.md) wrote.", "APP_ID PRIVATE_KEY_PATH PRIVATE_KEY WEBHOOK_SECRET WEBHOOK_SECRET_PATH GITHUB_API_URL GITHUB_URL"},
	{"Storage", "Where things are kept. See [upgrade and back up](upgrade.md).", "DATA_DIR DATABASE_URL DATABASE_URL_PATH"},
	{"The page", "Where [the page](page.md) is, and who sees it.", "LISTEN BASE_URL CLIENT_ID CLIENT_SECRET CLIENT_SECRET_PATH OPERATORS"},
	{"Signing", "Who trusts the key finds the signatures good. What GitHub shows is [another matter](running.md#sign-commits-and-tags).", "SIGNING_KEY_PATH SIGNING_KEY_PASSPHRASE"},
	{"Running", "How often it looks, and what it says.", ""},
}

// TestDocsSettings writes the settings of serve.
func TestDocsSettings(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("# Settings\n\n<!-- Written by `go test ./cmd/hotfixbot -run TestDocs -update` from the flags. -->\n\n" +
		"`hotfixbot serve` is set by environment variables; a flag of the same name wins (`LISTEN`, `--listen`). A setting that is missing or wrong " +
		"ends it at the start with exit code 2 and one line that names it. What a *repository* wants is in [its own file](configuration.md).\n")
	flags := settingsOf(t)
	for i, section := range sections {
		b.WriteString("\n## " + section.title + "\n\n" + section.about + "\n\n| setting | meaning |\n|---|---|\n")
		names := strings.Fields(section.names)
		if i == len(sections)-1 {
			names = rest(flags)
		}
		for _, name := range names {
			flag := flags[name]
			if flag == nil {
				t.Fatalf("there is no setting %s", name)
			}
			b.WriteString("| `" + name + "` | " + strings.ReplaceAll(flag.Help, "|", `\|`) + " |\n")
		}
	}
	written(t, "settings.md", b.String())
}

// settingsOf are the flags of serve, by their variables.
func settingsOf(t *testing.T) map[string]*kong.Flag {
	t.Helper()
	serve, flags := child(model(t).Node, "serve"), map[string]*kong.Flag{}
	for _, flag := range serve.Flags {
		if len(flag.Envs) != 1 {
			t.Fatalf("--%s has no variable", flag.Name)
		}
		flags[flag.Envs[0]] = flag
	}
	return flags
}

// rest are the settings that no section names.
func rest(flags map[string]*kong.Flag) (names []string) {
	named := ""
	for _, section := range sections {
		named += " " + section.names
	}
	for name := range flags {
		if !slices.Contains(strings.Fields(named), name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestDocsCommandLine writes what each command says of itself.
func TestDocsCommandLine(t *testing.T) {
	var b strings.Builder
	b.WriteString("# The command line\n\n<!-- Written by `go test ./cmd/hotfixbot -run TestDocs -update` from what --help prints. -->\n\n" +
		"| exit code | means |\n|---|---|\n| 0 | it is done, or the answer is yes |\n" +
		"| 1 | it failed, or the answer is no: `forecast` and `backport` found conflicts, `config check` found mistakes, `health` that it is not ready, `doctor` that something will not work |\n" +
		"| 2 | the call or a setting is wrong, or something kept the command from an answer |\n\n" +
		"Errors are one line on standard error. Colours and progress are for terminals alone, and `NO_COLOR` turns colours off. " +
		"`hotfixbot completion bash`, `zsh` or `fish` prints a script for the shell.\n")
	t.Setenv("COLUMNS", "100")
	for _, leaf := range model(t).Leaves(true) {
		var words []string
		for node := leaf; node.Parent != nil; node = node.Parent {
			words = append([]string{node.Name}, words...)
		}
		var out bytes.Buffer
		run(t.Context(), append(words, "--help"), streams{out: &out, err: &out})
		b.WriteString("\n## hotfixbot " + strings.Join(words, " ") + "\n\n```\n" + strings.TrimSpace(out.String()) + "\n```\n")
	}
	written(t, "command-line.md", b.String())
}

// TestCompose: what compose.yaml sets is a setting, its processes write nowhere but
// where they may, and the image's account is not root. Docker itself is not asked.
func TestCompose(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Services map[string]struct {
			Environment map[string]string `yaml:"environment"`
			ReadOnly    bool              `yaml:"read_only"`
			Secrets     []string          `yaml:"secrets"`
			Volumes     []string          `yaml:"volumes"`
			Deploy      struct {
				Replicas int `yaml:"replicas"`
			} `yaml:"deploy"`
		} `yaml:"services"`
		Secrets map[string]struct{} `yaml:"secrets"`
	}
	if err := yaml.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	bot, flags := file.Services["hotfixbot"], settingsOf(t)
	for name := range bot.Environment {
		if flags[name] == nil {
			t.Errorf("compose.yaml sets %s, which is no setting", name)
		}
	}
	if !bot.ReadOnly || bot.Deploy.Replicas != 2 || !slices.Equal(bot.Volumes, []string{"data:/data"}) {
		t.Errorf("compose.yaml: %+v", bot)
	}
	for name, service := range file.Services {
		for variable, value := range service.Environment {
			secret, isFile := strings.CutPrefix(value, "/run/secrets/")
			if _, known := file.Secrets[secret]; isFile && (!known || !slices.Contains(service.Secrets, secret)) {
				t.Errorf("compose.yaml: %s of %s names a secret that %s does not get", variable, name, name)
			}
			if strings.Contains(value, "${") {
				t.Errorf("compose.yaml: %s of %s stands in the container's environment, where docker inspect shows it", variable, name)
			}
		}
	}
	image, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"\nUSER 10001:10001\n", "DATA_DIR=/data ", "\nVOLUME /data\n", ` CMD ["hotfixbot", "health"]`} {
		if !strings.Contains(string(image), line) {
			t.Errorf("the Dockerfile lacks %q", line)
		}
	}
}
