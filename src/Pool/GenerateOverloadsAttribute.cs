using System.Diagnostics;

namespace MultiProc;

/// <summary>
/// The method has overloads that are not written by hand: <c>src/Generators</c> makes them of its text. Each takes a function that is awaited -
/// <c>Func&lt;T, Task&lt;TResult&gt;&gt;</c>, <c>Func&lt;T, ValueTask&lt;TResult&gt;&gt;</c> - where the method has <c>Func&lt;T, TResult&gt;</c>, and inherits its comment.
/// </summary>
/// <remarks>The compiler leaves the attribute out of the assembly, because nothing defines the symbol.</remarks>
[AttributeUsage(AttributeTargets.Method)]
[Conditional("FOR_THE_COMPILER_ONLY")]
internal sealed class GenerateOverloadsAttribute : Attribute
{
    /// <summary>Also with functions that return nothing: <c>Action&lt;T&gt;</c>, <c>Func&lt;T, Task&gt;</c> and <c>Func&lt;T, ValueTask&gt;</c>. Then the overload returns nothing, or a plain task.</summary>
    public bool WithoutResult { get; init; }

    /// <summary>Also with an <c>IAsyncEnumerable</c> where the method has an <c>IEnumerable</c>.</summary>
    public bool AsyncSource { get; init; }

    /// <summary>Also with three arguments, and so on up to this number. The method itself is written for two: <c>T1 arg1, T2 arg2</c>.</summary>
    public int MaxArguments { get; init; }
}
