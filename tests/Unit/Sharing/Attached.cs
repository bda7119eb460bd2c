using MultiProc.Boundary;

namespace MultiProc.Unit.Sharing;

/// <summary>Attaches as the receiving side of the boundary does.</summary>
internal static class Attached
{
    public static T By<T>(string handle)
        where T : class => SharedObjectCopier<T>.Instance.Attach(handle);

    public static T Again<T>(T shared)
        where T : class => By<T>(HandleOf(shared));

    public static string HandleOf<T>(T shared)
        where T : class => SharedObjectCopier<T>.Instance.HandleOf(shared);
}
