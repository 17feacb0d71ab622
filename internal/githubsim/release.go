package githubsim

import "time"

// Release is a release of a repository.
type Release struct {
	ID          int64
	Repo        *Repo
	TagName     string
	Target      string // target_commitish
	Name        string
	Body        string
	Draft       bool
	Prerelease  bool
	Latest      string // make_latest as given last: "true", "false", "legacy" or ""
	Author      *User
	CreatedAt   time.Time
	PublishedAt *time.Time
	UpdatedAt   time.Time

	madeLatest int64 // a growing number, each time it was made the latest; 0 = never
}

// Deployment is a request to deploy a ref.
type Deployment struct {
	ID          int64
	Repo        *Repo
	SHA         string
	Ref         string
	Task        string
	Payload     any
	Environment string
	Description string
	Transient   bool
	Production  bool
	Creator     *User
	App         *App
	Statuses    []*DeploymentStatus
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// DeploymentStatus is one step of a deployment.
type DeploymentStatus struct {
	ID             int64
	Deployment     *Deployment
	State          string // "error", "failure", "inactive", "in_progress", "queued", "pending" or "success"
	Description    string
	Environment    string
	LogURL         string
	EnvironmentURL string
	Creator        *User
	App            *App
	CreatedAt      time.Time
	UpdatedAt      time.Time
}
