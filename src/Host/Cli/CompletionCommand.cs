using System.CommandLine;
using MultiProc.Host.Spelling;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Cli;

/// <summary><c>multiproc completion</c>: prints what makes a shell complete this command. The shell asks the command itself, by its <c>[suggest]</c> directive.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            # multiproc completion for bash: put into ~/.bashrc:  eval "$(multiproc completion bash)"
            _multiproc_complete() {
                local line
                COMPREPLY=()
                while IFS= read -r line; do
                    [[ $line == "${COMP_WORDS[COMP_CWORD]}"* ]] && COMPREPLY+=("$line")
                done < <(multiproc "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
                [[ ${#COMPREPLY[@]} -eq 0 ]] && compopt -o default
            }
            complete -F _multiproc_complete multiproc
            """,
        ["zsh"] = """
            # multiproc completion for zsh: put into ~/.zshrc:  eval "$(multiproc completion zsh)"
            _multiproc_complete() {
                local -a suggestions
                suggestions=("${(@f)$(multiproc "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                if (( ${#suggestions} )) && [[ -n ${suggestions[1]} ]]; then compadd -- "${suggestions[@]}"; else _files; fi
            }
            compdef _multiproc_complete multiproc
            """,
        ["fish"] = """
            # multiproc completion for fish: multiproc completion fish > ~/.config/fish/completions/multiproc.fish
            complete -c multiproc -a '(multiproc "[suggest:"(string length -- (commandline -cp))"]" (commandline -cp) 2>/dev/null)'
            """,
        ["pwsh"] = """
            # multiproc completion for PowerShell: put into $PROFILE:  multiproc completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName multiproc -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                multiproc "[suggest:$cursorPosition]" "$commandAst" 2>$null | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh." };
        shell.CompletionSources.Add([.. Scripts.Keys]);
        shell.Validators.Add(static result =>
        {
            if (result.Tokens is [var token, ..] && !Scripts.ContainsKey(token.Value))
            {
                result.AddError($"there is no completion for '{token.Value}'.{NearestNames.Question(token.Value, Scripts.Keys)} It is there for bash, zsh, fish and pwsh.");
            }
        });
        var verb = new Verb(
            "completion",
            "Prints a script that makes a shell complete verbs, options, names of pools and functions.",
            ("completion bash", "How to use it is said in its first line"));
        verb.Add(shell);
        verb.SetAction(parsed =>
        {
            Console.Out.WriteLine(Scripts[parsed.GetRequiredValue(shell)]);
            return HostExitCode.Success;
        });
        return verb;
    }
}
