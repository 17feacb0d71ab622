package githubsim

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
)

// InstallApp installs an App on the account that owns a repository: there only. An
// installation of it that reaches the repository already stays as it is.
func (p *Person) InstallApp(repo string, appID int64) error {
	return p.onInstallation(repo, appID, func(app *App, r *Repo, i *Installation) {
		if i == nil {
			p.github.install(app, r.Owner, Actor{User: p.user}, r)
		}
	})
}

// UninstallApp removes an App's installation from the account that owns a repository.
func (p *Person) UninstallApp(repo string, appID int64) error {
	return p.onInstallation(repo, appID, func(_ *App, _ *Repo, i *Installation) {
		if i != nil {
			p.github.uninstall(i, Actor{User: p.user})
		}
	})
}

// Suspend suspends an App on the account that owns a repository, or lets it work again.
func (p *Person) Suspend(repo string, appID int64, suspend bool) error {
	return p.onInstallation(repo, appID, func(_ *App, _ *Repo, i *Installation) {
		if i == nil {
			return
		}
		now, action := p.github.clock(), "unsuspend"
		if i.Suspended = nil; suspend {
			i.Suspended, action = &now, "suspend"
		}
		i.UpdatedAt = now
		p.github.emit(Event{Name: "installation", Action: action, Actor: Actor{User: p.user}, Installation: i})
	})
}

// Withhold makes the installation one that was made before the App asked for a
// permission, which nobody has accepted since. GitHub tells of it by mail alone.
func (p *Person) Withhold(repo string, appID int64, permission string) error {
	return p.onInstallation(repo, appID, func(_ *App, _ *Repo, i *Installation) {
		if i != nil {
			i.Permissions = maps.Clone(i.Permissions)
			delete(i.Permissions, permission)
		}
	})
}

// AcceptPermissions accepts all that the App asks for by now.
func (p *Person) AcceptPermissions(repo string, appID int64) error {
	return p.onInstallation(repo, appID, func(app *App, _ *Repo, i *Installation) {
		if i != nil {
			i.Permissions, i.Events, i.UpdatedAt = app.Permissions, app.Events, p.github.clock()
			p.github.emit(Event{Name: "installation", Action: "new_permissions_accepted", Actor: Actor{User: p.user}, Installation: i})
		}
	})
}

// onInstallation does what the website does with an App, for somebody who administers
// the repository. The installation is nil where there is none.
func (p *Person) onInstallation(repo string, appID int64, do func(*App, *Repo, *Installation)) error {
	g := p.github
	g.mu.Lock()
	defer g.mu.Unlock()
	owner, name, _ := strings.Cut(repo, "/")
	r, _ := g.findRepo(owner, name)
	if r == nil || p.user == nil || r.role(p.user) < RoleAdmin {
		return &Refused{Status: http.StatusNotFound, Message: "there is no repository " + repo + " that they administer"}
	}
	for _, app := range g.apps {
		if app.ID == appID {
			do(app, r, g.installationOn(app, r))
			return nil
		}
	}
	return &Refused{Status: http.StatusNotFound, Message: fmt.Sprintf("there is no App %d", appID)}
}
