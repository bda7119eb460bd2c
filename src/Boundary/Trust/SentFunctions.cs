using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>The functions to which delegates were sent with a call, besides the called one. Thread-safe.</summary>
internal sealed class SentFunctions
{
    private readonly HashSet<FunctionReference> _functions = [];

    /// <summary>Notes one.</summary>
    public void Add(FunctionReference function)
    {
        lock (_functions)
        {
            _functions.Add(function);
        }
    }

    /// <summary>Whether a delegate to <paramref name="method"/> was sent.</summary>
    public bool Contains(MethodInfo method)
    {
        lock (_functions)
        {
            return _functions.Any(function => function.Method == method);
        }
    }

    /// <summary>The function that was sent as <paramref name="encoded"/>; null: none was.</summary>
    public FunctionReference? Find(ReadOnlySpan<byte> encoded)
    {
        lock (_functions)
        {
            foreach (var function in _functions)
            {
                if (encoded.SequenceEqual(function.Encoded))
                {
                    return function;
                }
            }

            return null;
        }
    }
}

/// <summary>What a call's functions are: delegates to them may come back with what it brings.</summary>
/// <param name="Called">The called one; null: it is not told.</param>
/// <param name="Others">Those in its arguments and captured variables; null: there are none.</param>
internal readonly record struct CallFunctions(MethodInfo? Called, SentFunctions? Others)
{
    /// <summary>Whether a delegate to <paramref name="method"/> was sent.</summary>
    public bool Contains(MethodInfo method) => method == Called || Others?.Contains(method) == true;

    /// <inheritdoc cref="SentFunctions.Find"/>
    public FunctionReference? Find(ReadOnlySpan<byte> encoded) => Others?.Find(encoded);
}
