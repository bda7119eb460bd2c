using System.Text.Json;
using StreamJsonRpc;

namespace MultiProc.Protocol.Control;

/// <summary>
/// The classification of a message before it is processed: whether it is JSON, and whether it is a request of JSON-RPC
/// 2.0, and which one. Unknown members are ignored.
/// </summary>
internal sealed class RequestShape
{
    private const int MaxIdLength = 256;
    private const int MaxMethodLength = 256;
    private const string Cancellation = "$/cancelRequest";

    private static readonly byte[] EmptyParameters = "{}"u8.ToArray();
    private static readonly byte[] AddedParameters = ""","params":{}}"""u8.ToArray();

    /// <summary>The error for the client; null: the message is a request or a notification.</summary>
    public ControlFault? Error { get; private init; }

    /// <summary>
    /// The request's id; <see cref="RequestId.NotSpecified"/> for a notification, or if it could not be read.
    /// </summary>
    public RequestId Id { get; private init; } = RequestId.NotSpecified;

    /// <summary>Whether no answer is expected.</summary>
    public bool IsNotification { get; private init; }

    /// <summary>Whether it cancels a request.</summary>
    public bool IsCancellation { get; private init; }

    /// <summary>The message with an object as its parameters, even if it had none.</summary>
    public ReadOnlyMemory<byte> Json { get; private init; }

    /// <summary>Classifies a message.</summary>
    public static RequestShape Of(byte[] json)
    {
        if (!System.Text.Unicode.Utf8.IsValid(json))
        {
            return Wrong(ControlErrorCode.ParseError, "The message is not UTF-8.");
        }

        try
        {
            return Parse(json);
        }
        catch (JsonException exception)
        {
            return Wrong(ControlErrorCode.ParseError, $"The message is not JSON: {exception.Message}");
        }
        catch (InvalidOperationException)
        {
            return Wrong(ControlErrorCode.InvalidRequest, "A text in the message is half a character.");
        }
    }

    private static RequestShape Parse(byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            _ = reader.Read();
            return Wrong(ControlErrorCode.InvalidRequest, "A request is one JSON object. Batches are not taken: send each request as a message of its own.");
        }

        string? method = null;
        string? trouble = null;
        var id = RequestId.NotSpecified;
        var (hasId, isVersion2) = (false, false);
        (int Start, int End, JsonTokenType Type)? parameters = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan.Length <= MaxMethodLength ? reader.GetString()! : "";
            reader.Read();
            if (name is "id" or "method" or "params" or "jsonrpc" && !seen.Add(name))
            {
                trouble ??= $"A request has '{name}' only once.";
            }

            var start = (int)reader.TokenStartIndex;
            switch (name)
            {
                case "jsonrpc":
                    isVersion2 = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("2.0"u8);
                    break;
                case "method" when reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= MaxMethodLength:
                    method = reader.GetString();
                    break;
                case "id":
                    hasId = true;
                    id = IdOf(ref reader) ?? id;
                    trouble ??= id == RequestId.NotSpecified ? $"The id of a request is a whole number, or a string of at most {MaxIdLength} bytes." : null;
                    break;
            }

            var type = reader.TokenType;
            reader.Skip();
            if (name == "params")
            {
                parameters = (start, (int)reader.BytesConsumed, type);
            }
        }

        // Reads to the end, which detects text after the object.
        while (reader.Read())
        {
        }

        trouble ??= !isVersion2 ? "A request has \"jsonrpc\": \"2.0\"." : string.IsNullOrEmpty(method) ? "A request has a 'method', the name of what is asked for." : null;
        if (trouble is not null)
        {
            return Wrong(ControlErrorCode.InvalidRequest, trouble, id);
        }

        var isCancellation = method == Cancellation && !hasId;
        if (!isCancellation && method!.StartsWith('$'))
        {
            // Answers that the library would give by itself are not part of this protocol.
            return hasId ? Wrong(ControlErrorCode.MethodNotFound, $"There is no method '{method}'.", id) : new RequestShape { IsNotification = true, Json = json };
        }

        return WithParameters(json, parameters) is { IsEmpty: false } whole
            ? new RequestShape { Id = id, IsNotification = !hasId, IsCancellation = isCancellation, Json = whole }
            : parameters is { Type: JsonTokenType.StartArray }
            ? Wrong(ControlErrorCode.InvalidParameters, "The parameters are an object with a member for each, not an array.", id)
            : Wrong(ControlErrorCode.InvalidRequest, "The 'params' of a request are an object.", id);
    }

    private static RequestId? IdOf(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var number) => new RequestId(number),
        JsonTokenType.String when reader.ValueSpan.Length <= MaxIdLength => new RequestId(reader.GetString()),
        _ => null,
    };

    // An empty array and null count as no parameters. Anything else that is not an object is an error.
    private static ReadOnlyMemory<byte> WithParameters(byte[] json, (int Start, int End, JsonTokenType Type)? parameters) => parameters switch
    {
        null => Spliced(json, Array.LastIndexOf(json, (byte)'}'), json.Length, AddedParameters),
        { Type: JsonTokenType.StartObject } => json,
        { Type: JsonTokenType.Null } found => Spliced(json, found.Start, found.End, EmptyParameters),
        { Type: JsonTokenType.StartArray } found when json.AsSpan(found.Start + 1, found.End - found.Start - 2).Trim(" \t\r\n"u8).IsEmpty =>
            Spliced(json, found.Start, found.End, EmptyParameters),
        _ => ReadOnlyMemory<byte>.Empty,
    };

    private static ReadOnlyMemory<byte> Spliced(byte[] json, int start, int end, byte[] inserted) =>
        (byte[])[.. json.AsSpan(0, start), .. inserted, .. json.AsSpan(end)];

    private static RequestShape Wrong(int code, string message) => Wrong(code, message, RequestId.NotSpecified);

    private static RequestShape Wrong(int code, string message, RequestId id) => new() { Error = new ControlFault(code, message), Id = id };
}
