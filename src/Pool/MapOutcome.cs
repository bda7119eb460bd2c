namespace MultiProc;

/// <summary>How one item of a settled map ended.</summary>
/// <typeparam name="TResult">The function's result type.</typeparam>
/// <param name="Value">The function's result; the default value when it failed.</param>
/// <param name="Error">What the item failed with; null when it succeeded.</param>
public readonly record struct MapOutcome<TResult>(TResult? Value, Exception? Error)
{
    /// <summary>Whether <see cref="Value"/> is the function's result.</summary>
    public bool IsSuccess => Error is null;
}
