using System.Text.Json;
using MultiProc.Json;
using MultiProc.Protocol.Control;

namespace MultiProc.Control;

/// <summary>The conversion between exceptions and errors of the control protocol.</summary>
internal static class ControlFailures
{
    /// <summary>Converts the exception of a failed call into the error for the client.</summary>
    public static ControlFault Of(Exception exception) => exception switch
    {
        ControlFault fault => fault,
        PoolControlException refusal => new ControlFault((int)refusal.Error, refusal.Message),
        OperationCanceledException => new ControlFault(ControlErrorCode.Refused, "The pool is ending: the call was given up."),
        WorkerLostException lost => new ControlFault(ControlErrorCode.WorkerLost, lost.Message, Detail(lost) with
        {
            ExitCode = lost.ExitCode,
            Signal = lost.Signal,
            Slot = lost.Slot,
            ProcessId = lost.ProcessId,
            StandardErrorTail = lost.StandardErrorTail,
            Dump = lost.DumpPath,
        }),
        CallTimeoutException timeout => new ControlFault(ControlErrorCode.TimedOut, timeout.Message, Detail(timeout) with
        {
            Timeout = timeout.Timeout,
            StackTrace = timeout.RemoteStackTrace,
        }),
        _ => new ControlFault(ControlErrorCode.FunctionFailed, exception.Message, Detail(exception)),
    };

    /// <summary>Converts an error into the exception for the caller.</summary>
    public static Exception ToException(int code, string message, JsonElement? data)
    {
        var detail = Detail(data);
        var exception = New(code, message, detail);
        if (detail.Record is { } record)
        {
            exception.Data[RecordedCall.PathKey] = record;
        }

        return exception;
    }

    // The other side is not trusted: it may send anything.
    private static FailureDetail Detail(JsonElement? data)
    {
        try
        {
            return data?.Deserialize<FailureDetail>(ControlJson.Values) ?? new FailureDetail();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new FailureDetail();
        }
    }

    private static Exception New(int code, string message, FailureDetail detail) =>
        code switch
        {
            ControlErrorCode.FunctionFailed => new RemoteException(detail.Type, message, detail.StackTrace),
            ControlErrorCode.WorkerLost => new WorkerLostException(message)
            {
                ExitCode = detail.ExitCode,
                Signal = detail.Signal,
                Slot = detail.Slot ?? 0,
                ProcessId = detail.ProcessId ?? 0,
                StandardErrorTail = detail.StandardErrorTail ?? "",
                DumpPath = detail.Dump,
            },
            ControlErrorCode.TimedOut => new CallTimeoutException(message) { Timeout = detail.Timeout ?? default, RemoteStackTrace = detail.StackTrace },
            _ when Enum.IsDefined((PoolControlError)code) => new PoolControlException((PoolControlError)code, message),
            _ => new PoolControlException(PoolControlError.Other, message),
        };

    private static FailureDetail Detail(Exception exception) => new()
    {
        Type = (exception as RemoteException)?.RemoteTypeName ?? exception.GetType().FullName ?? "",
        StackTrace = (exception as RemoteException)?.RemoteStackTrace ?? exception.StackTrace ?? "",
        Record = exception.Data[RecordedCall.PathKey] as string,
    };
}
