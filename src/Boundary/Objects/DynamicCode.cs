using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>
/// Whether code may be generated in this process. <c>PublishAot</c>, which file-based apps have by default, switches that off although the runtime could; our own
/// code does without then (<see cref="StateInterpreter"/>), and that of MessagePack, which cannot, is let through the gate that the framework has for such a case.
/// </summary>
internal static class DynamicCode
{
    // The same that compiled expressions use. It is not public: where it is missing, contracts are refused.
    private static readonly MethodInfo? Gate = typeof(AssemblyBuilder).GetMethod("ForceAllowDynamicCode", BindingFlags.Static | BindingFlags.NonPublic, []);

    /// <summary>Why types with a MessagePack contract cannot cross; null: they can.</summary>
    public static string? ContractRefusal { get; } = RuntimeFeature.IsDynamicCodeSupported || Gate is not null
        ? null
        : "it has a MessagePack contract, for which code is generated, and this application has dynamic code switched off. Add " +
            "<PublishAot>false</PublishAot> to the project, or `#:property PublishAot=false` to the file.";

    /// <summary>Code may be generated on this thread until what is returned is disposed.</summary>
    public static IDisposable? Allow() => RuntimeFeature.IsDynamicCodeSupported ? null : (IDisposable?)Gate?.Invoke(null, null);
}
