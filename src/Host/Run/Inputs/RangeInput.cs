using System.Globalization;
using System.Runtime.CompilerServices;

namespace MultiProc.Host.Run.Inputs;

/// <summary>The whole numbers from A up to, without, B - as <c>A..B</c> means in C#.</summary>
internal sealed class RangeInput(long start, long end) : IInput
{
    /// <summary>Reads <c>A..B</c>; null when the text is not of that form.</summary>
    public static RangeInput? Parse(string text) =>
        text.Split("..") is [var first, var second] && Number(first) is { } start && Number(second) is { } end && start <= end
            ? new RangeInput(start, end)
            : null;

    public async IAsyncEnumerable<InputItem> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = start; number < end && !cancellationToken.IsCancellationRequested; number++)
        {
            yield return new InputItem(number, number.ToString(CultureInfo.InvariantCulture));
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    public Task<long?> CountAsync(CancellationToken cancellationToken) => Task.FromResult<long?>(end - start);

    public string Identity => string.Create(CultureInfo.InvariantCulture, $"{start}..{end}");

    public string Label(InputItem item) => Place(item);

    public string Place(InputItem item) => string.Create(CultureInfo.InvariantCulture, $"number {item.Number}");

    public void Dispose()
    {
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
