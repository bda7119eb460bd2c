using System.Reflection;

namespace MultiProc.Boundary;

/// <summary>Types and members, by name: each process has its own.</summary>
internal static class ReflectionCopies
{
    private const BindingFlags Any =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The serializer of a reflection object of the framework; null when <paramref name="type"/> is none that crosses.</summary>
    /// <remarks>The runtime's own implementations are hidden; visible subclasses are code that looks at code in another way.</remarks>
    public static Serializer? TryCreate(Type type) =>
        type is { IsVisible: true, IsAbstract: false } && !typeof(ParameterInfo).IsAssignableFrom(type) ? null
        : typeof(Type).IsAssignableFrom(type) ? new TypeSerializer()
        : typeof(MethodInfo).IsAssignableFrom(type) ? new Copied<MethodInfo, (Type, Type, int, Type[])>(TakeMethod, MakeMethod)
        : typeof(ConstructorInfo).IsAssignableFrom(type) ? Member(static (type, which) => type.GetConstructors(which))
        : typeof(FieldInfo).IsAssignableFrom(type) ? Member(static (type, which) => type.GetFields(which))
        : typeof(PropertyInfo).IsAssignableFrom(type) ? Member(static (type, which) => type.GetProperties(which))
        : typeof(EventInfo).IsAssignableFrom(type) ? Member(static (type, which) => type.GetEvents(which))
        : typeof(ParameterInfo).IsAssignableFrom(type) ? new Copied<ParameterInfo, (MemberInfo, int)>(
            parameter => (parameter.Member, parameter.Position),
            surrogate =>
                surrogate.Item2 < 0
                    ? ((MethodInfo)surrogate.Item1).ReturnParameter
                    : ((MethodBase)surrogate.Item1).GetParameters()[surrogate.Item2])
        : typeof(Assembly).IsAssignableFrom(type) ? new AssemblyCopy()
        : typeof(Module).IsAssignableFrom(type) ? new Copied<Module, (Assembly, string)>(
            module => (module.Assembly, module.Name),
            surrogate =>
                surrogate.Item1.GetModule(surrogate.Item2) ?? throw new BoundaryFormatException($"There is no module '{surrogate.Item2}'."))
        : null;

    private static Copied<T, (Type, Type, Guid, int)> Member<T>(Func<Type, BindingFlags, T[]> members)
        where T : MemberInfo =>
        new(
            member => (member.DeclaringType!, member.ReflectedType!, member.Module.ModuleVersionId, member.MetadataToken),
            surrogate =>
                surrogate.Item1.Module.ModuleVersionId == surrogate.Item3 && Find(surrogate.Item1, surrogate.Item2, surrogate.Item4, members) is { } member
                    ? member
                    : throw new BoundaryFormatException($"{TypeNames.Display(surrogate.Item1)} has another build in this process."));

    private static (Type, Type, int, Type[]) TakeMethod(MethodInfo method) =>
        method is { DeclaringType: { } type, ReflectedType: { } reflected } and not System.Reflection.Emit.DynamicMethod
        ? (type, reflected, method.MetadataToken, method.IsConstructedGenericMethod ? method.GetGenericArguments() : [])
        : throw new NotSupportedException("it was generated at run time.");

    private static MethodInfo MakeMethod((Type, Type, int, Type[]) surrogate)
    {
        var (type, reflected, token, arguments) = surrogate;
        var method = Find(type, reflected, token, static (type, which) => type.GetMethods(which))
            ?? throw new BoundaryFormatException($"{TypeNames.Display(type)} has no method with token {token:X8} in this process.");
        return arguments.Length > 0 ? method.MakeGenericMethod(arguments) : method;
    }

    /// <summary>The member of <paramref name="type"/>, as found through <paramref name="reflected"/>.</summary>
    /// <remarks>A member that was found through a derived class is not equal to the same one found through the class that declares it.</remarks>
    private static T? Find<T>(Type type, Type reflected, int token, Func<Type, BindingFlags, T[]> members)
        where T : MemberInfo =>
        members(reflected, reflected == type ? Any : Any & ~BindingFlags.DeclaredOnly | BindingFlags.FlattenHierarchy)
            .FirstOrDefault(member => member.MetadataToken == token && member.DeclaringType == type);

    private sealed class AssemblyCopy : Surrogate<Assembly, string>
    {
        protected override string Take(Assembly value) => value.SimpleName();

        protected override Assembly Make(string surrogate) => Assemblies.Find(surrogate);

        // It would be loaded.
        protected override void Check(string surrogate, GraphReader graph) => graph.Trust.RequireAssembly(surrogate, graph.Declared);
    }

    private sealed class TypeSerializer() : Serializer(typeof(Type))
    {
        public override bool CanBeReferredToWhileRead => false;

        public override void Write(ref MessagePack.MessagePackWriter writer, object value, GraphWriter graph)
        {
            var type = (Type)value;
            if (type.IsGenericParameter)
            {
                throw graph.Refusal(typeof(Type), "a type parameter has no name of its own. Pass the type that declares it.");
            }

            graph.WriteType(ref writer, type);
        }

        public override object Read(ref MessagePack.MessagePackReader reader, GraphReader graph, int id) => graph.ReadType(ref reader);
    }
}
