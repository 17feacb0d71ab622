package githubsim

import "time"

// CheckSuite is all that one App checks on one commit.
type CheckSuite struct {
	ID         int64
	Repo       *Repo
	App        *App
	HeadBranch string
	HeadSHA    string
	Before     string
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// CheckRun is one check of a suite.
type CheckRun struct {
	ID          int64
	Suite       *CheckSuite
	Name        string
	ExternalID  string
	DetailsURL  string
	Status      string // "queued", "in_progress" or "completed"
	Conclusion  string // "" until completed
	Title       string
	Summary     string
	Text        string
	HasOutput   bool
	Annotations []Annotation
	Actions     []CheckAction
	StartedAt   *time.Time
	CompletedAt *time.Time
}

// CheckAction is a button of a check run.
type CheckAction struct {
	Label       string `json:"label"`
	Description string `json:"description"`
	Identifier  string `json:"identifier"`
}

// Annotation is a remark of a check run on lines of a file.
type Annotation struct {
	Path        string `json:"path"`
	StartLine   int    `json:"start_line"`
	EndLine     int    `json:"end_line"`
	StartColumn *int   `json:"start_column"`
	EndColumn   *int   `json:"end_column"`
	Level       string `json:"annotation_level"`
	Message     string `json:"message"`
	Title       string `json:"title"`
	RawDetails  string `json:"raw_details"`
}

// Status is a commit status, the older sister of a check run.
type Status struct {
	ID          int64
	SHA         string
	State       string // "error", "failure", "pending" or "success"
	Context     string
	Description string
	TargetURL   string
	Creator     *User
	CreatedAt   time.Time
}
