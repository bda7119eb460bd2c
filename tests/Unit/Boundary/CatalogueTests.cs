using System.Collections;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Reflection;
using System.Text;
using MultiProc.Boundary;

namespace MultiProc.Unit.Boundary;

/// <summary>
/// Every public type of the base class library that has instances with state: it arrives as it was, or it is refused by name.
/// </summary>
public sealed class CatalogueTests
{
    private static readonly string[] Assemblies =
    [
        "System.Private.CoreLib", "System.Collections", "System.Collections.Concurrent", "System.Collections.Immutable",
        "System.Collections.NonGeneric",
        "System.Collections.Specialized", "System.Runtime.Numerics",
    ];

    public static TheoryData<string> Names() => [.. Assemblies];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_type_crosses_faithfully_or_is_refused_by_name(string assembly)
    {
        var problems = new List<string>();
        var counts = new Dictionary<string, int>();
        foreach (var type in Types(assembly))
        {
            var outcome = Outcome(type, problems);
            counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
        }

        TestContext.Current.SendDiagnosticMessage($"{assembly}: {string.Join(", ", counts.Select(pair => $"{pair.Value} {pair.Key}"))}");
        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
        Assert.True(counts.GetValueOrDefault("crossed") > 0);
    }

    private static string Outcome(Type type, List<string> problems)
    {
        var instance = Samples.Of(type);
        if (instance is null)
        {
            // Nothing to try it with: then the type itself must be refused.
            if (!type.IsAbstract && !IsRefused(type))
            {
                problems.Add($"{type}: may cross, and there is no sample to show that it arrives as it was");
            }

            return "refused without a sample";
        }

        try
        {
            var copy = Crossing.Copy(instance);
            if (DeepEquality.Difference(instance, copy) is { } difference)
            {
                problems.Add($"{type}: arrived different: {difference}");
            }

            return "crossed";
        }
        catch (BoundaryException refusal)
        {
            if (!refusal.Message.Contains(TypeNames.Display(refusal.Type), StringComparison.Ordinal))
            {
                problems.Add($"{type}: the refusal does not name it: {refusal.Message}");
            }

            return "refused";
        }
        catch (Exception exception)
        {
            problems.Add($"{type}: {exception.GetType().Name}: {exception.Message}");
            return "failed";
        }
    }

    private static bool IsRefused(Type type) => type.IsValueType

            ? FormatterFactory.Refuses(type)
        : Serializers.For(type) is RefusingSerializer;

    // SafeSerializationEventArgs has no constructor at all.
    private static IEnumerable<Type> Types(string assembly) => Assembly.Load(assembly).GetExportedTypes()
        .Where(type => !type.IsInterface && !type.IsEnum && !type.IsByRefLike && !(type.IsAbstract && type.IsSealed) && type != typeof(void)
            && type != typeof(TypedReference) && type.Name != "SafeSerializationEventArgs" && type != typeof(Progress<>)
            && !typeof(Delegate).IsAssignableFrom(type))
        .Select(Close)
        .OfType<Type>()
        .Where(HasState);

    private static bool HasState(Type type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (
                level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly).Length > 0)
            {
                return true;
            }
        }

        return type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Length > 0;
    }

    private static Type? Close(Type type)
    {
        if (type == typeof(Tuple<,,,,,,,>))
        {
            return typeof(Tuple<int, int, int, int, int, int, int, Tuple<int>>);
        }

        if (!type.IsGenericTypeDefinition)
        {
            return type;
        }

        foreach (var candidate in new[] { typeof(string), typeof(int), typeof(List<int>) })
        {
            try
            {
                return type.MakeGenericType([.. type.GetGenericArguments().Select((_, index) => index == 0 ? candidate : typeof(int))]);
            }
            catch (ArgumentException)
            {
                // The constraints want another argument.
            }
        }

        return null;
    }

    /// <summary>Makes an instance of anything that can be made of simple arguments.</summary>
    private static class Samples
    {
        private static readonly Dictionary<Type, object> Known = new object[]
        {
            "text", new[] { 1, 2 }, TimeZoneInfo.Utc, typeof(int), typeof(string).Assembly, typeof(string).Module, new Exception("m"),
            new Version(1, 2), CompositeFormat.Parse("a {0}"), new MemoryStream([1, 2]), typeof(string).GetMethod(nameof(string.Clone))!.ReturnParameter,
            System.Globalization.CultureInfo.GetCultureInfo("de-DE"), System.Globalization.CompareInfo.GetCompareInfo("de-DE"), TimeProvider.System, DBNull.Value,
            System.Text.Encoding.UTF8, EqualityComparer<int>.Default, Comparer<int>.Default, new StringBuilder("a"), new Random(1), 1, 2L,
            'c', true,
            new Uri("a", UriKind.Relative), new List<int> { 1 }, new ArrayList { 1 }, new Hashtable { [1] = 2 }, CancellationToken.None,
            new ReadOnlyDictionary<string, int>(new Dictionary<string, int> { ["a"] = 1 }).Keys,
            new OrderedDictionary<string, int> { ["a"] = 1 }.Keys,
            new ReadOnlyDictionary<string, int>(new Dictionary<string, int> { ["a"] = 1 }).Values,
            new OrderedDictionary<string, int> { ["a"] = 1 }.Values,
            new SortedList<string, int> { ["a"] = 1 }.Keys, new SortedList<string, int> { ["a"] = 1 }.Values,
            new NameValueCollection { ["a"] = "b" }.Keys, ImmutableHashSet.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>(),
            ImmutableDictionary.CreateBuilder<string, int>(), ImmutableList.CreateBuilder<string>(), ImmutableSortedSet.CreateBuilder<string>(),
            ImmutableSortedDictionary.CreateBuilder<string, int>(), StringComparer.Ordinal,
            StringComparer.InvariantCulture, Tuple.Create(1, 2, 3, 4, 5, 6, 7, 8), TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(
                DateTime.MinValue, DateTime.MaxValue.Date, TimeSpan.FromHours(1),
                TimeZoneInfo.TransitionTime.CreateFixedDateRule(default, 1, 1),
                TimeZoneInfo.TransitionTime.CreateFixedDateRule(default, 2, 1)),
        }.ToDictionary(sample => sample.GetType());

        public static object? Of(Type type) => Make(type, 0);

        private static object? Make(Type type, int depth)
        {
            if (Known.TryGetValue(type, out var sample))
            {
                return sample;
            }

            if (Known.Values.FirstOrDefault(type.IsInstanceOfType) is { } fitting)
            {
                return fitting;
            }

            if (type.IsEnum)
            {
                return Activator.CreateInstance(type);
            }

            if (type.IsAbstract || depth > 3 || typeof(Delegate).IsAssignableFrom(type) || IsUnsafe(type))
            {
                return null;
            }

            foreach (
                var constructor in Constructors(type).OrderByDescending(constructor => Preference(constructor.GetParameters().Length)))
            {
                var parameters = constructor.GetParameters();
                var arguments = parameters.Select(parameter => Argument(parameter.ParameterType, depth)).ToArray();
                try
                {
                    if (arguments.Zip(parameters).All(pair => pair.First is not null || !pair.Second.ParameterType.IsValueType))
                    {
                        return constructor.Invoke(arguments);
                    }
                }
                catch (Exception)
                {
                    // Not with these arguments: another constructor may take them.
                }
            }

            return type.IsValueType ? Activator.CreateInstance(type) : Create(type);
        }

        /// <summary>Also those that only the runtime uses, of types that are plain data.</summary>
        private static ConstructorInfo[] Constructors(Type type) =>
            typeof(Exception).IsAssignableFrom(type) || typeof(EventArgs).IsAssignableFrom(type)
                ? type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                : type.GetConstructors();

        private static int Preference(int parameters) => parameters == 0 ? -100 : -parameters;

        private static object? Argument(Type type, int depth)
        {
            if (type.IsByRef || type.IsPointer || type.IsByRefLike)
            {
                return null;
            }

            return type == typeof(nint) ? (nint)1 : type == typeof(nuint) ? (nuint)1
                : type.IsPrimitive ? Convert.ChangeType(1, type, null)
                : type.IsArray ? Array.CreateInstance(type.GetElementType()!, 1)
                : Make(type, depth + 1);
        }

        private static object? Create(Type type)
        {
            try
            {
                return type.GetMethods(BindingFlags.Public | BindingFlags.Static)
                    .Where(
                        method => method.GetParameters().Length == 0 && type.IsAssignableFrom(method.ReturnType) && !method.IsGenericMethodDefinition)
                    .Select(method => method.Invoke(null, null))
                    .Concat(type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => type.IsAssignableFrom(field.FieldType)).Select(field => field.GetValue(null)))
                    .FirstOrDefault(value => value is not null);
            }
            catch (Exception)
            {
                // No sample then.
                return null;
            }
        }

        /// <summary>Constructors that take memory or handles for granted, or start something.</summary>
        private static bool IsUnsafe(Type type) =>
            type == typeof(StringRuneEnumerator)
                || typeof(System.Runtime.ConstrainedExecution.CriticalFinalizerObject).IsAssignableFrom(type)

                || (type.Namespace!.Contains("Interop", StringComparison.Ordinal) && !typeof(Attribute).IsAssignableFrom(type) && !typeof(Exception).IsAssignableFrom(type))
            || typeof(Stream).IsAssignableFrom(type);
    }
}
