using MultiProc.Boundary;
using MultiProc.Protocol.Calls;

namespace MultiProc.Protocol.Records;

/// <summary>
/// The replacement of a recorded call's live objects. The call's own token is <paramref name="own"/>, other tokens are
/// never signalled, progress is printed, and objects in shared memory are rejected because the record does not contain
/// them.
/// </summary>
internal sealed class RecordedLive(TextWriter reports, CancellationToken own) : ILiveImports
{
    public SurrogateRules? Rules { get; set; }

    public CancellationToken ImportToken(int id) => id == 0 ? own : CancellationToken.None;

    public object ImportProgress(int id, Type valueType) => Activator.CreateInstance(typeof(Printed<>).MakeGenericType(valueType), reports)!;

    public object ImportLogger(int id, Type type) => ForwardingLogger.Create(id, type, entry => reports.WriteLine($"log: {entry.Message}"));

    public void OnAttaching(Type type, string handle) =>
        throw new BoundaryFormatException(
            $"The call holds a {TypeNames.Display(type)}. What is in shared memory belongs to the processes that shared it and is not in the record, so this call cannot be "
            + "made again from it. Make the function take the plain data, or debug it in its pool.");

    private sealed class Printed<T>(TextWriter reports) : IProgress<T>
    {
        public void Report(T value) => reports.WriteLine($"progress: {ValueText.Of(value)}");
    }
}
