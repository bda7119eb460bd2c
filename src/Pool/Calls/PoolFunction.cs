using MultiProc.Live;

namespace MultiProc.Calls;

/// <summary>A function with its arguments, kept for later: an initializer.</summary>
internal abstract class PoolFunction
{
    /// <summary>Copies function and arguments as they are now.</summary>
    /// <exception cref="NotSerializableException">Something cannot be copied.</exception>
    public abstract ReadOnlyMemory<byte> Encode(LiveExports live);

    public static PoolFunction Of<TArguments>(Delegate function, TArguments arguments)
    {
        ArgumentNullException.ThrowIfNull(function);
        return new Closed<TArguments>(function, arguments);
    }

    private sealed class Closed<TArguments>(Delegate function, TArguments arguments) : PoolFunction
    {
        public override ReadOnlyMemory<byte> Encode(LiveExports live) => CallEncoder.Call(function, arguments, live);
    }
}
