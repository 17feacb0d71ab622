package bot

import (
	"context"
	"fmt"
	"slices"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// observeReleases looks for the GitHub releases of the hotfix's tags.
func (r *run) observeReleases(ctx context.Context, h *hotfix.Hotfix) error {
	for i := range h.Lines {
		line := &h.Lines[i]
		if line.Holding == nil || !r.snap.Config.Release.GitHubRelease {
			continue
		}
		release, ok, err := r.release(ctx, line.Holding.Name)
		if err != nil {
			return fmt.Errorf("look for release %s: %w", line.Holding.Name, err)
		}
		if ok {
			line.Release = &release
		} else if h.Marker.Released[line.Application] { // a person deleted it, or GitHub is late
			gone := &hotfix.Gone{What: "the release of " + line.Holding.Name}
			if err := r.doubt(ctx, "release/"+line.Holding.Name, gone); !isGone(err) {
				return err
			}
		}
	}
	return nil
}

// observeLatest asks for GitHub's latest release where one may be about to be made.
func (r *run) observeLatest(ctx context.Context) error {
	toCome := func(h hotfix.Hotfix) bool {
		return slices.ContainsFunc(h.Lines, func(line hotfix.Line) bool {
			return line.Release == nil && !h.Marker.Released[line.Application] && (line.Holding == nil || ownTag(&h, &line))
		})
	}
	if !r.snap.Config.Release.GitHubRelease || !slices.ContainsFunc(r.snap.Hotfixes, toCome) {
		return nil
	}
	latest, ok, err := r.LatestRelease(ctx)
	if err == nil && ok {
		r.snap.Latest = &latest
	}
	return err
}

// release looks for a release among the newest ones, and alone where it is older.
func (r *run) release(ctx context.Context, tag string) (hotfix.Release, bool, error) {
	if err := r.observeNewest(ctx); err != nil {
		return hotfix.Release{}, false, err
	}
	for _, release := range r.releases {
		if release.Tag == tag {
			return release, true, nil
		}
	}
	return r.Release(ctx, tag)
}

// observeNewest lists the newest releases, once.
func (r *run) observeNewest(ctx context.Context) error {
	if r.releases != nil {
		return nil
	}
	list, err := r.Releases(ctx)
	if err != nil {
		return fmt.Errorf("list releases: %w", err)
	}
	r.releases = append([]hotfix.Release{}, list...)
	return nil
}
