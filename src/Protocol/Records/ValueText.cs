using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using MultiProc.Boundary;

namespace MultiProc.Protocol.Records;

/// <summary>
/// The text of a value for people, similar to JSON: the name of its type, its fields by their source names, elements in
/// brackets. Long, deep or cyclic content is truncated. The only code of the value's types that it calls is that of
/// collections and of .NET itself.
/// </summary>
internal sealed class ValueText
{
    private const int MaxElements = 100;
    private const int Deepest = 8;
    private const int MaxStringLength = 2_000;

    private readonly StringBuilder _text = new();
    private readonly HashSet<object> _open = new(ReferenceEqualityComparer.Instance);

    private ValueText()
    {
    }

    public static string Of(object? value)
    {
        var text = new ValueText();
        text.Write(value);
        return text._text.ToString();
    }

    private void Write(object? value)
    {
        if (value is null)
        {
            _text.Append("null");
        }
        else if (!WriteSimple(value))
        {
            WriteNested(value);
        }
    }

    private bool WriteSimple(object value)
    {
        var text = value switch
        {
            bool flag => flag ? "true" : "false",
            string line => Quoted(line),
            char letter => Quoted(letter.ToString()),
            Enum or Guid or Type or Uri or Version => Quoted(value.ToString()!),
            DateTime or DateTimeOffset => Quoted(((IFormattable)value).ToString("O", CultureInfo.InvariantCulture)),
            Delegate function => $"function {TypeNames.Display(function.Method.DeclaringType!)}.{function.Method.Name}",
            CancellationToken token => token.CanBeCanceled ? "a token" : "no token",
            IFormattable number when value.GetType().IsPrimitive || value is decimal or Half or Int128 or UInt128 => number.ToString(null, CultureInfo.InvariantCulture),
            _ => null,
        };
        _text.Append(text);
        return text is not null;
    }

    private void WriteNested(object value)
    {
        if (!value.GetType().IsValueType && !_open.Add(value))
        {
            _text.Append("(an object that holds this one)");
            return;
        }

        if (_open.Count > Deepest)
        {
            _text.Append("...");
        }
        else
        {
            WriteParts(value);
        }

        _open.Remove(value);
    }

    private void WriteParts(object value)
    {
        switch (value)
        {
            case ITuple tuple:
                WriteAll('(', Enumerable.Range(0, tuple.Length).Select(index => tuple[index]), ')', Write);
                break;
            case IDictionary entries:
                WriteAll('{', entries.Cast<object>(), '}', WriteEntry);
                break;
            case IEnumerable elements:
                WriteAll('[', elements.Cast<object?>(), ']', Write);
                break;
            case var _ when Assemblies.IsFramework(value.GetType()) && !IsPair(value):
                _text.Append(Quoted(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""));
                break;
            default:
                WriteFields(value);
                break;
        }
    }

    private void WriteFields(object value)
    {
        if (!ClosureType.Is(value.GetType()))
        {
            _text.Append(TypeNames.Display(value.GetType())).Append(' ');
        }

        WriteAll('{', FieldsOf(value.GetType()).Cast<object?>(), '}', field =>
        {
            var info = (FieldInfo)field!;
            _text.Append(Quoted(NameOf(info))).Append(": ");
            Write(info.GetValue(value));
        });
    }

    private void WriteEntry(object? entry)
    {
        var (key, content) = entry is DictionaryEntry old
            ? (old.Key, old.Value)
            : (entry!.GetType().GetProperty("Key")!.GetValue(entry), entry.GetType().GetProperty("Value")!.GetValue(entry));
        Write(key);
        _text.Append(": ");
        Write(content);
    }

    private void WriteAll(char open, IEnumerable<object?> parts, char close, Action<object?> write)
    {
        _text.Append(open);
        var count = 0;
        foreach (var part in parts)
        {
            _text.Append(count == 0 ? "" : ", ");
            if (++count > MaxElements)
            {
                _text.Append("...");
                break;
            }

            write(part);
        }

        _text.Append(close);
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return type.BaseType is { } parent && !Assemblies.IsFramework(parent) ? FieldsOf(parent).Concat(type.GetFields(Own)) : type.GetFields(Own);
    }

    // "<Name>k__BackingField" is the field of the property Name, "<name>P" that of a primary constructor's parameter.
    private static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end ? field.Name[1..end] : field.Name;

    private static bool IsPair(object value) => value.GetType().IsGenericType && value.GetType().GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    private static string Quoted(string text) =>
        text.Length <= MaxStringLength
            ? $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\""
            : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text[..MaxStringLength])}\"... ({text.Length} characters)";
}
