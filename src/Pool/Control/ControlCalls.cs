using System.Text.Json;
using MultiProc.Json;
using MultiProc.Protocol.Control;
using MultiProc.Validation;

namespace MultiProc.Control;

/// <summary>The calls of one client of a control pipe. Only functions that the pool serves can be called.</summary>
internal sealed class ControlCalls(IControlledPool pool, ControlLink link) : IDisposable
{
    // The limit of concurrent calls of one client, for each worker and as a minimum. Further calls wait, so their
    // results do not yet wait to be read.
    private const int RunningPerWorker = 4;
    private const int MinRunning = 64;

    // Enough to keep every worker busy with calls that are sent ahead. The rest of a map waits here.
    private const int MaxInFlight = 4_096;

    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReadInterval = TimeSpan.FromMilliseconds(20);

    private static readonly JsonElement NoArguments = JsonElement.Parse("[]");

    private readonly SemaphoreSlim _running = new(Math.Max(MinRunning, RunningPerWorker * pool.Options.Processes));

    /// <summary>Lists the served functions, once they are known.</summary>
    public async Task<FunctionList> ListAsync(CancellationToken cancellationToken)
    {
        if (pool.Options.ServedFunctions is not { } functions)
        {
            return new FunctionList([]);
        }

        await functions.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new FunctionList(functions.Names);
    }

    public async Task<JsonElement> CallAsync(CallParameters parameters, CancellationToken cancellationToken)
    {
        var functions = await ServedAsync(parameters.Function, cancellationToken).ConfigureAwait(false);
        var call = new ServedCall
        {
            Pool = pool,
            Function = parameters.Function,
            Arguments = parameters.Words is { } words ? JsonSerializer.SerializeToElement(words, ControlJson.Values) : parameters.Arguments ?? NoArguments,
            AreWords = parameters.Words is not null,
            Options = Options(parameters.Timeout, parameters.MaxAttempts),
        };
        await _running.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            while (!link.IsRead)
            {
                await Task.Delay(ReadInterval, cancellationToken).ConfigureAwait(false);
            }

            return await InvokeAsync(functions, call, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _running.Release();
        }
    }

    public void Dispose() => _running.Dispose();

    public async Task<MapAnswer> MapAsync(MapParameters parameters, CancellationToken cancellationToken)
    {
        var functions = await ServedAsync(parameters.Function, cancellationToken).ConfigureAwait(false);
        var options = Options(parameters.Timeout, parameters.MaxAttempts);
        var ends = new ItemEnd[parameters.Items.Count];
        var (completed, bytes) = (0, 0L);
        using var tooLarge = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var inFlight = new SemaphoreSlim(MaxInFlight);
        var progress = parameters.ProgressToken is { } token ? new MapProgressNotifier(link, token, ends.Length) : null;

        async Task RunAsync(int index)
        {
            var call = new ServedCall { Pool = pool, Function = parameters.Function, Arguments = parameters.Items[index], Options = options };
            try
            {
                var result = await InvokeAsync(functions, call, tooLarge.Token).ConfigureAwait(false);
                ends[index] = new ItemEnd(result, null);
                if (Interlocked.Add(ref bytes, System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(result).Length) > ControlLimits.MaxMessageBytes)
                {
                    await tooLarge.CancelAsync().ConfigureAwait(false);
                }
            }
            catch (ControlFault fault)
            {
                ends[index] = new ItemEnd(null, new ItemError(fault.Code, fault.Message, fault.Detail));
            }
            finally
            {
                inFlight.Release();
            }

            progress?.Report(Interlocked.Increment(ref completed), ProgressInterval);
        }

        var calls = new Task[ends.Length];
        for (var i = 0; i < calls.Length; i++)
        {
            await inFlight.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            calls[i] = RunAsync(i);
        }

        try
        {
            await Task.WhenAll(calls).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (tooLarge.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ControlFault(
                ControlErrorCode.Refused, $"The results have more than {ControlLimits.MaxMessageBytes} bytes as JSON, which is the most of one message. Ask for fewer items at once.");
        }

        await (progress?.CompleteAsync() ?? Task.CompletedTask).ConfigureAwait(false);
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
            throw exception is InvalidOperationException && call.Pool is IControlledPool { IsClosed: true }
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

    private async Task<ServedFunctions> ServedAsync(string function, CancellationToken cancellationToken)
    {
        if (pool.Options.ServedFunctions is not { } functions)
        {
            throw new ControlFault(ControlErrorCode.NotServed, "This pool belongs to an application and offers no functions. Start one that does with: multiproc serve ASSEMBLY");
        }

        await functions.Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
        return functions.Names.Contains(function)
            ? functions
            : throw new ControlFault(ControlErrorCode.NotServed, $"This pool does not serve {function}. Ask for {ControlMethods.Functions} to see what it does.");
    }
}
