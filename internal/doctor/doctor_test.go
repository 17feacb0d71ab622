package doctor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

var noon = time.Date(2030, 5, 4, 12, 0, 0, 0, time.UTC)

func at(moment time.Time) func() time.Time { return func() time.Time { return moment } }

// kindsOf are the kinds of findings with their states, as one text.
func kindsOf(list []hotfix.Finding) string {
	var words []string
	for _, f := range list {
		words = append(words, f.Kind)
	}
	return strings.Join(words, " ")
}

// look makes one check; a word in braces that was not filled in is a mistake.
func look(t *testing.T, check Check) []hotfix.Finding {
	t.Helper()
	list := check.Do(t.Context())
	if len(list) == 0 && check.Name != "repository" {
		t.Errorf("%s: no finding", check.Name)
	}
	for _, f := range list {
		if text := f.Check + f.What + f.Remedy; strings.ContainsAny(text, "{}") && !strings.Contains(text, "`{") {
			t.Errorf("%s is not filled in: %s: %s → %s", f.Kind, f.Check, f.What, f.Remedy)
		}
		if (f.State == hotfix.FindingFailed || f.State == hotfix.FindingWarning) && f.Remedy == "" {
			t.Errorf("%s has no remedy", f.Kind)
		}
	}
	return list
}

func wantKinds(t *testing.T, check Check, want string) []hotfix.Finding {
	t.Helper()
	list := look(t, check)
	if got := kindsOf(list); got != want {
		t.Errorf("%s: %s, want %s", check.Name, got, want)
	}
	return list
}

// fakeHub is an App on a GitHub.
type fakeHub struct {
	grants        hotfix.Grants
	installations []hotfix.Grants
	hook          hotfix.Hook
	sendings      []hotfix.Sending
	redeliver     func(h *fakeHub, sending int64)
	err           error
}

func (h *fakeHub) Grants(context.Context) (hotfix.Grants, error) { return h.grants, h.err }

func (h *fakeHub) Installations(context.Context) ([]hotfix.Grants, error) {
	return h.installations, h.err
}

func (h *fakeHub) Hook(context.Context) (hotfix.Hook, error) { return h.hook, h.err }

func (h *fakeHub) Sendings(context.Context, time.Time) ([]hotfix.Sending, error) {
	return slices.Clone(h.sendings), h.err
}

func (h *fakeHub) Redeliver(_ context.Context, sending int64) error {
	if h.redeliver != nil {
		h.redeliver(h, sending)
	}
	return h.err
}

var appNeeds = Needs{Permissions: map[string]string{"contents": "write", "pull_requests": "write", "members": "read"}, Events: []string{"push", "issues"}}

func granted(account string) hotfix.Grants {
	return hotfix.Grants{
		Account: account, Permissions: map[string]string{"contents": "write", "pull_requests": "write", "members": "read"},
		Events: []string{"issues", "push", "star"}, URL: "https://github.com/settings", InstallURL: "https://github.com/apps/hotfixbot/installations/new",
	}
}

func TestCredentials(t *testing.T) {
	for want, err := range map[string]error{
		"credentials":         nil,
		"credentials-refused": &hotfix.Refusal{What: "GitHub does not accept what the key signs (401)"},
		"credentials-unknown": &hotfix.Gone{What: "App 7"},
		"github-away":         errors.New("no such host"),
	} {
		wantKinds(t, Credentials(&fakeHub{grants: granted("hotfixbot"), err: err}), want)
	}
}

func TestClock(t *testing.T) {
	for want, ahead := range map[string][]time.Duration{
		"clock": {0, 3 * time.Second, -3 * time.Second}, "clock-off": {-25 * time.Second, 40 * time.Second},
		"clock-wrong": {61 * time.Second, -time.Hour},
	} {
		for _, d := range ahead {
			check := Clock(func(context.Context) (time.Time, error) { return noon, nil }, at(noon.Add(d)))
			list := wantKinds(t, check, want)
			if behind := strings.Contains(list[0].What, "behind"); want != "clock" && behind != (d < 0) {
				t.Errorf("%v: %s", d, list[0].What)
			}
		}
	}
	wantKinds(t, Clock(func(context.Context) (time.Time, error) { return noon, errors.New("away") }, at(noon)), "cannot-tell")
}

func TestGrants(t *testing.T) {
	few, deaf := granted("acme"), granted("initech")
	few.Permissions = map[string]string{"contents": "read", "pull_requests": "write"}
	deaf.Events = []string{"push"}
	list := wantKinds(t, App(&fakeHub{grants: few}, appNeeds), "app-permissions")
	if want := "the App does not ask for `contents: write`, `members: read`"; list[0].What != want {
		t.Errorf("%s, want %s", list[0].What, want)
	}
	wantKinds(t, App(&fakeHub{grants: deaf}, appNeeds), "app-events")
	wantKinds(t, App(&fakeHub{grants: granted("hotfixbot")}, appNeeds), "app")
	wantKinds(t, App(&fakeHub{err: &hotfix.Refusal{}}, appNeeds), "needs-credentials")
	asleep := granted("globex")
	asleep.Suspended = true
	list = wantKinds(t, Installations(&fakeHub{installations: []hotfix.Grants{few, deaf, asleep, granted("hooli")}}, appNeeds),
		"installation-permissions installation-events installation-suspended installed")
	if !strings.Contains(list[0].Remedy, "a person must accept the new permissions at `https://github.com/settings`") {
		t.Error(list[0].Remedy)
	}
	wantKinds(t, Installations(&fakeHub{grants: granted("hotfixbot")}, appNeeds), "installed-nowhere")
	wantKinds(t, Installations(&fakeHub{err: errors.New("502")}, appNeeds), "cannot-tell")
}

func TestHook(t *testing.T) {
	good := hotfix.Hook{URL: "https://user:pass@bot.example/webhooks/github?token=secret", ContentType: "json", Secret: true}
	channel := good
	channel.URL = "https://smee.io/secret"
	list := append(wantKinds(t, Hook(&fakeHub{hook: good}), "hook"), wantKinds(t, Hook(&fakeHub{hook: channel}), "hook-path")...)
	if text := list[0].What + list[1].What; strings.Contains(text, "pass") || strings.Contains(text, "secret") {
		t.Errorf("a secret of the address is told: %s", text)
	}
	bad := hotfix.Hook{URL: "https://bot.example/", ContentType: "form", Insecure: true}
	wantKinds(t, Hook(&fakeHub{hook: bad}), "hook-form hook-unsigned hook-insecure hook-path")
	wantKinds(t, Hook(&fakeHub{}), "hook-none")
	wantKinds(t, Hook(&fakeHub{err: &hotfix.Gone{}}), "hook-none")
	wantKinds(t, Hook(&fakeHub{err: errors.New("502")}), "cannot-tell")
}

func TestDeliveries(t *testing.T) {
	fine := hotfix.Sending{GUID: "a", Arrived: true, Code: 202, Status: "OK"}
	lost := func(guid string, code int) hotfix.Sending { return hotfix.Sending{GUID: guid, Code: code, Status: "x"} }
	for _, test := range []struct {
		sendings []hotfix.Sending
		want     string
	}{
		{nil, "deliveries-none"},
		{[]hotfix.Sending{fine}, "deliveries"},
		{[]hotfix.Sending{{GUID: "b", Arrived: true}, lost("b", 502)}, "deliveries"},
		{[]hotfix.Sending{fine, lost("b", 502)}, "deliveries-missed"},
		{[]hotfix.Sending{lost("b", 502), lost("c", 401), lost("d", 502), fine}, "deliveries-failing"},
	} {
		list := wantKinds(t, Deliveries(&fakeHub{sendings: test.sendings}, at(noon)), test.want)
		if test.want == "deliveries-failing" && !strings.Contains(list[0].What, "webhooks do not arrive: 3 of 4 in the last three days, the newest among them (2 × `502 x`, 1 × `401 x`)") {
			t.Error(list[0].What)
		}
	}
}

func TestWebhooksInWords(t *testing.T) {
	one := []hotfix.Sending{{GUID: "a", Arrived: true}}
	two := append(one, hotfix.Sending{GUID: "b", Arrived: true})
	for want, sendings := range map[string][]hotfix.Sending{
		"the only webhook of the last three days arrived": one, "all 2 webhooks of the last three days arrived": two,
	} {
		if got := deliveries(sendings).What; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestRedelivery(t *testing.T) {
	newest := hotfix.Sending{ID: 5, GUID: "a", Event: "push", At: noon}
	appears := func(s hotfix.Sending) func(*fakeHub, int64) {
		return func(h *fakeHub, id int64) {
			if id != 5 {
				t.Errorf("sending %d was asked for", id)
			}
			h.sendings = append([]hotfix.Sending{s}, h.sendings...)
		}
	}
	waits := 0
	wait := func(context.Context, time.Duration) error { waits++; return nil }
	for _, test := range []struct {
		hub  *fakeHub
		want string
	}{
		{&fakeHub{}, "redelivery-none"},
		{&fakeHub{sendings: []hotfix.Sending{newest}, redeliver: appears(hotfix.Sending{ID: 6, GUID: "a", Arrived: true})}, "redelivery"},
		{&fakeHub{sendings: []hotfix.Sending{newest}, redeliver: appears(hotfix.Sending{ID: 6, GUID: "a", Code: 401, Status: "x"})}, "redelivery-failed"},
		{&fakeHub{sendings: []hotfix.Sending{newest}, redeliver: appears(hotfix.Sending{ID: 7, GUID: "b"})}, "redelivery-late"},
	} {
		wantKinds(t, Redelivery(test.hub, at(noon), wait), test.want)
	}
	if waits < 25 {
		t.Errorf("a sending that does not come was looked for %d times", waits)
	}
}

func TestMachine(t *testing.T) {
	dir := t.TempDir()
	wantKinds(t, Settings(nil), "settings")
	wantKinds(t, Settings([]error{errors.New("APP_ID is not set"), errors.New("x")}), "settings-wrong settings-wrong")
	wantKinds(t, Git(func(context.Context) (string, error) { return "2.39.5", nil }), "git")
	wantKinds(t, Git(func(context.Context) (string, error) { return "", errors.New("git is version 2.30") }), "git-unfit")
	wantKinds(t, Data(dir), "data")
	wantKinds(t, Data("/dev/null/data"), "data-unwritable")
	wantKinds(t, Data(dir+"/none"), "data-none")
	wantKinds(t, Data(dir+"/none/deeper"), "data-none")
	wantKinds(t, Data("/proc/none/data"), "data-unmakeable")
	free := func(bytes uint64) func(string) (uint64, bool, error) {
		return func(string) (uint64, bool, error) { return bytes, true, nil }
	}
	wantKinds(t, Disk(dir, free(2<<30)), "disk")
	wantKinds(t, Disk(dir, free(500<<20)), "disk-low")
	wantKinds(t, Disk(dir, free(5<<20)), "disk-full")
	wantKinds(t, Disk(dir, func(string) (uint64, bool, error) { return 0, false, nil }), "disk-unknown")
	wantKinds(t, Disk(dir+"/none", free(1)), "disk-none")
	for want, try := range map[string]func(context.Context) (bool, error){
		"database":       func(context.Context) (bool, error) { return true, nil },
		"database-none":  func(context.Context) (bool, error) { return false, nil },
		"database-wrong": func(context.Context) (bool, error) { return true, errors.New("locked") },
	} {
		wantKinds(t, Database(try), want)
	}
	wantKinds(t, Signing(nil), "signing-off")
	for want, err := range map[string]error{
		"signing": nil, "signing-unverified": fmt.Errorf("%w: no gpg", ErrUnverified), "signing-wrong": errors.New("x"),
	} {
		wantKinds(t, Signing(func(context.Context) error { return err }), want)
	}
	if _, ok, err := Free(dir); err != nil || !ok {
		t.Errorf("free: %v, %v", ok, err)
	}
}

func TestListen(t *testing.T) {
	taken := &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EADDRINUSE)}
	for want, err := range map[string][2]error{
		"listen": {nil, errors.New("not asked")}, "listen-serving": {taken, nil}, "listen-taken": {taken, errors.New("404")},
		"listen-wrong": {errors.New("missing port in address"), errors.New("not asked")},
	} {
		wantKinds(t, Listen(":8080", func(context.Context) error { return err[0] }, func(context.Context) error { return err[1] }), want)
	}
}

func TestSignIn(t *testing.T) {
	hub := &fakeHub{grants: hotfix.Grants{ClientID: "Iv1.abc"}}
	wantKinds(t, SignIn(hub, nil), "sign-in-off")
	person := func(_ context.Context, login string) error {
		return map[string]error{"alcie": &hotfix.Gone{}, "away": errors.New("502")}[login]
	}
	for _, test := range []struct {
		id, want  string
		err       error
		operators []string
	}{
		{"Iv1.abc", "sign-in operators", nil, []string{"alice"}},
		{"Iv1.abc", "sign-in operators-none", nil, nil},
		{"Iv1.abc", "sign-in operators operators-unknown", nil, []string{"alice", "alcie"}},
		{"Iv1.abc", "sign-in operators", nil, []string{"away"}},
		{"Iv1.abc", "sign-in-refused operators", &hotfix.Refusal{What: "incorrect_client_credentials"}, []string{"alice"}},
		{"Iv1.abc", "cannot-tell operators", errors.New("502"), []string{"alice"}},
		{"Iv1.other", "sign-in-other operators", nil, []string{"alice"}},
	} {
		try := func(context.Context) error { return test.err }
		wantKinds(t, SignIn(hub, &Client{ID: test.id, Callback: "https://bot.example.com/sign-in/callback", Operators: test.operators, Try: try, Person: person}), test.want)
	}
	wantKinds(t, SignIn(&fakeHub{err: &hotfix.Gone{}}, &Client{Operators: []string{"alice"}, Person: person}), "needs-credentials operators")
}

// TestHanging: a check that hangs is told in its turn, and keeps none from being made.
func TestHanging(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := make(chan struct{})
		defer close(never)
		checks := []Check{
			{Name: "first", Do: func(context.Context) []hotfix.Finding { <-never; return nil }},
			{Name: "second", Do: func(ctx context.Context) []hotfix.Finding {
				<-ctx.Done()
				return one(found("cannot-tell", "check", "second", "error", ctx.Err().Error()))
			}},
		}
		for range 6 {
			checks = append(checks, Settings(nil))
		}
		var list []hotfix.Finding
		Run(t.Context(), checks, func(f hotfix.Finding) { list = append(list, f) })
		if got, want := kindsOf(list), "no-answer cannot-tell"+strings.Repeat(" settings", 6); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if list[0].Check != "first" || list[0].What != "there was no answer within 30s" {
			t.Errorf("%+v", list[0])
		}
		if Worst(list) != hotfix.FindingFailed || Worst(list[2:]) != hotfix.FindingOK {
			t.Error("the worst state is wrong")
		}
	})
}

// TestWords: whatever people call their things, a finding is one line.
func TestWords(t *testing.T) {
	f := found("installed", "account", quoted("a`b\x1b[31m\nc<!-- hotfixbot"))
	if want := "installation on `a'b[31m c<!-- hotfixbot`"; f.Check != want {
		t.Errorf("%q, want %q", f.Check, want)
	}
	names := map[string]bool{}
	for _, kind := range Kinds() {
		names[kind.Name] = true
	}
	if len(names) != len(Kinds()) {
		t.Errorf("a kind stands twice: %v", slices.Sorted(maps.Keys(names)))
	}
}
