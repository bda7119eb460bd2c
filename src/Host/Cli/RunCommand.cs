using System.CommandLine;
using System.CommandLine.Parsing;
using MultiProc.Host.Debugging;
using MultiProc.Host.Functions;
using MultiProc.Host.Run;
using MultiProc.Host.Run.Display;
using MultiProc.Host.Run.Inputs;
using MultiProc.Host.Spelling;
using MultiProc.Host.Verbs;

namespace MultiProc.Host.Cli;

/// <summary><c>multiproc run</c>: calls a function of any assembly, once or for each item of an input.</summary>
internal sealed class RunCommand
{
    private readonly Argument<string> _assembly = new("ASSEMBLY") { Description = "The path of a built .NET assembly." };

    private readonly Argument<string> _function = new("FUNCTION")
    {
        Description = "A public static method: Namespace.Type.Method. Overloads are told apart by how many arguments there are, or by their types: 'N.T.M(int)'.",
    };

    private readonly Argument<string[]> _words = new("ARGS")
    {
        Description = "The arguments of a single call. Each is JSON if it is JSON that fits its parameter, and else a string. Behind -- they may look like options.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _input = InputOptions.Input();

    private readonly Option<RangeInput> _range = InputOptions.Range();

    private readonly Option<string> _output = InputOptions.Output();

    private readonly Option<long> _chunkSize =
        NumberOption.Create("--chunk-size", "How many calls travel to a worker together. Default: chosen by measuring.", 1, int.MaxValue, "-c");

    private readonly Option<long> _processes =
        NumberOption.Create("--processes", "How many worker processes. Default: one per processor; one for a single call.", 1, 4_096, "-p");

    private readonly Option<TimeSpan?> _timeout = DurationOption.Create("--timeout", "How long one call may run, such as 500ms, 10s or 5m. Default: no limit.");

    private readonly Option<long> _retries =
        NumberOption.Create("--retries", "How often a call that failed is tried again: it threw, ran past --timeout, or lost its worker.", 0, 1_000_000);

    private readonly Option<Halt> _halt = new("--halt")
    {
        Description = "What the first failed call means: never (the default): nothing; soon: no further call begins; now: running ones are stopped, too.",
        HelpName = "never|soon|now",
        CustomParser = static result =>
        {
            var text = result.Tokens[0].Value;
            if (Enum.TryParse<Halt>(text, ignoreCase: true, out var halt) && text.All(char.IsLetter))
            {
                return halt;
            }

            result.AddError($"--halt takes never, soon or now, not '{text}'.{NearestNames.Question(text, ["never", "soon", "now"])}");
            return default;
        },
    };

    private readonly Option<bool> _unordered = new("--unordered", "-u") { Description = "Write results as calls end, not in the order of the input." };

    private readonly Option<string> _jobLog = new("--joblog")
    {
        Description = "Write a table with a line for each call that has ended: item, worker, start, duration, exit.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _resume = new("--resume") { Description = "Go on where the job log ends, also after the run was killed." };

    private readonly Option<bool> _resumeFailed = new("--resume-failed") { Description = "Go on as with --resume, and run the calls that failed again." };

    private readonly Option<bool> _raw = new("--raw") { Description = "Items are lines of text, not JSON; results that are strings are written as text." };

    private readonly Option<bool> _null = new("--null", "-0") { Description = "As --raw, with a NUL character behind each item and each result, as find -print0 and sort -z have it." };

    private readonly Option<bool> _tag = new("--tag") { Description = "Write the item and a tab before its result." };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Write the calls that would be made, and make none." };

    private readonly Option<bool> _trace = new("--trace") { Description = "Show the stack traces of failed calls." };

    private readonly DebuggingOptions _debugging = new();

    public static Command Create()
    {
        var run = new RunCommand();
        var verb = new Verb(
            "run",
            "Calls a public static method of a .NET assembly in worker processes: once with ARGS, or once for each item of an input.",
            ("run Tools.dll Tools.Text.Reverse hello", "One call; prints \"olleh\""),
            ("run Tools.dll Tools.Math.IsPrime --range 1..1000000 --output primes.jsonl", "For each number from 1 to 999999"),
            ("run WordCount.dll WordCount.Counter.CountFile --input paths.jsonl --processes 4", "For each line of a file"),
            ("run Tools.dll Tools.Math.Add --input - <<< '[1, 2]'", "Several parameters: one array per line"),
            ("run Tools.dll Tools.Web.Fetch -i urls.jsonl -o pages.jsonl --timeout 30s --retries 2 --joblog fetch.log --resume",
                "A long run: the same command begins it, and goes on with it after whatever ended it"),
            ("find . -name '*.md' -print0 | multiproc run Tools.dll Tools.Text.FirstLine -i - -0 --tag", "File names in, text out, as other command-line tools have it"))
        {
            Notes = """
                Results are JSON, one line per call, in the order of the input unless --unordered is given; a failed call has no line there.
                What functions print goes to standard error, as do failures and progress.

                Exit codes: 0 all succeeded; 1 a call failed; 2 the command, a function or a line of input is wrong; 130 Ctrl-C.
                """,
        };
        run.AddTo(verb);
        verb.SetAction((parsed, _) => Outcome.OfAsync("run", token => run.RunAsync(parsed, token)));
        return verb;
    }

    private void AddTo(Command verb)
    {
        verb.Add(_assembly);
        verb.Add(_function);
        verb.Add(_words);
        verb.Add(_input);
        verb.Add(_range);
        verb.Add(_output);
        verb.Add(_chunkSize);
        verb.Add(_processes);
        verb.Add(_timeout);
        verb.Add(_retries);
        verb.Add(_halt);
        verb.Add(_unordered);
        verb.Add(_jobLog);
        verb.Add(_resume);
        verb.Add(_resumeFailed);
        verb.Add(_raw);
        verb.Add(_null);
        verb.Add(_tag);
        verb.Add(_dryRun);
        verb.Add(_trace);
        _debugging.AddTo(verb);
        verb.Validators.Add(Check);
    }

    private void Check(CommandResult result)
    {
        var sources = new[]
        {
            (Name: "ARGS", Given: result.GetResult(_words) is { Tokens.Count: > 0 }),
            (Name: "--input", Given: result.GetResult(_input) is not null),
            (Name: "--range", Given: result.GetResult(_range) is not null),
        }.Where(static source => source.Given).Select(static source => source.Name).ToArray();
        if (sources.Length > 1)
        {
            result.AddError($"{string.Join(" and ", sources)} exclude each other: give one of them.");
        }

        Option[] ofManyCalls = [_chunkSize, _halt, _unordered, _jobLog, _resume, _resumeFailed, _null, _tag];
        if (!sources.Any(static source => source != "ARGS") && Array.Find(ofManyCalls, option => result.GetResult(option) is { Implicit: false }) is { } stray)
        {
            result.AddError($"{stray.Name} is for many calls: give --input or --range, too.");
        }

        if (Array.Find<Option>([_resume, _resumeFailed], option => result.GetResult(option) is { Implicit: false }) is { } resume && result.GetResult(_jobLog) is null)
        {
            result.AddError($"{resume.Name} needs --joblog FILE: the log says what has been done.");
        }

        if (result.GetResult(_dryRun) is { Implicit: false } && Array.Find<Option>([_output, _jobLog], option => result.GetResult(option) is { Implicit: false }) is { } written)
        {
            result.AddError($"--dry-run makes no call, so it has nothing for {written.Name}: leave one of them out.");
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var assemblyPath = Path.GetFullPath(parsed.GetRequiredValue(_assembly));
        AssemblyFile.Check(assemblyPath);
        var output = parsed.GetValue(_output);
        var (isNullTerminated, isDryRun) = (parsed.GetValue(_null), parsed.GetValue(_dryRun));
        var format = new ResultFormat(parsed.GetValue(_raw) || isNullTerminated, isNullTerminated, parsed.GetValue(_tag), isDryRun);
        using var input = InputOptions.Open(parsed.GetValue(_input), parsed.GetValue(_range), output, format);
        var request = new RunRequest
        {
            AssemblyPath = assemblyPath,
            Function = parsed.GetRequiredValue(_function),
            Words = parsed.GetValue(_words) ?? [],
            OutputPath = output == "-" ? null : output,
            Processes = parsed.GetResult(_processes) is null ? null : (int)parsed.GetValue(_processes),
            ChunkSize = parsed.GetResult(_chunkSize) is null ? null : (int)parsed.GetValue(_chunkSize),
            Timeout = parsed.GetValue(_timeout),
            Retries = (int)parsed.GetValue(_retries),
            Halt = parsed.GetValue(_halt),
            Unordered = parsed.GetValue(_unordered),
            JobLogPath = parsed.GetValue(_jobLog) is { } log ? Path.GetFullPath(log) : null,
            Resume = parsed.GetValue(_resume) || parsed.GetValue(_resumeFailed),
            ResumeFailed = parsed.GetValue(_resumeFailed),
            IsDryRun = isDryRun,
            Format = format,
            Trace = parsed.GetValue(_trace),
            Debugging = options => _debugging.Apply(parsed, options),
        };
        return input is null
            ? await SingleRun.RunAsync(request, cancellationToken).ConfigureAwait(false)
            : await RunDisplay.ForAsync(
                request.OutputPath is null, input, display => new BatchRun(request, input, display).RunAsync(cancellationToken), cancellationToken).ConfigureAwait(false);
    }
}
