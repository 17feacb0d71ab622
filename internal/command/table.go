package command

import "github.com/hotfixbot/hotfixbot/internal/hotfix"

// Row is one command.
type Row struct {
	Verb    hotfix.Verb
	Usage   string // what stands after /hotfix: "skip <environment> <reason>"
	Example string // "skip dev not affected"
	Help    string // one sentence, Markdown

	read  func(*hotfix.Command, []word) error
	needs func(hotfix.Permissions) hotfix.Permission
	force bool // takes --force, which asks for more
}

// Table is every command, in the order of the help.
func Table() []Row { return append(asking(), acting()...) }

// asking are the commands that change nothing.
func asking() []Row {
	return []Row{
		{
			Verb: hotfix.VerbHelp, Usage: "help", Example: "help", read: readNothing, needs: reader,
			Help: "Shows this table.",
		},
		{
			Verb: hotfix.VerbStatus, Usage: "status [#PR]", Example: "status", read: readPull, needs: reader,
			Help: "Shows where the hotfix is contained, and what is missing.",
		},
		{
			Verb: hotfix.VerbExplain, Usage: "explain [#PR]", Example: "explain #34", read: readPull, needs: reader,
			Help: "Tells what was received, decided and tried, and what is awaited.",
		},
		{
			Verb: hotfix.VerbDoctor, Usage: "doctor", Example: "doctor", read: readNothing, needs: reader,
			Help: "Checks what the bot needs in this repository: its permissions, the configuration, branches, rulesets and required checks. On any issue, and also while the configuration is broken.",
		},
	}
}

// acting are those that do something.
func acting() []Row {
	return []Row{
		{
			Verb: hotfix.VerbStart, Usage: "start [title]", Example: "start cart total", read: readTitle, needs: writer,
			Help: "Creates the hotfix branch of this issue at the release that Production runs.",
		},
		{
			Verb: hotfix.VerbBackport, Usage: "backport <branch>…", Example: "backport release/1.6", read: readBranches, needs: writer,
			Help: "Carries the hotfix to branches that are no environment.",
		},
		{
			Verb: hotfix.VerbRetry, Usage: "retry [environment] [#PR]", Example: "retry qa", read: readMaybeEnvironment, needs: writer,
			Help: "Makes the backport again, to one environment or to every one that waits. Where somebody has pushed, a new branch and pull request are made beside it.",
		},
		{
			Verb: hotfix.VerbResolved, Usage: "resolved [#PR] <path>…", Example: "resolved assets/logo.png", read: readPaths, needs: writer,
			Help: "Confirms that a conflicting path without markers (deleted, binary, mode, submodule) is right as it is in the backport.",
		},
		{
			Verb: hotfix.VerbPick, Usage: "pick <environment> [#PR] -- <path>…", Example: "pick qa -- cart", read: readPick, needs: writer,
			Help: "Carries only these paths, folders, modules or commits of the hotfix to an environment. What is left out is shown.",
		},
		{
			Verb: hotfix.VerbSkip, Usage: "skip <environment> [#PR] <reason>", Example: "skip dev the module was replaced there", read: readSkip, needs: writer,
			Help: "Records that an environment does not need the hotfix.",
		},
		{
			Verb: hotfix.VerbUnskip, Usage: "unskip <environment> [#PR]", Example: "unskip dev", read: readEnvironment, needs: writer,
			Help: "Takes a skip back.",
		},
		{
			Verb: hotfix.VerbRevert, Usage: "revert [environment] [#PR]", Example: "revert qa", read: readMaybeEnvironment, needs: writer,
			Help: "Of a hotfix that was reverted where it landed: opens a draft that takes it back from one environment, or from every one that has it.",
		},
		{
			Verb: hotfix.VerbSolved, Usage: "solved [#PR] [--force <reason>]", Example: "solved", read: readSolved, needs: writer, force: true,
			Help: "Marks the hotfix as solved, or lists what is missing. With `--force` it is solved whatever is missing; that is recorded.",
		},
		{
			Verb: hotfix.VerbReopen, Usage: "reopen [#PR]", Example: "reopen", read: readPull, needs: writer,
			Help: "Takes a solved hotfix up again.",
		},
		{
			Verb: hotfix.VerbDeploy, Usage: "deploy [version] [#PR]", Example: "deploy 1.7.1", read: readVersion, needs: deployer,
			Help: "Tag & Deploy: tags the release, with this number or the next one, and brings it to the environments above.",
		},
	}
}

// Find is the row of a verb.
func Find(verb hotfix.Verb) (Row, bool) {
	for _, row := range Table() {
		if row.Verb == verb {
			return row, true
		}
	}
	return Row{}, false
}

// Needs is the permission that a command asks for under a configuration's
// permissions. What is no command at all asks for no more than help does.
func Needs(cmd hotfix.Command, p hotfix.Permissions) hotfix.Permission {
	row, ok := Find(cmd.Verb)
	switch {
	case !ok:
		return hotfix.Read
	case cmd.Force:
		return granted(p.Force, hotfix.Maintain)
	}
	return row.needs(p)
}

func reader(hotfix.Permissions) hotfix.Permission { return hotfix.Read }

func writer(p hotfix.Permissions) hotfix.Permission { return granted(p.Write, hotfix.Write) }

func deployer(p hotfix.Permissions) hotfix.Permission { return granted(p.Deploy, hotfix.Maintain) }

// granted keeps an unset permission from opening a command to everybody.
func granted(set, otherwise hotfix.Permission) hotfix.Permission {
	if set <= hotfix.NoPermission {
		return otherwise
	}
	return set
}
