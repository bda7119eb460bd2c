using Humanizer;

namespace MultiProc.PlugIns;

/// <summary>What the specs call by reflection, as an application does that knows nothing of its plug-ins but a name.</summary>
public static class PlugIn
{
    /// <summary>Calls of all kinds from a pool of the application's.</summary>
    public static async Task<string> CallAsync(object applicationsPool)
    {
        var pool = (IProcessPool)applicationsPool;
        var order = new Order("x", 2, new Note("first"));
        var doubled = await pool.ApplyAsync(static (Order order) => order with { Count = order.Count * 2 }, order);
        var boxed = await pool.RunAsync(object () => new Order("boxed", order.Count, order.Note));
        var many = await pool.MapAsync(static (Order order) => order.Note, Enumerable.Range(0, 20).Select(number => new Order("y", number, new Note($"n{number}"))));
        var thrown = "";
        try
        {
            await pool.RunAsync(static () => { throw new PlugInException("broken") { Order = new Order("bad", 0, null) }; });
        }
        catch (PlugInException exception)
        {
            thrown = $"{exception.Message} {exception.Order?.Name}";
        }

        return $"{doubled} {(Order)boxed} {many.Length} {many[^1]} {thrown}";
    }

    /// <summary>A map that fails; its failure leaves this assembly.</summary>
    public static async Task<string> FailInMapAsync(object applicationsPool)
    {
        var notes = await ((IProcessPool)applicationsPool).MapAsync(
            static (Order order) => order.Count % 2 == 0 ? order.Note : throw new PlugInException("odd") { Order = order },
            Enumerable.Range(0, 4).Select(static number => new Order("z", number, new Note("n"))));
        return $"{notes.Length}";
    }

    /// <summary>The same with a pool of its own.</summary>
    public static async Task<string> CallFromOwnPoolAsync()
    {
        await using var pool = await ProcessPool.StartAsync(1);
        return await CallAsync(pool);
    }

    /// <summary>Which version of its package a worker has.</summary>
    public static Task<string> PackageInWorkerAsync(object applicationsPool) => ((IProcessPool)applicationsPool).RunAsync(
        static () => $"{"one thing".Pascalize()} {typeof(StringHumanizeExtensions).Assembly.GetName().Version!.ToString(2)}");

    /// <summary>For a call that the application makes.</summary>
    public static int Twice(int number) => 2 * number;
}

public sealed record Order(string Name, int Count, Note? Note);

public sealed record Note(string Text);

public sealed class PlugInException(string message) : Exception(message)
{
    public Order? Order { get; init; }
}
