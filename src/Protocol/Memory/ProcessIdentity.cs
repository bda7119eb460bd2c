using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace MultiProc.Protocol.Memory;

/// <summary>
/// The identity of a process, which no later process with the same id shares: the id and a digest of the start time, in
/// one word.
/// </summary>
/// <remarks>One word, so that shared memory can hold and compare-exchange it; never zero for a process.</remarks>
internal readonly record struct ProcessIdentity(ulong Value)
{
    private const int NoSuchProcess = 3;

    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = new(Compose(Environment.ProcessId, StartOf(Environment.ProcessId) ?? 0));

    /// <summary>The operating system's process id.</summary>
    public int ProcessId => (int)(Value >> 32);

    /// <summary>Whether any of its threads may still run. True when in doubt.</summary>
    public bool IsAlive
    {
        get
        {
            try
            {
                return this == Current || (Value != 0 && StartOf(ProcessId) is { } start && Compose(ProcessId, start) == Value);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
            {
                // Access is denied, or no descriptor is left. It would be worse to take a live holder for dead.
                return true;
            }
        }
    }

    /// <summary>
    /// The identity of a running process; null when there is none with that id, or it cannot be read.
    /// </summary>
    public static ProcessIdentity? TryGet(int processId)
    {
        try
        {
            return StartOf(processId) is { } start ? new ProcessIdentity(Compose(processId, start)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            return null;
        }
    }

    private static ulong Compose(int processId, uint start) => ((ulong)(uint)processId << 32) | start;

    /// <summary>The low bits of the start time; null when no such process runs.</summary>
    private static uint? StartOf(int processId) => OperatingSystem.IsLinux() ? StartOnLinux(processId) : StartElsewhere(processId);

    private static uint? StartOnLinux(int processId)
    {
        string text;
        try
        {
            text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException || e.HResult == NoSuchProcess)
        {
            return null; // not found, or ended while it was being read
        }

        // The name before the last parenthesis may contain anything, so fields are counted from there. The state is the
        // third field of the line, the number of threads the 20th, the start time the 22nd.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');

        // A killed process stays a zombie until its parent reaps it. Its first thread can be one while others still
        // run.
        var isZombie = fields[0] is "Z" or "X" && fields[17] is "0" or "1";
        return isZombie ? null : unchecked((uint)ulong.Parse(fields[19], CultureInfo.InvariantCulture));
    }

    private static uint? StartElsewhere(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.HasExited ? null : unchecked((uint)(process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerMillisecond));
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null; // not found, or ended in between
        }
    }
}
