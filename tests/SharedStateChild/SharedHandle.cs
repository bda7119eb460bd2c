using MultiProc.Boundary;

namespace MultiProc.SharedStateChild;

/// <summary>Shared objects as command line arguments.</summary>
public static class SharedHandle
{
    public static string Of(SharedLock shared) => Read(shared);

    public static string Of(SharedSemaphore shared) => Read(shared);

    public static string Of(SharedEvent shared) => Read(shared);

    public static string Of(SharedBarrier shared) => Read(shared);

    public static string Of<T>(SharedValue<T> shared)
        where T : unmanaged => Read(shared);

    public static string Of<T>(SharedArray<T> shared)
        where T : unmanaged => Read(shared);

    public static string Of<T>(SharedQueue<T> shared) => Read(shared);

    internal static TShared Attach<TShared>(string handle)
        where TShared : class => SharedObjectCopier<TShared>.Instance.Attach(handle);

    private static string Read<TShared>(TShared shared)
        where TShared : class => SharedObjectCopier<TShared>.Instance.HandleOf(shared);
}
