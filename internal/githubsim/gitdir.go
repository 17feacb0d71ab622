package githubsim

// gitDir is a bare repository on disk, asked and changed by the git program.
type gitDir struct {
	path string
}
