using System.Globalization;
using Spectre.Console;

namespace MultiProc.Host.View;

/// <summary>The workers as a table that is never wider than the screen: a narrow one has fewer columns, and the name of a call loses its beginning.</summary>
internal static class WorkerTable
{
    private const int Wide = 110;
    private const int Narrow = 60;
    private const int Gap = 2;
    private const string Worker = "WORKER";
    private const string Process = "PID";
    private const string State = "STATE";
    private const string For = "FOR";
    private const string Done = "DONE";
    private const string Memory = "MEM";
    private const string Processor = "CPU";
    private const string Restarts = "RESTARTS";
    private const string Debugger = "DEBUGGER";
    private const string Call = "CALL";

    public static Style Dim { get; } = new(decoration: Decoration.Dim);

    /// <param name="workers">The workers to show.</param>
    /// <param name="processors">Processors in use by each worker process, by process id.</param>
    /// <param name="width">Columns of the screen.</param>
    public static Table Of(IReadOnlyList<WorkerInfo> workers, IReadOnlyDictionary<int, double> processors, int width)
    {
        var isWide = width >= Wide;
        string[] columns = isWide ? [Worker, Process, State, For, Done, Memory, Processor, Restarts, Debugger]
            : width >= Narrow ? [Worker, Process, State, For, Done, Memory, Processor]
            : [Worker, State, For, Done];
        var rows = workers.Select(worker => columns.Select(column => Cell(worker, column, processors, isWide)).ToArray()).ToArray();
        var used = columns.Select((column, index) => rows.Select(row => row[index].Length).Append(column.Length).Max() + Gap).Sum();

        var table = new Table().NoBorder().Collapse();
        foreach (var column in columns.Append(Call))
        {
            table.AddColumn(new TableColumn(new Text(column, Dim))
            {
                NoWrap = true,
                Padding = new Padding(0, 0, column == Call ? 0 : Gap, 0),
                Alignment = column is Worker or State or Call ? Justify.Left : Justify.Right,
            });
        }

        foreach (var (worker, row) in workers.Zip(rows))
        {
            var cells = row.Select((cell, index) => new Text(cell, columns[index] == State ? StyleOf(worker) : Style.Plain));
            table.AddRow(cells.Append(new Text(Cells.Fit(TerminalText.Line(worker.CurrentCall ?? ""), Math.Max(0, width - used)))));
        }

        return table;
    }

    private static string Cell(WorkerInfo worker, string column, IReadOnlyDictionary<int, double> processors, bool isWide) => column switch
    {
        Worker => Cells.Text(worker.Name),
        Process => worker.ProcessId.ToString(CultureInfo.InvariantCulture),
        State => worker.State == WorkerState.WaitingForDebugger ? "waiting"
            : worker.DebuggerAttached && !isWide ? "debugged"
            : Cells.State(worker),
        For => worker.CurrentCallElapsed is { } elapsed ? Cells.Time(elapsed) : "-",
        Done => Cells.Count(worker.CallsCompleted),
        Memory => Cells.Bytes(worker.WorkingSetBytes),
        Processor => processors.TryGetValue(worker.ProcessId, out var used) ? used.ToString("0%", CultureInfo.InvariantCulture) : "-",
        Restarts => Cells.Count(worker.Restarts),
        _ => worker.State == WorkerState.WaitingForDebugger ? "awaited" : worker.DebuggerAttached ? "attached" : "-",
    };

    private static Style StyleOf(WorkerInfo worker) => worker.State switch
    {
        WorkerState.Busy => new Style(Color.Green),
        WorkerState.Idle => Style.Plain,
        WorkerState.WaitingForDebugger => new Style(Color.Yellow),
        _ => new Style(Color.Blue),
    };
}
