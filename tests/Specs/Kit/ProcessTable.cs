using System.Globalization;

namespace MultiProc.Specs.Kit;

/// <summary>Processes as <c>/proc</c> shows them, without what has ended and only waits for its parent to ask.</summary>
internal static class ProcessTable
{
    public static bool IsAlive(int process) => Parent(process) is not null;

    /// <summary>All that descend from a process, and the workers that name it as their host (orphans have another parent).</summary>
    public static HashSet<int> Below(int root)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(static path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(static id => id > 0)
            .Select(static id => (Id: id, Parent: Parent(id)))
            .Where(static process => process.Parent is not null)
            .ToList();
        var children = all.ToLookup(static process => process.Parent!.Value, static process => process.Id);
        var found = new HashSet<int>();
        var open = new Stack<int>(children[root]);
        foreach (var (id, _) in all)
        {
            if (CommandLine(id).Split(' ').Contains("--host=" + root))
            {
                open.Push(id);
            }
        }

        while (open.TryPop(out var id))
        {
            if (found.Add(id))
            {
                Array.ForEach([.. children[id]], open.Push);
            }
        }

        return found;
    }

    public static string CommandLine(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline").Replace('\0', ' ').Trim();
        }
        catch (IOException)
        {
            return "";
        }
    }

    /// <summary>When a process began, in ticks since the machine did: with its number, this tells it from every other one. Empty when it has ended.</summary>
    public static string StartOf(int process) => Fields(process) is { } fields ? fields[19] : "";

    /// <summary>The parent; null when the process has ended.</summary>
    private static int? Parent(int process) => Fields(process) is { } fields ? int.Parse(fields[1], CultureInfo.InvariantCulture) : null;

    /// <summary>Of its status, from the state on; null when it has ended.</summary>
    private static string[]? Fields(int process)
    {
        try
        {
            // The name in parentheses may hold anything; the state and the parent follow it.
            var text = File.ReadAllText($"/proc/{process}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : fields;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
