using MultiProc;
using WordCount;

var folder = args.FirstOrDefault() ?? "/usr/share/common-licenses";
if (!Directory.Exists(folder))
{
    Console.Error.WriteLine($"There is no folder {folder}. Usage: WordCount FOLDER");
    return 2;
}

var files = Directory.GetFiles(folder);
if (files.Length == 0)
{
    Console.Error.WriteLine($"There are no files in {folder}. Usage: WordCount FOLDER");
    return 2;
}

await using var pool = await ProcessPool.StartAsync();
var counts = await pool.MapReduceAsync(Counter.CountEach, Counter.Add, files);
foreach (var (word, count) in counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(10))
{
    Console.WriteLine($"{count,8:N0}  {word}");
}

return 0;
