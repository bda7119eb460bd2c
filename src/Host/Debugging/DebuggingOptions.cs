using System.CommandLine;
using System.Globalization;
using MultiProc.Host.Functions;

namespace MultiProc.Host.Debugging;

/// <summary>The options by which a verb that runs a pool helps to find what is wrong in a function.</summary>
internal sealed class DebuggingOptions
{
    private readonly Option<int[]> _debugWorker = new("--debug-worker")
    {
        Description = "This worker (a number from 0; may be given several times) waits for a debugger before it runs anything; the others work on.",
        HelpName = "N",
        CustomParser = static result =>
        {
            var slots = new List<int>();
            foreach (var token in result.Tokens)
            {
                if (int.TryParse(token.Value.AsSpan(token.Value.StartsWith('w') ? 1 : 0), NumberStyles.None, CultureInfo.InvariantCulture, out var slot))
                {
                    slots.Add(slot);
                }
                else
                {
                    result.AddError($"--debug-worker takes a worker's number, such as 2, or its name, w2; not '{token.Value}'.");
                }
            }

            return [.. slots];
        },
    };

    private readonly Option<string> _record = new("--record")
    {
        Description = "Save each call that fails as a file in DIR, for multiproc replay and multiproc show.",
        HelpName = "DIR",
    };

    private readonly Option<string> _dumpOnCrash = new("--dump-on-crash")
    {
        Description = "A worker that crashes leaves its memory as a file in DIR.",
        HelpName = "DIR",
    };

    public void AddTo(Command verb)
    {
        verb.Add(_debugWorker);
        verb.Add(_record);
        verb.Add(_dumpOnCrash);
    }

    /// <summary>A pool's options with what was asked for; directories that are not there are made.</summary>
    /// <exception cref="InvalidCallException">The pool will have no such worker: nobody would ever wait.</exception>
    public ProcessPoolOptions Apply(ParseResult parsed, ProcessPoolOptions options)
    {
        var waiting = parsed.GetValue(_debugWorker) ?? [];
        foreach (var slot in waiting.Where(slot => slot >= options.Processes))
        {
            throw new InvalidCallException(
                $"--debug-worker {slot} names no worker: "
                + (options.Processes == 1 ? "the only one is w0. Name it" : $"the {options.Processes} workers are w0 to w{options.Processes - 1}. Name one of them")
                + $", or give --processes {slot + 1}.");
        }

        return options with
        {
            Debugging = waiting.Length == 0 ? options.Debugging : WorkerDebugging.WaitForDebugger(waiting),
            RecordDirectory = Created(parsed.GetValue(_record)) ?? options.RecordDirectory,
            DumpOnCrash = Created(parsed.GetValue(_dumpOnCrash)) ?? options.DumpOnCrash,
        };
    }

    private static string? Created(string? directory) => directory is null ? null : Directory.CreateDirectory(directory).FullName;
}
