using System.Text.Json;
using MultiProc.Benchmarks.Measuring;

namespace MultiProc.Benchmarks.Report;

/// <summary>What was measured, kept beside the page: one file for each row, so that rows can be measured one by one.</summary>
internal static class Results
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Folder { get; } = Path.Combine(Repository.Root, "docs", "performance");

    public static void Save(Row row, RowResult result)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(PathOf(row), JsonSerializer.Serialize(result, Readable) + "\n");
    }

    /// <summary>The row's last result; null when it was never measured.</summary>
    public static RowResult? Load(Row row) =>
        File.Exists(PathOf(row)) ? JsonSerializer.Deserialize<RowResult>(File.ReadAllText(PathOf(row)), Readable) : null;

    private static string PathOf(Row row) => Path.Combine(Folder, row.Name + ".json");
}
