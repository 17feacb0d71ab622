package setup

import (
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// example is the address in app.yml instead of which the person's own is put.
const example = "https://hotfixbot.example.com"

// appFile is app.yml.
type appFile struct {
	data        []byte
	name        string
	permissions []permission
}

// permission is one that the App asks for, with the file's reason.
type permission struct{ Name, Level, Why string }

func readApp(data []byte) (appFile, error) {
	a := appFile{data: data}
	var file struct {
		Name        string    `yaml:"name"`
		Permissions yaml.Node `yaml:"default_permissions"`
	}
	if err := yaml.Load(data, &file); err != nil {
		return a, fmt.Errorf("app.yml: %w", err)
	}
	a.name = file.Name
	pairs := file.Permissions.Content
	for i := 0; i+1 < len(pairs); i += 2 {
		a.permissions = append(a.permissions, permission{
			Name: readable(pairs[i].Value), Level: pairs[i+1].Value, Why: words(pairs[i].HeadComment),
		})
	}
	return a, nil
}

// nameFor proposes a name of the App: that of the file is somebody's on github.com.
func (a appFile) nameFor(organization string) string {
	if name := a.name + "-" + organization; organization != "" && len(name) <= longestName {
		return name
	}
	return a.name
}

// readable is a permission's name as GitHub's pages write it.
func readable(name string) string {
	text := strings.ReplaceAll(name, "_", " ")
	return strings.ToUpper(text[:1]) + text[1:]
}

// words are a comment's, up to the end of its first sentence.
func words(comment string) string {
	var out []string
	for line := range strings.Lines(comment) {
		out = append(out, strings.Fields(strings.TrimLeft(line, "# "))...)
	}
	first, _, more := strings.Cut(strings.Join(out, " "), ". ")
	if more {
		first += "."
	}
	return first
}

// manifest is what GitHub is sent: app.yml with the plan's name and addresses. back is
// where GitHub sends the person afterwards.
func (a appFile) manifest(p plan, back string) (string, error) {
	var file map[string]any
	if err := yaml.Load(a.data, &file); err != nil {
		return "", fmt.Errorf("app.yml: %w", err)
	}
	file["name"], file["redirect_url"] = p.Name, back
	for key, value := range file {
		file[key] = placed(value, p.base)
	}
	file["hook_attributes"] = map[string]any{"url": p.hook, "active": true}
	text, err := json.Marshal(file)
	return string(text), err
}

// placed is a value of app.yml with the person's own address in it.
func placed(value any, base string) any {
	switch value := value.(type) {
	case string:
		if rest, ok := strings.CutPrefix(value, example); ok {
			return base + rest
		}
	case []any:
		for i := range value {
			value[i] = placed(value[i], base)
		}
	}
	return value
}
