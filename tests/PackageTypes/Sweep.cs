using System.Collections;
using System.Reflection;
using MultiProc.Boundary;

namespace MultiProc.PackageTypes;

/// <summary>Sends whatever public type can be made of simple arguments through the boundary's bytes, and tells what did not arrive as it was.</summary>
internal sealed class Sweep
{
    private const int MostItems = 100;

    /// <summary>Types that touch more than memory when they are made.</summary>
    private static readonly string[] Effects = ["Directory", "Stream", "Client", "Server", "Listener", "Thread", "Process", "Watcher", "Timer", "Socket"];

    private readonly List<string> _problems = [];
    private string? _current;
    private long _since;

    /// <summary>What was found.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public int Crossed { get; private set; }

    public int Refused { get; private set; }

    public int NotMade { get; private set; }

    /// <summary>The type that is being tried, and for how long; null: none is.</summary>
    public (string Type, TimeSpan Time)? Current => Volatile.Read(ref _current) is { } type ? (type, TimeProvider.System.GetElapsedTime(Volatile.Read(ref _since))) : null;

    /// <summary>Whether making a <paramref name="type"/> may leave something behind. What has a finalizer is refused anyhow, and some do not bear it that their constructor failed.</summary>
    public static bool HasEffects(Type type)
    {
        if (Finalizers.Of(type) is not null)
        {
            return true;
        }

        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            if (Array.Exists(Effects, word => level.Name.Contains(word, StringComparison.Ordinal)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The types of <paramref name="assembly"/> that a user can have objects of.</summary>
    public static IEnumerable<Type> Types(Assembly assembly) => assembly.GetExportedTypes()
        .Where(static type => type is { IsInterface: false, IsAbstract: false, IsEnum: false, IsByRefLike: false } && !typeof(Delegate).IsAssignableFrom(type) && !HasEffects(type))
        .Select(Close)
        .OfType<Type>();

    /// <summary>Tries each of <paramref name="types"/>.</summary>
    public void Run(IEnumerable<Type> types, IReadOnlyDictionary<string, string> known)
    {
        foreach (var type in types)
        {
            Volatile.Write(ref _since, TimeProvider.System.GetTimestamp());
            Volatile.Write(ref _current, type.ToString());
            try
            {
                if (Problem(type) is { } problem && !known.ContainsKey(type.ToString()))
                {
                    _problems.Add($"{type}: {problem}");
                }
            }
            catch (Exception exception)
            {
                _problems.Add($"{type}: {exception}");
            }
        }

        Volatile.Write(ref _current, null);
    }

    private string? Problem(Type type)
    {
        if (Maker.For(type) is not { } make)
        {
            NotMade++;
            return null;
        }

        var original = make();
        object? copy;
        try
        {
            copy = InMemory.Copy(original);
        }
        catch (BoundaryException refusal)
        {
            Refused++;
            return refusal.Message.Contains(TypeNames.Display(refusal.Type), StringComparison.Ordinal) && refusal.Message.Length > TypeNames.Display(refusal.Type).Length + 20
                ? null
                : $"the refusal does not say what is refused and why: {refusal.Message}";
        }

        catch (BoundaryFormatException failure) when (failure.Message.StartsWith("A copy of a ", StringComparison.Ordinal))
        {
            // Code of the type threw while its copy was made, and the error says which.
            Refused++;
            return null;
        }

        Crossed++;
        return copy is null ? "it arrived as nothing" : Difference(original, copy, make());
    }

    private static string? Difference(object original, object copy, object twin)
    {
        if (!original.GetType().IsInstanceOfType(copy) && original.GetType().IsVisible)
        {
            return $"it arrived as {copy.GetType()}";
        }

        // What two objects that were made alike do not share says nothing about a copy.
        if (Comparison.HasOwnEquality(original.GetType()) && AreEqual(original, twin) is true && AreEqual(original, copy) is var equal and not true)
        {
            return $"it arrived unequal ({equal?.ToString() ?? "Equals throws"}): {Comparison.Text(original)} and {Comparison.Text(copy)}";
        }

        if (Comparison.Text(original) is var text && text == Comparison.Text(twin) && text != Comparison.Text(copy))
        {
            return $"its text is another one: {text} and {Comparison.Text(copy)}";
        }

        return Items(original) is { } items && Items(twin) is { } others && items.SequenceEqual(others) && (Items(copy) is not { } arrived || !items.SequenceEqual(arrived))
            ? $"it enumerates {string.Join(", ", items)} and then {(Items(copy) is { } found ? string.Join(", ", found) : "throws")}"
            : null;
    }

    private static bool? AreEqual(object one, object other)
    {
        try
        {
            return one.Equals(other);
        }
        catch (Exception)
        {
            // Its own code does not like to be asked.
            return null;
        }
    }

    private static List<string?>? Items(object value)
    {
        if (value is not IEnumerable sequence)
        {
            return null;
        }

        try
        {
            return [.. sequence.Cast<object?>().Take(MostItems).Select(static item => item is null ? null : Comparison.Text(item))];
        }
        catch (Exception)
        {
            // As above.
            return null;
        }
    }

    private static Type? Close(Type type)
    {
        if (!type.IsGenericTypeDefinition)
        {
            return type;
        }

        foreach (var argument in new[] { typeof(string), typeof(int), typeof(double) })
        {
            try
            {
                return type.MakeGenericType([.. type.GetGenericArguments().Select(_ => argument)]);
            }
            catch (ArgumentException)
            {
                // The constraints want another argument.
            }
        }

        return null;
    }
}
