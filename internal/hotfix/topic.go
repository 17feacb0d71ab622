package hotfix

// Docs is where this version's documentation is read.
const Docs = "https://github.com/hotfixbot/hotfixbot/blob/main/docs/"

// Topic is what a problem is about: a heading of docs/troubleshooting.md, in the form
// of its anchor.
type Topic string

// The topics.
const (
	TopicAfterEnvironment  Topic = "it-comes-after-another-environment"
	TopicAppKey            Topic = "github-does-not-accept-the-apps-key"
	TopicAutoMerge         Topic = "it-was-not-merged-by-itself"
	TopicBranchTaken       Topic = "the-branch-is-there-already"
	TopicBrokenConfig      Topic = "a-mistake-in-the-configuration"
	TopicBuildsOn          Topic = "it-builds-on-another-hotfix"
	TopicCannotPick        Topic = "it-cannot-be-picked"
	TopicDamaged           Topic = "gits-check-of-the-objects-failed"
	TopicDeletedTag        Topic = "the-tag-was-deleted"
	TopicDeploymentFailed  Topic = "the-deployment-failed"
	TopicGoneBranch        Topic = "the-branch-does-not-exist-any-more"
	TopicLostMerge         Topic = "it-was-merged-but-the-branch-does-not-hold-the-fix"
	TopicMergedElsewhere   Topic = "the-backport-was-merged-into-another-branch"
	TopicMergedUnresolved  Topic = "it-was-merged-with-unresolved-conflicts"
	TopicMissingBranch     Topic = "the-branch-of-an-environment-does-not-exist"
	TopicMissingPermission Topic = "github-refuses-a-permission-is-missing"
	TopicNoApplication     Topic = "the-hotfix-touches-no-application"
	TopicNoToken           Topic = "github-gives-the-app-no-token"
	TopicNoVersionTag      Topic = "there-is-no-version-tag-to-count-from"
	TopicPromotion         Topic = "the-promotion-did-not-bring-the-release"
	TopicPushRefused       Topic = "the-push-was-refused"
	TopicRefused           Topic = "github-refuses"
	TopicRepointed         Topic = "the-backport-was-pointed-at-another-branch"
	TopicReverted          Topic = "the-hotfix-was-reverted-where-it-landed"
	TopicRolledBack        Topic = "the-environment-was-moved-back"
	TopicSigningKey        Topic = "the-key-cannot-sign"
	TopicSignIn            Topic = "github-signs-nobody-in"
	TopicTagAndDeploy      Topic = "it-waits-for-tag--deploy"
	TopicUnclearMerge      Topic = "it-is-unclear-which-commits-carry-the-hotfix"
	TopicUndone            Topic = "the-environment-had-the-hotfix-and-lost-it"
)

// URL is where the topic is read about; empty for none.
func (t Topic) URL() string {
	if t == "" {
		return ""
	}
	return Docs + "troubleshooting.md#" + string(t)
}
