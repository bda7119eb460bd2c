using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace MultiProc.Specs.Telemetry;

/// <summary>What workers run: code that knows nothing of MultiProc but is traced, and the exporter that an application would give them.</summary>
internal static class TracedWork
{
    public static readonly ActivitySource Source = new("Specs");

    private static readonly List<Activity> Exported = [];

    private static TracerProvider? _provider;

    /// <summary>The initializer.</summary>
    public static void Start() =>
        _provider = Sdk.CreateTracerProviderBuilder().AddSource("MultiProc").AddSource(Source.Name).AddInMemoryExporter(Exported).Build();

    public static int Step(int number)
    {
        using var step = Source.StartActivity("step");
        return number;
    }

    public static void Fail() => throw new InvalidDataException("It fails, as it should.");

    public static Span[] TakeExported()
    {
        _provider!.ForceFlush();
        Span[] spans = [.. Exported.Select(Span.Of)];
        Exported.Clear();
        return spans;
    }

    public static string? CurrentTrace() => Activity.Current?.TraceId.ToString();
}
