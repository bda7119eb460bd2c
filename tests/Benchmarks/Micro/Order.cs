namespace MultiProc.Benchmarks.Micro;

/// <summary>A record as applications have them.</summary>
public sealed record Order(int Id, string Customer, DateTime Placed, decimal Amount, string[] Lines)
{
    public static List<Order> Many(int count) =>
    [
        .. Enumerable.Range(0, count).Select(static i => new Order(
            i, "customer " + i, new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMinutes(i), i * 1.25m, ["line " + i, "another line"])),
    ];
}
