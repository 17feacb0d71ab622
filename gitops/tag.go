package gitops

import (
	"context"
	"fmt"
	"io"

	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/object"

	"github.com/hotfixbot/hotfixbot/internal/hotfix"
)

// Tag writes an annotated tag of a commit, which Push can then send as
// refs/tags/<name>. The same arguments give the same object.
func (j *Job) Tag(ctx context.Context, name string, target hotfix.OID, message string, by hotfix.Stamp) (hotfix.Tag, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := checkRef("refs/tags/" + name); err != nil {
		return hotfix.Tag{}, err
	}
	if !target.Valid() {
		return hotfix.Tag{}, fmt.Errorf("%q is no commit to tag", target)
	}
	if err := j.load(ctx, target); err != nil {
		return hotfix.Tag{}, err
	}
	content, err := encodeTag(name, target, message, by)
	if signer := j.engine.settings.Signer; err == nil && signer != nil {
		content, err = signTag(content, signer, by)
	}
	if err != nil {
		return hotfix.Tag{}, fmt.Errorf("tag %s: %w", name, err)
	}
	id, err := j.write(plumbing.TagObject, content)
	return hotfix.Tag{Name: name, Object: id, Commit: target}, err
}

// signTag puts a signature at the end of a tag, which is where git looks for it.
func signTag(content []byte, signer Signer, by hotfix.Stamp) ([]byte, error) {
	signature, err := signer.Sign(content, by.When)
	return append(content, signature...), err
}

func encodeTag(name string, target hotfix.OID, message string, by hotfix.Stamp) ([]byte, error) {
	tag := object.Tag{
		Name:       name,
		Tagger:     object.Signature{Name: cleanName(by.Name), Email: cleanName(by.Email), When: by.When.UTC()},
		Message:    stripSpace(message),
		TargetType: plumbing.CommitObject,
		Target:     plumbing.NewHash(string(target)),
	}
	encoded := &plumbing.MemoryObject{}
	if err := tag.Encode(encoded); err != nil {
		return nil, err
	}
	r, err := encoded.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}
