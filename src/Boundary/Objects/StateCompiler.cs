using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using MessagePack;

namespace MultiProc.Boundary;

/// <summary>Generates the code that writes and reads the state of a type, once per type. Where no code may be generated, <see cref="StateInterpreter"/> does it.</summary>
/// <remarks>
/// Visibility checks are skipped: private and read-only fields are state too. Numbers go straight to the MessagePack writer;
/// everything else through the formatter of the field's static type.
/// </remarks>
internal static class StateCompiler
{
    private static readonly FieldInfo Step = typeof(PathStack).GetField(nameof(PathStack.Step))!;
    private static readonly FieldInfo ReadingStep = typeof(GraphReader).GetField(nameof(GraphReader.Step))!;
    private static readonly MethodInfo Path = typeof(GraphWriter).GetProperty(nameof(GraphWriter.Path))!.GetMethod!;
    private static readonly MethodInfo TypeOf = typeof(Type).GetMethod(nameof(Type.GetTypeFromHandle))!;
    private static readonly MethodInfo RefusePointer = typeof(StateCompiler).GetMethod(
        nameof(WritePointer), BindingFlags.Static | BindingFlags.Public)!;

    private static readonly Dictionary<Type, (MethodInfo Write, MethodInfo Read)> Primitives = FindPrimitives();

    /// <summary>Whether no object can be reached through any part.</summary>
    public static bool IsLeaf(StatePlan plan) =>
        plan.Parts.All(part => part.Field is { } field && !part.IsLeftAlone && IsLeaf(field.FieldType));

    /// <summary>Generates (ref writer, value or ref value, graph).</summary>
    public static TDelegate CompileWrite<TDelegate>(StatePlan plan)
        where TDelegate : Delegate
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            return StateInterpreter.ForWrite<TDelegate>(plan);
        }

        var method = NewMethod<TDelegate>("Write " + plan.Type.Name);
        var il = method.GetILGenerator();
        for (var i = 0; i < plan.Parts.Count; i++)
        {
            var part = plan.Parts[i];
            var type = part.Field?.FieldType;
            if (!plan.IsField && (type is null || part.IsLeftAlone || !IsLeaf(type)))
            {
                il.Emit(OpCodes.Ldarg_2);
                il.Emit(OpCodes.Call, Path);
                il.Emit(OpCodes.Ldc_I4, i);
                il.Emit(OpCodes.Stfld, Step);
            }

            EmitWrite(il, part);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<TDelegate>();
    }

    /// <summary>Generates (ref reader, value or ref value, graph).</summary>
    public static TDelegate CompileRead<TDelegate>(StatePlan plan)
        where TDelegate : Delegate
    {
        if (!RuntimeFeature.IsDynamicCodeSupported)
        {
            return StateInterpreter.ForRead<TDelegate>(plan);
        }

        var method = NewMethod<TDelegate>("Read " + plan.Type.Name);
        var il = method.GetILGenerator();
        for (var i = 0; i < plan.Parts.Count; i++)
        {
            var part = plan.Parts[i];
            if (!plan.IsField && !part.IsLeftAlone && (part.Field is not { } field || !IsLeaf(field.FieldType)))
            {
                il.Emit(OpCodes.Ldarg_2);
                il.Emit(OpCodes.Ldc_I4, i);
                il.Emit(OpCodes.Stfld, ReadingStep);
            }

            EmitRead(il, part);
        }

        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<TDelegate>();
    }

    /// <summary>The formatter of slots of type <paramref name="type"/>.</summary>
    public static FieldInfo FormatterField(Type type) =>
        typeof(FormatterCache<>).MakeGenericType(type).GetField(nameof(FormatterCache<int>.Instance))!;

    private static bool IsLeaf(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type == typeof(string))
        {
            return true;
        }

        // Reading the field also runs the cache's initializer, so that the generated code need not check for it.
        var formatter = FormatterField(type).GetValue(null)!;
        return (bool)formatter.GetType().GetProperty(nameof(Formatter<int>.IsLeaf))!.GetValue(formatter)!;
    }

    private static void EmitWrite(ILGenerator il, StatePart part)
    {
        if (part.Field is not { } field)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Call, typeof(InPlaceCache<>).MakeGenericType(part.Level).GetMethod("Write")!);
        }
        else if (part.IsPointer)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, field);
            il.Emit(OpCodes.Conv_U);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Call, RefusePointer);
        }
        else if (part.IsAddress)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, field);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Ldtoken, part.Level);
            il.Emit(OpCodes.Call, TypeOf);
            il.Emit(OpCodes.Call, Addresses.WriteField(field.FieldType));
        }
        else if (Primitives.TryGetValue(Underlying(field), out var primitive))
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, field);
            il.Emit(OpCodes.Call, primitive.Write);
        }
        else
        {
            il.Emit(OpCodes.Ldsfld, FormatterField(field.FieldType));
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldfld, field);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Callvirt, typeof(Formatter<>).MakeGenericType(field.FieldType).GetMethod("Write")!);
        }
    }

    private static void EmitRead(ILGenerator il, StatePart part)
    {
        if (part.Field is not { } field)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Call, typeof(InPlaceCache<>).MakeGenericType(part.Level).GetMethod("Read")!);
        }
        else if (Primitives.TryGetValue(Underlying(field), out var primitive))
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Call, primitive.Read);
            il.Emit(OpCodes.Stfld, field);
        }
        else if (!part.IsLeftAlone)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldsfld, FormatterField(field.FieldType));
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_2);
            il.Emit(OpCodes.Callvirt, typeof(Formatter<>).MakeGenericType(field.FieldType).GetMethod("Read")!);
            il.Emit(OpCodes.Stfld, field);
        }
    }

    private static Type Underlying(FieldInfo field) => field.FieldType.IsEnum ? field.FieldType.GetEnumUnderlyingType() : field.FieldType;

    /// <summary>Refuses a pointer that is not null.</summary>
    public static void WritePointer(nuint value, GraphWriter graph)
    {
        if (value != 0)
        {
            graph.LeaveOut(typeof(void*), Addresses.PointerReason);
        }
    }

    private static DynamicMethod NewMethod<TDelegate>(string name)
    {
        var parameters = typeof(TDelegate).GetMethod("Invoke")!.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        return new DynamicMethod(name, typeof(void), parameters, typeof(StateCompiler).Module, skipVisibility: true);
    }

    private static Dictionary<Type, (MethodInfo Write, MethodInfo Read)> FindPrimitives()
    {
        Type[] types =
        [
            typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long),
            typeof(ulong),
            typeof(float), typeof(double), typeof(char),
        ];
        return types.ToDictionary(
            type => type,
            type => (typeof(MessagePackWriter).GetMethod(nameof(MessagePackWriter.Write), [type])!,
                typeof(MessagePackReader).GetMethod("Read" + type.Name, Type.EmptyTypes)!));
    }
}
