using MultiProc.Protocol.Memory;
using MultiProc.Protocol.Messages;
using MultiProc.Protocol.Rpc;

namespace MultiProc.Worker.Calls;

/// <summary>The handler of the host's messages to a worker. Runs on the link's thread.</summary>
/// <param name="link">The link to the host.</param>
/// <param name="inbox">Receives work.</param>
/// <param name="reports">Receives credit.</param>
/// <param name="runner">The runner of the work.</param>
/// <param name="buildCheck">Receives answers about builds.</param>
/// <param name="results">The shared memory for large results; null: they are sent.</param>
/// <param name="assign">Assigns a slot and a name to a standby worker.</param>
internal sealed class Requests(WorkerLink link, Inbox inbox, CreditWindow reports, UnitRunner runner, BuildCheck buildCheck, SharedBufferPool? results, Action<int, string> assign)
{
    public void Handle(ref IncomingMessage message)
    {
        switch (message.Method)
        {
            case Methods.Run:
                inbox.Add(message.ReadUnits());
                break;
            case Methods.Recall:
                inbox.Recall(message.ReadInt64s());
                break;
            case Methods.Cancel:
                inbox.Cancel(message.ReadInt64(), message.ReadInt32(), message.ReadInt32());
                break;
            case Methods.Credit:
                reports.Return(message.ReadInt32(), message.ReadInt64());
                break;
            case Methods.Free:
                foreach (var block in message.ReadInt64s())
                {
                    results?.Free(block);
                }

                break;
            case Methods.Ping:
                link.Answer(message.Id, Environment.ProcessId);
                break;
            case Methods.Compilation:
                link.Answer(message.Id, runner.CompilationSinceCall.Ticks);
                break;
            case Methods.Initialize:
                // The host waits for the answer before it sends anything else.
                var id = message.Id;
                inbox.Initialize(message.ReadBytes(), message.ReadBytes(), message.ReadBytes(), result => link.Answer(id, result));
                break;
            case Methods.Assign:
                assign(message.ReadInt32(), message.ReadText());
                break;
            case Methods.Judged:
                buildCheck.OnAnswered(message.ReadInt32() != 0);
                break;
            case Methods.Shutdown:
                inbox.Close();
                break;
            default:
                link.AnswerMethodNotFound(message);
                break;
        }
    }
}
