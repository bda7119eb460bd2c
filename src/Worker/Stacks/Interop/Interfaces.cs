namespace MultiProc.Worker.Stacks.Interop;

/// <summary>The ids of the debugging interfaces.</summary>
internal static class Interfaces
{
    public static readonly Guid Unknown = new("00000000-0000-0000-c000-000000000046");
    public static readonly Guid Debugger = new("3d6f5f61-7538-11d3-8d5b-00104b35e7ef");
    public static readonly Guid ThreadWithStackWalk = new("f8544ec3-5e4e-46c7-8d3e-a52b8405b1f5");
    public static readonly Guid ManagedFrame = new("03e26311-4f76-11d3-88c6-006097945418");
    public static readonly Guid NativeFrame = new("03e26314-4f76-11d3-88c6-006097945418");

    /// <summary>
    /// The four generations of the debugger's callback interface, with the number of functions of each.
    /// </summary>
    public static readonly (Guid Id, int Functions)[] Callbacks =
    [
        (new("3d6f5f60-7538-11d3-8d5b-00104b35e7ef"), 26),
        (new("250e5eea-db5c-4c76-b6f3-8c46f12e3203"), 8),
        (new("264ea0fc-2591-49aa-868e-835e6515323f"), 1),
        (new("322911ae-16a5-49ba-84a3-ed69678138a3"), 3),
    ];
}
