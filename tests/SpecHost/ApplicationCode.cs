using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace MultiProc.SpecHost;

/// <summary>Where a pool calls code of the application.</summary>
internal enum Place
{
    CreateLogger,
    IsEnabled,
    Log,
    RelayedLog,
    BeginScope,
    EndScope,
    Output,
    CallProgress,
    MapProgress,
    InstrumentPublished,
    Measurement,
    ShouldListenTo,
    Sample,
    ActivityStarted,
    ActivityStopped,
    CurrentChanged,
    TokenCallback,
}

/// <summary>An application whose loggers, handlers and listeners all do the same thing whenever the pool calls them.</summary>
/// <param name="deed">What each does.</param>
internal sealed class ApplicationCode(Action<Place> deed) : ILoggerFactory
{
    private readonly int[] _calls = new int[Enum.GetValues<Place>().Length];
    private MeterListener? _meter;
    private ActivityListener? _activities;

    /// <summary>The places that the pool has come to.</summary>
    public IEnumerable<Place> Reached => Enum.GetValues<Place>().Where(place => Volatile.Read(ref _calls[(int)place]) > 0);

    /// <summary>With all handlers that a pool can be given.</summary>
    public ProcessPoolOptions Options => new()
    {
        Processes = 2,
        LoggerFactory = this,
        Output = _ => Do(Place.Output),
        CancellationGracePeriod = TimeSpan.FromMilliseconds(200),
        MaxTasksPerWorker = 400,
        StandbyWorkers = 1,
    };

    public IProgress<int> CallProgress => new Progress<int>(this, Place.CallProgress);

    public IProgress<MapProgress> MapProgress => new Progress<MapProgress>(this, Place.MapProgress);

    public void Do(Place place)
    {
        Interlocked.Increment(ref _calls[(int)place]);
        deed(place);
    }

    /// <summary>Listens to everything that a process can listen to.</summary>
    public void Listen()
    {
        _meter = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "MultiProc")
                {
                    listener.EnableMeasurementEvents(instrument);
                    Do(Place.InstrumentPublished);
                }
            },
        };
        _meter.SetMeasurementEventCallback<double>((_, _, _, _) => Do(Place.Measurement));
        _meter.SetMeasurementEventCallback<long>((_, _, _, _) => Do(Place.Measurement));
        _meter.Start();
        _activities = new ActivityListener
        {
            ShouldListenTo = source =>
            {
                if (source.Name == "MultiProc")
                {
                    Do(Place.ShouldListenTo);
                }

                return source.Name == "MultiProc";
            },
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
            {
                Do(Place.Sample);
                return ActivitySamplingResult.AllDataAndRecorded;
            },
            ActivityStarted = _ => Do(Place.ActivityStarted),
            ActivityStopped = _ => Do(Place.ActivityStopped),
        };
        ActivitySource.AddActivityListener(_activities);
        Activity.CurrentChanged += OnCurrentChanged;
    }

    public ILogger CreateLogger(string categoryName)
    {
        Do(Place.CreateLogger);
        return new Logger(this, categoryName == "MultiProc.ProcessPool" ? Place.Log : Place.RelayedLog);
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        Activity.CurrentChanged -= OnCurrentChanged;
        _activities?.Dispose();
        _meter?.Dispose();
    }

    private void OnCurrentChanged(object? sender, ActivityChangedEventArgs change)
    {
        if ((change.Current ?? change.Previous)?.Source.Name == "MultiProc")
        {
            Do(Place.CurrentChanged);
        }
    }

    private sealed class Logger(ApplicationCode owner, Place place) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            owner.Do(Place.BeginScope);
            return new Scope(owner);
        }

        public bool IsEnabled(LogLevel logLevel)
        {
            owner.Do(Place.IsEnabled);
            return true;
        }

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => owner.Do(place);
    }

    private sealed class Scope(ApplicationCode owner) : IDisposable
    {
        public void Dispose() => owner.Do(Place.EndScope);
    }

    private sealed class Progress<T>(ApplicationCode owner, Place place) : IProgress<T>
    {
        public void Report(T value) => owner.Do(place);
    }
}
