using System.Reflection;
using System.Runtime.CompilerServices;

namespace MultiProc.Boundary;

/// <summary>The captured variables that a lambda's body uses: found in its code, and in the code nested in it.</summary>
internal sealed class CapturedVariables
{
    private const BindingFlags AllMethods =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly CodeCache<MethodInfo, CapturedVariables> Known = new();

    private readonly HashSet<(Module Module, int Token)> _fields = [];
    private readonly HashSet<(Module Module, int Token)> _visited = [];
    private bool _all;

    private CapturedVariables()
    {
    }

    /// <summary>No variables.</summary>
    public static CapturedVariables None { get; } = new();

    /// <summary>The variables that <paramref name="lambda"/> uses.</summary>
    public static CapturedVariables UsedBy(MethodInfo lambda) => Known.GetOrAdd(lambda, static lambda =>
    {
        var variables = new CapturedVariables();
        variables.Visit(lambda);
        return variables;
    });

    /// <summary>Whether <paramref name="field"/> of a closure is used.</summary>
    public bool Contains(FieldInfo field) => _all || _fields.Contains((field.Module, field.MetadataToken));

    private void Visit(MethodBase method)
    {
        if (!_visited.Add((method.Module, method.MetadataToken)))
        {
            return;
        }

        // An async or iterator method only starts a state machine: the body is in there.
        if (method.GetCustomAttribute<StateMachineAttribute>() is { StateMachineType: { } machine })
        {
            foreach (var part in machine.GetMethods(AllMethods))
            {
                Visit(part);
            }
        }

        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
        {
            _all = true;
            return;
        }

        foreach (var token in CodeTokens.In(code))
        {
            VisitMember(Resolve(method, token));
        }
    }

    private void VisitMember(MemberInfo? member)
    {
        switch (member)
        {
            case FieldInfo { DeclaringType: { } type } field when GeneratedNames.IsGenerated(type):
                _fields.Add((field.Module, field.MetadataToken));
                break;
            case MethodBase { DeclaringType: { } type } method when GeneratedNames.IsGenerated(type) || method.Name.StartsWith('<'):
                Visit(method);
                break;
        }
    }

    private static MemberInfo? Resolve(MethodBase method, int token)
    {
        try
        {
            var typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
            return method.Module.ResolveMember(token, typeArguments, method.IsGenericMethod ? method.GetGenericArguments() : null);
        }
        catch (Exception exception) when (exception is ArgumentException or BadImageFormatException or TypeLoadException or IOException)
        {
            // What cannot be resolved here (a reference to an assembly that is not deployed) is not one of our closures.
            return null;
        }
    }
}
