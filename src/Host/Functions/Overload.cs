using System.Diagnostics;
using System.Reflection;

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

    /// <summary>Why it cannot be called with text at all, such as a <c>ref</c> parameter; null when it can.</summary>
    public static string? Obstacle(MethodInfo method) =>
        method.ContainsGenericParameters ? "it is generic"
        : method.GetParameters().FirstOrDefault(static parameter => !CanBeRead(parameter.ParameterType)) is { } parameter
            ? $"its parameter '{parameter.Name}' cannot be written as JSON"
        : method.ReturnType.IsByRef || method.ReturnType.IsByRefLike || method.ReturnType.IsPointer ? "its result cannot be written as JSON"
        : null;

    public bool Takes(int count) => count >= Required && (IsOpenEnded || count <= Declared);

    /// <exception cref="InvalidCallException">A text does not fit its parameter.</exception>
    public async Task<string> InvokeAsync(IReadOnlyList<ArgumentText> texts, CancellationToken cancellationToken)
    {
        var values = Bind(texts, cancellationToken);
        return await _returned.ToTextAsync(Invoke(values)).ConfigureAwait(false);
    }

    private object? Invoke(object?[] values)
    {
        if (StopsForDebugger && Debugger.IsAttached)
        {
            Debugger.Break();
        }

        return _invoker.Invoke(null, values.AsSpan());
    }

    private object?[] Bind(IReadOnlyList<ArgumentText> texts, CancellationToken cancellationToken)
    {
        var values = new object?[_parameters.Length];
        var next = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = _parameters[i];
            if (parameter.ParameterType == typeof(CancellationToken))
            {
                values[i] = cancellationToken;
                continue;
            }

            values[i] = _hasParams && next == _written.Length - 1 ? Rest(parameter, [.. texts.Skip(next)])
                : next < texts.Count ? texts[next].ToValue(parameter.ParameterType, parameter.Name ?? $"{next + 1}")
                : parameter.DefaultValue is DBNull ? null
                : parameter.DefaultValue;
            next++;
        }

        return values;
    }

    // As in C#: one array stands for itself, anything else is the elements.
    private static object? Rest(ParameterInfo parameter, ArgumentText[] texts)
    {
        var name = parameter.Name ?? "params";
        if (texts is [{ IsArray: true } only])
        {
            return only.ToValue(parameter.ParameterType, name);
        }

        var element = parameter.ParameterType.GetElementType()!;
        var rest = Array.CreateInstance(element, texts.Length);
        for (var i = 0; i < texts.Length; i++)
        {
            rest.SetValue(texts[i].ToValue(element, name), i);
        }

        return rest;
    }

    private static bool CanBeRead(Type type) => !type.IsByRef && !type.IsByRefLike && !type.IsPointer && !type.IsFunctionPointer;
}
