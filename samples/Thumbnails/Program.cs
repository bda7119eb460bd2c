using MultiProc;
using Thumbnails;

using var album = Album.Create(count: 300);
string[] pictures = Directory.GetFiles(album.Pictures);
string folder = album.Thumbnails;

await using var pool = await ProcessPool.StartAsync();
var options = new MapOptions { Progress = new ConsoleProgress() };
List<Thumbnail> made = [];
var failed = 0;

// As they are finished, and on past a picture that cannot be read.
await foreach (var outcome in pool.MapSettledStreamUnorderedAsync(picture => Thumbnail.Make(picture, folder), pictures, options))
{
    if (outcome is { IsSuccess: true, Value: { } thumbnail })
    {
        made.Add(thumbnail);
    }
    else
    {
        failed++;
        Console.WriteLine($"skipped: {outcome.Error!.Message}");
    }
}

var bytes = made.Sum(static thumbnail => new FileInfo(thumbnail.Path).Length);
Console.WriteLine($"{made.Count} thumbnails of {made[0].Width} x {made[0].Height} pixels ({bytes / 1024:N0} KB)"
    + $" by {made.DistinctBy(static thumbnail => thumbnail.ProcessId).Count()} workers; {failed} skipped.");
return failed == 1 && Directory.GetFiles(folder).Length == made.Count ? 0 : 1;
