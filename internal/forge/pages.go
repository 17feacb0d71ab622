package forge

import "github.com/google/go-github/v60/github"

const perPage = 100 // the most that GitHub gives

// pages collects all pages of a list. A full page is followed by a question for
// the next one even without a link to it: an answer that came out of the ETag
// cache may carry the links of the time when it was kept.
func pages[T any](list func(github.ListOptions) ([]T, *github.Response, error)) ([]T, error) {
	all, err := pagesUntil(list, func([]T) bool { return false })
	return all, err
}

// pagesUntil collects pages until one is the last that is wanted.
func pagesUntil[T any](list func(github.ListOptions) ([]T, *github.Response, error), enough func(page []T) bool) ([]T, error) {
	var all []T
	for options := (github.ListOptions{Page: 1, PerPage: perPage}); ; options.Page++ {
		page, resp, err := list(options)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if enough(page) || (resp.NextPage == 0 && len(page) < perPage) {
			return all, nil
		}
	}
}
