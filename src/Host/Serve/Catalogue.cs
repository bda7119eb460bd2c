using System.Collections;
using MultiProc.Host.Functions;
using MultiProc.Host.Spelling;

namespace MultiProc.Host.Serve;

/// <summary>
/// The names of the functions that are served, and where each function is. Filled once, by a worker: the assemblies are loaded nowhere else. Until then it is
/// empty for whoever asks. Thread-safe.
/// </summary>
internal sealed class Catalogue : IReadOnlyCollection<string>
{
    private const int Shown = 3;

    private readonly TaskCompletionSource _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Dictionary<string, string> _assemblies = [];

    /// <summary>Completes when it is filled.</summary>
    public Task Filled => _filled.Task;

    public int Count => _assemblies.Count;

    /// <summary>Such as <c>12 functions: A.B, A.C, A.D and 9 more</c>.</summary>
    public string Summary =>
        $"{_assemblies.Count} {(_assemblies.Count == 1 ? "function" : "functions")}: {string.Join(", ", _assemblies.Keys.Take(Shown))}"
        + (_assemblies.Count > Shown ? $" and {_assemblies.Count - Shown} more" : "");

    public IEnumerator<string> GetEnumerator() => _assemblies.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <exception cref="InvalidCallException">An assembly cannot be used, a pattern fits nothing, or two assemblies have functions of the same name.</exception>
    public async Task FillAsync(IProcessPool pool, ServeRequest request, CancellationToken cancellationToken)
    {
        var all = new List<(string Function, string Assembly)>();
        foreach (var path in request.AssemblyPaths)
        {
            var names = await pool.ApplyAsync(TextCalls.Names, path, cancellationToken: cancellationToken).ConfigureAwait(false);
            if (names.Length == 0)
            {
                throw new InvalidCallException($"{path} has no public static method that can be called with JSON. Add one that takes and returns plain data.");
            }

            all.AddRange(names.Select(name => (name, path)));
        }

        foreach (var pattern in request.Allowed)
        {
            if (!all.Exists(one => FunctionPattern.Fits(pattern, one.Function)))
            {
                throw new InvalidCallException($"No function fits --allow '{pattern}'.{NearestNames.Question(pattern, all.Select(static one => one.Function))}");
            }
        }

        var assemblies = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (function, assembly) in all.Where(one => request.Allowed.Count == 0 || request.Allowed.Any(pattern => FunctionPattern.Fits(pattern, one.Function))))
        {
            if (!assemblies.TryAdd(function, assembly))
            {
                throw new InvalidCallException($"{function} is in both {assemblies[function]} and {assembly}. Serve one of them.");
            }
        }

        _assemblies = assemblies;
        _filled.SetResult();
    }

    /// <summary>Makes a call that came over the control pipe.</summary>
    public async Task<string> CallAsync(ServedCall call, CancellationToken cancellationToken)
    {
        var options = call.Options with { Name = call.Function };
        var assembly = _assemblies[call.Function];
        try
        {
            return call.AreWords
                ? await call.Pool.ApplyAsync(
                    TextCalls.InvokeWordsAsync, assembly, call.Function, call.Arguments.EnumerateArray().Select(static word => word.GetString()!).ToArray(),
                    options, cancellationToken).ConfigureAwait(false)
                : await call.Pool.ApplyAsync(
                    TextCalls.InvokeLineAsync, assembly, call.Function, call.Arguments.GetRawText(), false, options, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidCallException exception)
        {
            throw new PoolControlException(PoolControlError.InvalidArguments, exception.Message, exception);
        }
    }
}
