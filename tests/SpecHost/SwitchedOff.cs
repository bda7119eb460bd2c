using System.Runtime.CompilerServices;
using System.Text.Json;
using MessagePack;

namespace MultiProc.SpecHost;

/// <summary>What a host does that was started as file-based apps are: without dynamic code, and without JSON by reflection.</summary>
internal static class SwitchedOff
{
    public static async Task<string> TellAsync()
    {
        await using var pool = await ProcessPool.StartAsync(new ProcessPoolOptions { Processes = 1 });
        var who = "a worker";
        var orders = Enumerable.Range(0, 3).Select(number => new Order(number, $"n{number}", Kind.Minus, (number, null), new Part { Weight = number })).ToList();
        var inHost = RuntimeFeature.IsDynamicCodeSupported;
        var captured = await pool.RunAsync(() => $"{who} {Environment.ProcessId} {RuntimeFeature.IsDynamicCodeSupported}");
        var back = await pool.ApplyAsync(static (List<Order> orders) => orders.ConvertAll(order => order with { Number = order.Number + 1 }), orders);
        var contract = await pool.ApplyAsync(
            static (Contract contract) => new Contract { Id = contract.Id + 1, Names = [.. contract.Names, "more"], Hidden = 5 },
            new Contract { Id = 1, Names = ["one"], Hidden = 3 });
        var boxed = (Order)await pool.RunAsync(object () => new Order(7, who, Kind.Minus, (1, "x"), default));
        var failure = "";
        try
        {
            await pool.RunAsync(static () => throw new OrderException("broken") { Order = new Order(1, "bad", Kind.Minus, (0, null), default) });
        }
        catch (OrderException exception)
        {
            failure = $"{exception.Message} {exception.Order?.Name}";
        }

        await using var connection = await PoolConnection.ConnectAsync(pool.Describe().Address);
        var info = await connection.DescribeAsync();
        return string.Join('\n',
            $"dynamic {inHost} {captured.EndsWith(" True", StringComparison.Ordinal)}, json {JsonSerializer.IsReflectionEnabledByDefault}",
            string.Join(' ', back), $"{contract.Id} {string.Join('+', contract.Names)} {contract.Hidden}", $"{boxed}", failure,
            $"{info.ProcessId == Environment.ProcessId} {info.Workers.Single().State} {JsonDocument.Parse(info.ToJson()).RootElement.GetProperty("workers")[0].GetProperty("state")}");
    }

    internal enum Kind : sbyte
    {
        Minus = -1,
    }

    internal sealed record Order(int Number, string Name, Kind Kind, (int, string?) Pair, Part Part);

    internal struct Part
    {
        public double Weight { get; set; }

        public DateTime? Made { get; set; }

        public override readonly string ToString() => $"{Weight}";
    }

    [MessagePackObject]
    internal sealed class Contract
    {
        [Key(0)]
        public int Id { get; init; }

        [Key(2)]
        public string[] Names { get; init; } = [];

        [IgnoreMember]
        public int Hidden { get; init; }
    }

    private sealed class OrderException(string message) : Exception(message)
    {
        public Order? Order { get; init; }
    }
}
