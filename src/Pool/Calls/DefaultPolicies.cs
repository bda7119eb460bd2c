using System.Reflection;
using MultiProc.Protocol.Boundary;
using MultiProc.Scheduling;

namespace MultiProc.Calls;

/// <summary>What calls without options come to, made once for each function. Thread-safe.</summary>
internal sealed class DefaultPolicies(ProcessPoolOptions pool)
{
    private readonly CodeCache<MethodInfo, CallPolicy> _known = new();

    public CallPolicy Of(Delegate function) =>
        _known.TryGetValue(function.Method, out var policy)
            ? policy
            : _known.Add(function.Method, OptionChecks.Policy(default(CallOptions), function, pool));
}
