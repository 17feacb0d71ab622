package gitops

import (
	"context"
	"io/fs"
	"path/filepath"
	"time"
)

// watchEvery is how often the size of a job's folder is measured. What comes in
// between two looks is bounded by the network and by the limit on single files.
const watchEvery = 50 * time.Millisecond

// watch ends a process when its job's folder has become too large. It returns
// when ctx ends.
func (j *Job) watch(ctx context.Context, end context.CancelCauseFunc) {
	limits := j.engine.settings.Limits
	timer := time.NewTimer(watchEvery)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		start := time.Now()
		if folderSize(j.dir) > limits.Bytes {
			end(limits.tooLarge())
			return
		}
		timer.Reset(watchEvery + 10*time.Since(start)) // a folder of many files is not looked at all the time
	}
}

// folderSize is the sum of all files. What vanishes meanwhile counts for nothing.
func folderSize(dir string) (size int64) {
	_ = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return nil //nolint:nilerr // git removes files while they are counted
		}
		if info, err := entry.Info(); err == nil {
			size += info.Size()
		}
		return nil
	})
	return size
}
