using System.Reflection;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Calls;

/// <summary>The handling of a function's return value: a task is awaited, anything else is the result.</summary>
/// <typeparam name="TReturn">The delegate's return type.</typeparam>
internal static class Return<TReturn>
{
    private static readonly Action<TReturn, ResultEncoder> Writer = CreateWriter();

    public static void Write(TReturn value, ResultEncoder result)
    {
        // The result type of most maps, handled without the delegate.
        if (FixedNumber<TReturn>.IsOne)
        {
            result.Write(value);
        }
        else
        {
            Writer(value, result);
        }
    }

    private static Action<TReturn, ResultEncoder> CreateWriter()
    {
        var type = typeof(TReturn);
        if (type == typeof(Task))
        {
            return (Action<TReturn, ResultEncoder>)(object)new Action<Task, ResultEncoder>(Awaiting.Task);
        }

        if (type == typeof(ValueTask))
        {
            return (Action<TReturn, ResultEncoder>)(object)new Action<ValueTask, ResultEncoder>(Awaiting.ValueTask);
        }

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        if (definition == typeof(Task<>) || definition == typeof(ValueTask<>))
        {
            var name = definition == typeof(Task<>) ? nameof(Awaiting.TaskOf) : nameof(Awaiting.ValueTaskOf);
            return typeof(Awaiting).GetMethod(name, BindingFlags.Static | BindingFlags.Public)!
                .MakeGenericMethod(type.GetGenericArguments()).CreateDelegate<Action<TReturn, ResultEncoder>>();
        }

        return static (value, result) => result.Write(value);
    }
}
