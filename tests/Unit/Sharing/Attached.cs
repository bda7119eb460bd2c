using MultiProc.Protocol.Boundary;

namespace MultiProc.Unit.Sharing;

/// <summary>Attaches as the receiving side of the boundary does.</summary>
internal static class Attached
{
    public static T By<T>(string handle)
        where T : class, ISharedObject<T> => T.Attach(handle);

    public static T Again<T>(T shared)
        where T : class, ISharedObject<T> => T.Attach(shared.Handle);
}
