package credentials_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hotfixbot/hotfixbot/internal/credentials"
)

func made(id int64) credentials.Credentials {
	return credentials.Credentials{
		AppID: id, Slug: "hotfixbot-acme", PrivateKey: "-----BEGIN RSA PRIVATE KEY-----\nkey\n-----END RSA PRIVATE KEY-----\n",
		WebhookSecret: "w3bhook", ClientID: "Iv23.x", ClientSecret: "cl13nt", BaseURL: "https://hotfixbot.example.com", Operators: "alice,bob",
	}
}

func read(t *testing.T, dir string) credentials.Settings {
	t.Helper()
	settings, err := credentials.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	return settings
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	if settings := read(t, dir); settings != nil {
		t.Errorf("nothing is there, and read is %v", settings)
	}
	if err := credentials.Check(dir, 0); err != nil {
		t.Fatal(err)
	}
	path, err := credentials.Write(dir, made(7), 0)
	if err != nil || path != filepath.Join(dir, credentials.File) {
		t.Fatal(path, err)
	}
	want := credentials.Settings{
		"APP_ID": "7", "PRIVATE_KEY_PATH": filepath.Join(dir, "private-key-7.pem"), "WEBHOOK_SECRET": "w3bhook",
		"CLIENT_ID": "Iv23.x", "CLIENT_SECRET": "cl13nt", "BASE_URL": "https://hotfixbot.example.com", "OPERATORS": "alice,bob",
	}
	if got := read(t, dir); !maps.Equal(got, want) {
		t.Errorf("read %v", got)
	}
	if got := read(t, dir).Of("8"); len(got) != 0 {
		t.Errorf("another App gets %v", got)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 {
		t.Errorf("files %v, %v", files, err)
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil || info.Mode() != 0o600 {
			t.Errorf("%s has mode %v, %v", file.Name(), info.Mode(), err)
		}
	}
}

func TestNothingIsOverwrittenUnnamed(t *testing.T) {
	dir := t.TempDir()
	if _, err := credentials.Write(dir, made(7), 0); err != nil {
		t.Fatal(err)
	}
	for _, replace := range []int64{0, 8} {
		_, err := credentials.Write(dir, made(9), replace)
		var taken *credentials.TakenError
		if !errors.As(err, &taken) || taken.AppID != 7 || !strings.Contains(err.Error(), "--replace 7") {
			t.Errorf("replace %d: %v", replace, err)
		}
		if checked := credentials.Check(dir, replace); !errors.As(checked, &taken) {
			t.Errorf("replace %d: Check says %v", replace, checked)
		}
	}
	if got := read(t, dir)["APP_ID"]; got != "7" {
		t.Errorf("App %s", got)
	}
	if _, err := credentials.Write(dir, made(9), 7); err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir); got["APP_ID"] != "9" || !strings.HasSuffix(got["PRIVATE_KEY_PATH"], "private-key-9.pem") {
		t.Errorf("replaced: %v", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "private-key-7.pem")); err != nil {
		t.Error("the key of the App before is gone:", err)
	}
}

// TestLinksAreNotFollowed: whoever can make a link must not choose where the secrets
// go, or what they overwrite.
func TestLinksAreNotFollowed(t *testing.T) {
	for _, name := range []string{credentials.File, "private-key-7.pem", ".credentials.new"} {
		dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "elsewhere")
		if err := os.WriteFile(elsewhere, []byte("APP_ID=7\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(elsewhere, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		_, err := credentials.Write(dir, made(7), 7)
		if (err == nil) == (name == credentials.File) {
			t.Errorf("%s is a link: %v", name, err)
		}
		if text, err := os.ReadFile(elsewhere); err != nil || string(text) != "APP_ID=7\n" {
			t.Errorf("%s: the link's target has %d bytes, %v", name, len(text), err)
		}
	}
}

// TestCrashLeavesNothingHalf: what a crash between the steps leaves is neither read
// nor in the way.
func TestCrashLeavesNothingHalf(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{".credentials.new", "private-key-7.pem"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if settings := read(t, dir); settings != nil {
		t.Errorf("read %v", settings)
	}
	if _, err := credentials.Write(dir, made(7), 0); err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(read(t, dir)["PRIVATE_KEY_PATH"])
	if err != nil || string(key) != made(7).PrivateKey {
		t.Errorf("the key has %d bytes, %v", len(key), err)
	}
}

func TestWhatIsStrangeIsSaid(t *testing.T) {
	for text, want := range map[string]string{
		"APP_ID=7\n\n# more\nLOG_LEVEL=debug\n": ":4: this file has the App's credentials only",
		"WEBHOOK_SECRET='s3cret'\n":             ":1: WEBHOOK_SECRET must be a value without spaces and quotes",
		"s3cret\n":                              ":1: this file",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, credentials.File), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := credentials.Read(dir)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", text, err)
		}
		var taken *credentials.TakenError
		if _, err := credentials.Write(dir, made(7), 7); !errors.As(err, &taken) || taken.AppID != 0 {
			t.Errorf("%q is overwritten: %v", text, err)
		}
	}
	odd := made(7)
	odd.WebhookSecret = "two\nlines"
	if _, err := credentials.Write(t.TempDir(), odd, 0); err == nil || strings.Contains(err.Error(), "lines") {
		t.Errorf("a value of two lines: %v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := credentials.Check(file, 0); err == nil {
		t.Error("a file passes for a folder")
	}
	if err := credentials.Check(filepath.Join(file, "data"), 0); !errors.As(err, new(*fs.PathError)) {
		t.Errorf("a folder in a file: %v", err)
	}
}
