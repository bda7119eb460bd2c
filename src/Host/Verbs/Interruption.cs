using System.Runtime.InteropServices;

namespace MultiProc.Host.Verbs;

/// <summary>
/// Ctrl-C and SIGTERM: the first one cancels <see cref="Token"/>, so that what is finished can be written and the workers ended. Where somebody listens to
/// <see cref="Again"/>, the second one cancels that. The next one has its usual effect and ends the process at once, whereupon its workers leave by themselves.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenSource _again = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly bool _isPatient;
    private readonly Timer _lastResort;
    private readonly TimeSpan? _lastResortAfter;

    /// <param name="isPatient">Whether somebody listens to <see cref="Again"/>.</param>
    /// <param name="lastResort">How long after the first signal the process ends, whatever it still waits for; null: it does not.</param>
    public Interruption(bool isPatient = false, TimeSpan? lastResort = null)
    {
        _isPatient = isPatient;
        _lastResortAfter = lastResort;
        _lastResort = new Timer(_ => Environment.Exit(ExitCode));
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Handle(context, HostExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Handle(context, HostExitCode.Terminated)),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Cancelled by the second signal.</summary>
    public CancellationToken Again => _again.Token;

    /// <summary>The exit code that belongs to the first signal.</summary>
    public int ExitCode { get; private set; }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _lastResort.Dispose();
        _source.Dispose();
        _again.Dispose();
    }

    private void Handle(PosixSignalContext context, int exitCode)
    {
        if (!_source.IsCancellationRequested)
        {
            context.Cancel = true;
            ExitCode = exitCode;
            if (_lastResortAfter is { } after)
            {
                _lastResort.Change(after, Timeout.InfiniteTimeSpan);
            }

            Cancel(_source);
        }
        else if (_isPatient && !_again.IsCancellationRequested)
        {
            context.Cancel = true;
            Cancel(_again);
        }
    }

    // On the runtime's thread for signals: what came out here would end the command in place of its own exit code.
    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (Exception exception) when (exception is ObjectDisposedException or AggregateException)
        {
            // The command is over; or one of those who were told could not do what it had to. All have been told.
        }
    }
}
