using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace MultiProc.Host.Functions;

/// <summary>One overload of a function, with how texts become its arguments.</summary>
internal sealed class Overload
{
    // Set by the replay of a recorded call: see the metadata of this assembly.
    private static readonly bool StopsForDebugger = AppContext.TryGetSwitch("MultiProc.StopsBeforeFunction", out var isOn) && isOn;

    private readonly ParameterInfo[] _parameters;
    private readonly ParameterInfo[] _written;
    private readonly bool _hasParams;
    private readonly MethodInvoker _invoker;
    private readonly ReturnedValue _returned;

    public Overload(MethodInfo method)
    {
        _parameters = method.GetParameters();
        _written = [.. _parameters.Where(static parameter => parameter.ParameterType != typeof(CancellationToken))];
        _hasParams = _written.LastOrDefault()?.IsDefined(typeof(ParamArrayAttribute)) ?? false;
        _invoker = MethodInvoker.Create(method);
        _returned = ReturnedValue.Of(method.ReturnType);
        var types = _written.Select(static parameter => TypeLabel.Of(parameter.ParameterType)).ToArray();
        Signature = string.Join(", ", types);
        Required = _written.Count(parameter => !parameter.IsOptional && !(_hasParams && parameter == _written[^1]));
    }

    /// <summary>The types of the parameters that are written by the caller, as C# writes them.</summary>
    public string Signature { get; }

    /// <summary>The fewest arguments that it takes.</summary>
    public int Required { get; }

    /// <summary>How many parameters are written by the caller, optional ones included.</summary>
    public int Declared => _written.Length;

    /// <summary>Whether it takes any number of further arguments.</summary>
    public bool IsOpenEnded => _hasParams;

    /// <summary>Whether its first parameter can be a JSON array as a whole, and a call may give nothing else.</summary>
    public bool TakesOneArray => Takes(1) && JsonText.IsArrayLike(_written[0].ParameterType);

    /// <summary>Why it cannot be called with text at all, such as a <c>ref</c> parameter or one for a stream; null when it can.</summary>
    public static string? Obstacle(MethodInfo method) =>
        method.ContainsGenericParameters ? "it is generic"
        : method.GetParameters().FirstOrDefault(IsUnwritable) is { } parameter ? $"its parameter '{parameter.Name}' cannot be written as JSON"
        : method.ReturnType.IsByRef || method.ReturnType.IsByRefLike || method.ReturnType.IsPointer ? "its result cannot be written as JSON"
        : null;

    public bool Takes(int count) => count >= Required && (IsOpenEnded || count <= Declared);

    /// <summary>Makes the arguments from texts.</summary>
    /// <exception cref="InvalidCallException">A text does not fit its parameter.</exception>
    public BoundCall Bind(IReadOnlyList<ArgumentText> texts)
    {
        var values = new object?[_parameters.Length];
        var distances = new (int Reading, int Type)[texts.Count];
        var next = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = _parameters[i];
            if (parameter.ParameterType == typeof(CancellationToken))
            {
                continue;
            }

            if (_hasParams && next == _written.Length - 1)
            {
                values[i] = Rest(parameter, texts, next, distances);
            }
            else if (next < texts.Count)
            {
                (values[i], distances[next]) = texts[next].Fit(parameter.ParameterType, parameter.Name ?? $"{next + 1}");
            }
            else
            {
                values[i] = parameter.DefaultValue is DBNull ? null : parameter.DefaultValue;
            }

            next++;
        }

        return new BoundCall(this, values, distances, Math.Abs(Declared - texts.Count));
    }

    /// <summary>Calls it with arguments that <see cref="Bind"/> made.</summary>
    public async Task<string> InvokeAsync(object?[] values, CancellationToken cancellationToken)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (_parameters[i].ParameterType == typeof(CancellationToken))
            {
                values[i] = cancellationToken;
            }
        }

        return await _returned.ToTextAsync(Invoke(values)).ConfigureAwait(false);
    }

    /// <summary>The arguments as text: each parameter's name and value.</summary>
    public string Describe(object?[] values) => string.Join(
        ", ",
        _parameters.Zip(values).Where(static pair => pair.First.ParameterType != typeof(CancellationToken)).Select(static pair => $"{pair.First.Name}: {Shown(pair.Second)}"));

    private static string Shown(object? value)
    {
        try
        {
            return JsonSerializer.Serialize(value, JsonText.Writing);
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or ArgumentException or InvalidOperationException)
        {
            // Not everything that can be made from JSON can be shown as JSON.
            return TypeLabel.Of(value!.GetType());
        }
    }

    private object? Invoke(object?[] values)
    {
        if (StopsForDebugger && Debugger.IsAttached)
        {
            Debugger.Break();
        }

        return _invoker.Invoke(null, values.AsSpan());
    }

    // As in C#: one array stands for itself, anything else is the elements.
    private static object? Rest(ParameterInfo parameter, IReadOnlyList<ArgumentText> texts, int first, (int Reading, int Type)[] distances)
    {
        var name = parameter.Name ?? "params";
        var count = Math.Max(0, texts.Count - first);
        if (count == 1 && texts[first].IsArray)
        {
            (var whole, distances[first]) = texts[first].Fit(parameter.ParameterType, name);
            return whole;
        }

        var element = parameter.ParameterType.GetElementType()!;
        var rest = Array.CreateInstance(element, count);
        for (var i = 0; i < count; i++)
        {
            (var value, distances[first + i]) = texts[first + i].Fit(element, name);
            rest.SetValue(value, i);
        }

        return rest;
    }

    // An optional parameter may be left out, whatever its type.
    private static bool IsUnwritable(ParameterInfo parameter) =>
        parameter.ParameterType.IsByRef || parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsPointer || parameter.ParameterType.IsFunctionPointer
        || (!parameter.IsOptional && parameter.ParameterType != typeof(CancellationToken) && !JsonReadability.CanRead(parameter.ParameterType));
}
