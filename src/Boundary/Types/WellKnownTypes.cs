namespace MultiProc.Boundary;

/// <summary>Types that nearly every call names: finding them by name, as others are found, takes a worker's first call a noticeable time.</summary>
internal static class WellKnownTypes
{
    private const string CoreLibrary = "System.Private.CoreLib";

    /// <summary>The type whose full name that is, in the assembly of that name; null: not one of these.</summary>
    public static Type? Find(string name, string assembly) => assembly == CoreLibrary ? Find(name) : null;

    private static Type? Find(string name) => name switch
    {
        "System.Int32" => typeof(int),
        "System.Int64" => typeof(long),
        "System.Double" => typeof(double),
        "System.Boolean" => typeof(bool),
        "System.String" => typeof(string),
        "System.Object" => typeof(object),
        "System.Threading.CancellationToken" => typeof(CancellationToken),
        "System.Action" => typeof(Action),
        "System.Action`1" => typeof(Action<>),
        "System.Action`2" => typeof(Action<,>),
        "System.Action`3" => typeof(Action<,,>),
        "System.Func`1" => typeof(Func<>),
        "System.Func`2" => typeof(Func<,>),
        "System.Func`3" => typeof(Func<,,>),
        "System.Func`4" => typeof(Func<,,,>),
        "System.Func`5" => typeof(Func<,,,,>),
        _ => null,
    };
}
