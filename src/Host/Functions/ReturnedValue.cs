using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MultiProc.Host.Functions;

/// <summary>What a function returns, made text: tasks are awaited; no value is <c>null</c>.</summary>
internal sealed class ReturnedValue
{
    private readonly Type _type;
    private readonly Func<object?, Task<object?>> _await;

    private ReturnedValue(Type type, Func<object?, Task<object?>> await)
    {
        _type = type;
        _await = await;
    }

    public static ReturnedValue Of(Type declared)
    {
        if (declared == typeof(Task))
        {
            return new ReturnedValue(typeof(object), AwaitTaskAsync);
        }

        if (declared == typeof(ValueTask))
        {
            return new ReturnedValue(typeof(object), static task => AwaitTaskAsync(((ValueTask)task!).AsTask()));
        }

        if (declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(Task<>))
        {
            return Awaiting(nameof(AwaitTaskOfAsync), declared);
        }

        if (declared.IsGenericType && declared.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            return Awaiting(nameof(AwaitValueTaskOfAsync), declared);
        }

        return new ReturnedValue(declared == typeof(void) ? typeof(object) : declared, Task.FromResult);
    }

    public async Task<string> ToTextAsync(object? returned)
    {
        var value = await _await(returned).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Serialize(value, Shown(value), JsonText.Writing);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or ArgumentException or InvalidOperationException)
        {
            throw new NotSupportedException(
                $"The result, of type {TypeLabel.Of(_type)}, cannot be written as JSON: {exception.Message} Return plain data.", exception);
        }
    }

    // A base class or an interface says less than the object; but a contract that names its derived types does it better.
    private Type Shown(object? value) =>
        value is not null && value.GetType() != _type && JsonText.Writing.GetTypeInfo(_type) is { Kind: JsonTypeInfoKind.Object, PolymorphismOptions: null }
            ? value.GetType()
            : _type;

    private static ReturnedValue Awaiting(string method, Type declared)
    {
        var result = declared.GetGenericArguments()[0];
        var await = typeof(ReturnedValue).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(result);
        return new ReturnedValue(result, await.CreateDelegate<Func<object?, Task<object?>>>());
    }

    private static async Task<object?> AwaitTaskAsync(object? task)
    {
        await ((Task)task!).ConfigureAwait(false);
        return null;
    }

    private static async Task<object?> AwaitTaskOfAsync<T>(object? task) => await ((Task<T>)task!).ConfigureAwait(false);

    private static async Task<object?> AwaitValueTaskOfAsync<T>(object? task) => await ((ValueTask<T>)task!).ConfigureAwait(false);
}
