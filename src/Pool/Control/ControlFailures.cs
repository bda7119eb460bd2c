using System.Text.Json;
using MultiProc.Protocol.Control;

namespace MultiProc.Control;

/// <summary>Failures as errors on a control pipe, and back.</summary>
internal static class ControlFailures
{
    /// <summary>What a client is told of a call that failed.</summary>
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
        }),
        CallTimeoutException timeout => new ControlFault(ControlErrorCode.TimedOut, timeout.Message, Detail(timeout) with
        {
            Timeout = timeout.Timeout,
            StackTrace = timeout.RemoteStackTrace,
        }),
        _ => new ControlFault(ControlErrorCode.FunctionFailed, exception.Message, Detail(exception)),
    };

    /// <summary>What the caller is told of an error.</summary>
    public static Exception ToException(int code, string message, JsonElement? data)
    {
        var detail = data?.Deserialize<FailureDetail>(ControlLink.Json) ?? new FailureDetail();
        return code switch
        {
            ControlErrorCode.FunctionFailed => new RemoteException(detail.Type, message, detail.StackTrace),
            ControlErrorCode.WorkerLost => new WorkerLostException(message)
            {
                ExitCode = detail.ExitCode,
                Signal = detail.Signal,
                Slot = detail.Slot ?? 0,
                ProcessId = detail.ProcessId ?? 0,
                StandardErrorTail = detail.StandardErrorTail ?? "",
            },
            ControlErrorCode.TimedOut => new CallTimeoutException(message) { Timeout = detail.Timeout ?? default, RemoteStackTrace = detail.StackTrace },
            _ when Enum.IsDefined((PoolControlError)code) => new PoolControlException((PoolControlError)code, message),
            _ => new PoolControlException(PoolControlError.Other, message),
        };
    }

    private static FailureDetail Detail(Exception exception) => exception is RemoteException remote
        ? new FailureDetail { Type = remote.RemoteTypeName, StackTrace = remote.RemoteStackTrace }
        : new FailureDetail { Type = exception.GetType().FullName ?? "", StackTrace = exception.StackTrace ?? "" };
}
