package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// completionCommand is `hotfixbot completion`.
type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help is the longer text of `completion --help`.
func (completionCommand) Help() string {
	return `Prints a script that makes the shell complete commands and flags. It asks the program itself, so that it fits every version.

Examples:

	source <(hotfixbot completion bash)                                         # in ~/.bashrc
	hotfixbot completion zsh > "${fpath[1]}/_hotfixbot"                         # once
	hotfixbot completion fish > ~/.config/fish/completions/hotfixbot.fish       # once`
}

// asked is the hidden word with which a shell's script asks for completions: after
// it come the words of the line, up to the one that is being written.
const asked = "__complete"

// The scripts. Where the program knows nothing, the shell offers files.
var completions = map[string]string{
	"bash": `_hotfixbot() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        line=${line%%$'\t'*}
        [[ $COMP_WORDBREAKS == *=* ]] && line=${line#*=} # what stands before it is another word to bash
        COMPREPLY+=("$line")
    done < <(hotfixbot ` + asked + ` "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _hotfixbot hotfixbot
`,
	"zsh": `#compdef hotfixbot
_hotfixbot() {
    local line
    local -a known
    while IFS= read -r line; do
        known+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done < <(hotfixbot ` + asked + ` "${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( $#known )); then
        _describe hotfixbot known
    else
        _files
    fi
}
if [[ $funcstack[1] == _hotfixbot ]]; then
    _hotfixbot "$@"
else
    compdef _hotfixbot hotfixbot
fi
`,
	"fish": `function __hotfixbot
    set -l known (hotfixbot ` + asked + ` (commandline -opc)[2..] (commandline -ct) 2>/dev/null)
    if test (count $known) -gt 0
        printf '%s\n' $known
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c hotfixbot -f -a '(__hotfixbot)'
`,
}

// Run prints the script.
func (c completionCommand) Run(std streams) error {
	_, err := io.WriteString(std.out, completions[c.Shell])
	return err
}

// complete prints what the last of the words may become, a line for each: the
// word, a tab, what it means.
func complete(out io.Writer, app *kong.Application, words []string) error {
	if words = joined(words); len(words) == 0 {
		words = []string{""}
	}
	last := words[len(words)-1]
	node, flag, arguments := follow(app.Node, words[:len(words)-1])
	var known [][2]string
	name, _, valued := strings.Cut(last, "=")
	switch {
	case flag != nil:
		known = values(flag.Value, "")
	case valued && flagNamed(node, name) != nil:
		known = values(flagNamed(node, name).Value, name+"=")
	case strings.HasPrefix(last, "-"):
		known = flags(node)
	default:
		known = append(children(node), positional(node, arguments)...)
	}
	for _, k := range known {
		if strings.HasPrefix(k[0], last) {
			if _, err := fmt.Fprintf(out, "%s\t%s\n", k[0], k[1]); err != nil {
				return err
			}
		}
	}
	return nil
}

// joined puts together what bash takes apart: "--listen", "=", ":8080".
func joined(words []string) []string {
	var out []string
	for i, word := range words {
		if i > 0 && (word == "=" || words[i-1] == "=") && len(out) > 0 {
			out[len(out)-1] += word
			continue
		}
		out = append(out, word)
	}
	return out
}

// follow is the command that the words lead to, the flag that still wants its
// value, and how many arguments were given.
func follow(node *kong.Node, words []string) (*kong.Node, *kong.Flag, int) {
	var pending *kong.Flag
	arguments := 0
	for _, word := range words {
		switch {
		case pending != nil:
			pending = nil
		case strings.HasPrefix(word, "-"):
			if flag := flagNamed(node, word); flag != nil && !flag.IsBool() {
				pending = flag
			}
		default:
			if next := child(node, word); next != nil {
				node, arguments = next, 0
			} else {
				arguments++
			}
		}
	}
	return node, pending, arguments
}

func child(node *kong.Node, name string) *kong.Node {
	for _, c := range node.Children {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func children(node *kong.Node) (known [][2]string) {
	for _, c := range node.Children {
		if !c.Hidden {
			known = append(known, [2]string{c.Name, c.Help})
		}
	}
	return known
}

func flagNamed(node *kong.Node, word string) *kong.Flag {
	for _, level := range node.AllFlags(false) {
		for _, flag := range level {
			if word == "--"+flag.Name || flag.Short != 0 && word == "-"+string(flag.Short) {
				return flag
			}
		}
	}
	return nil
}

func flags(node *kong.Node) (known [][2]string) {
	for _, level := range node.AllFlags(true) {
		for _, flag := range level {
			known = append(known, [2]string{"--" + flag.Name, kong.DefaultHelpValueFormatter(flag.Value)})
		}
	}
	return known
}

// positional are the words that the next argument may be, if they are few.
func positional(node *kong.Node, arguments int) [][2]string {
	if arguments >= len(node.Positional) {
		return nil
	}
	return values(node.Positional[arguments], "")
}

func values(value *kong.Value, prefix string) (known [][2]string) {
	if value.Enum == "" {
		return nil
	}
	for _, word := range value.EnumSlice() {
		known = append(known, [2]string{prefix + word, ""})
	}
	return known
}
