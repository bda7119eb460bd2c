namespace MultiProc.Host.Run.Inputs;

/// <summary>Where the arguments of many calls come from.</summary>
internal interface IInput : IDisposable
{
    /// <summary>The items, read as they are needed.</summary>
    IAsyncEnumerable<InputItem> ReadAsync(CancellationToken cancellationToken);

    /// <summary>How many items there will be; null when nobody can know.</summary>
    Task<long?> CountAsync(CancellationToken cancellationToken);

    /// <summary>What it is, for a job log: a path, a range, or <c>-</c>.</summary>
    string Identity { get; }

    /// <summary>Where an item stands, such as <c>line 3</c>.</summary>
    string Place(InputItem item);

    /// <summary>Where it stands and what it is, such as <c>line 3: "abc"</c>.</summary>
    string Label(InputItem item);
}
