using System.Text.Json;
using MultiProc.Calls;
using MultiProc.Protocol.Control;

namespace MultiProc.Control;

/// <summary>Calls that come over a control pipe: only of functions that the pool serves.</summary>
internal sealed class ControlCalls(ProcessPool pool, ControlLink link)
{
    // Enough to keep every worker busy with calls that are sent ahead; the rest of a map waits here.
    private const int UnderWay = 4_096;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private static readonly JsonElement NoArguments = JsonElement.Parse("[]");

    public async Task<JsonElement> CallAsync(CallParameters parameters, CancellationToken cancellationToken)
    {
        var functions = Served(parameters?.Function);
        var call = new ServedCall
        {
            Pool = pool,
            Function = parameters!.Function,
            Arguments = parameters.Words is { } words ? JsonSerializer.SerializeToElement(words, ControlJson.Values) : parameters.Arguments ?? NoArguments,
            AreWords = parameters.Words is not null,
            Options = Options(parameters.Timeout, parameters.MaxAttempts),
        };
        return await InvokeAsync(functions, call, cancellationToken).ConfigureAwait(false);
    }

    public async Task<MapAnswer> MapAsync(MapParameters parameters, CancellationToken cancellationToken)
    {
        var functions = Served(parameters?.Function);
        if (parameters!.Items is null)
        {
            throw new ControlFault(ControlErrorCode.InvalidParameters, "The parameter 'items' is missing: an array with the arguments of each call.");
        }

        var options = Options(parameters.Timeout, parameters.MaxAttempts);
        var ends = new ItemEnd[parameters.Items.Count];
        var completed = 0;
        var lastTold = Environment.TickCount64;
        using var room = new SemaphoreSlim(UnderWay);

        async Task RunAsync(int index)
        {
            var call = new ServedCall { Pool = pool, Function = parameters.Function, Arguments = parameters.Items[index], Options = options };
            try
            {
                ends[index] = new ItemEnd(await InvokeAsync(functions, call, cancellationToken).ConfigureAwait(false), null);
            }
            catch (ControlFault fault)
            {
                ends[index] = new ItemEnd(null, new ItemError(fault.Code, fault.Message, fault.Detail));
            }
            finally
            {
                room.Release();
            }

            var count = Interlocked.Increment(ref completed);
            var last = Interlocked.Read(ref lastTold);
            if (parameters.ProgressToken is { } token
                && (count == ends.Length || Environment.TickCount64 - last > ProgressInterval.TotalMilliseconds)
                && (Interlocked.CompareExchange(ref lastTold, Environment.TickCount64, last) == last || count == ends.Length))
            {
                await link.NotifyAsync(ControlMethods.Progress, new ProgressParameters(token, count, ends.Length)).ConfigureAwait(false);
            }
        }

        var calls = new Task[ends.Length];
        for (var i = 0; i < calls.Length; i++)
        {
            await room.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            calls[i] = RunAsync(i);
        }

        await Task.WhenAll(calls).ConfigureAwait(false);
        return new MapAnswer(ends);
    }

    private static async Task<JsonElement> InvokeAsync(ServedFunctions functions, ServedCall call, CancellationToken cancellationToken)
    {
        try
        {
            return JsonElement.Parse(await functions.CallAsync(call, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            throw exception is InvalidOperationException && call.Pool is ProcessPool { IsClosed: true }
                ? new ControlFault(ControlErrorCode.Refused, "The pool is ending: it takes no new calls.")
                : ControlFailures.Of(exception);
        }
    }

    private static CallOptions Options(TimeSpan? timeout, int? maxAttempts)
    {
        var options = new CallOptions { Timeout = timeout, MaxAttempts = maxAttempts ?? 1 };
        try
        {
            OptionChecks.Check(options);
            return options;
        }
        catch (ArgumentException exception)
        {
            throw new ControlFault(ControlErrorCode.InvalidParameters, exception.Message);
        }
    }

    private ServedFunctions Served(string? function)
    {
        if (pool.Options.ServedFunctions is not { } functions)
        {
            throw new ControlFault(ControlErrorCode.NotServed, "This pool belongs to an application and offers no functions. Start one that does with: multiproc serve ASSEMBLY");
        }

        if (function is null)
        {
            throw new ControlFault(ControlErrorCode.InvalidParameters, "The parameter 'function' is missing.");
        }

        return functions.Names.Contains(function)
            ? functions
            : throw new ControlFault(ControlErrorCode.NotServed, $"This pool does not serve {function}. Ask for {ControlMethods.Functions} to see what it does.");
    }
}
